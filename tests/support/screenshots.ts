// Takes the pictures of docs/images from the running product with its sample:
// `node tests/support/screenshots.ts`. Look at them before you keep them.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { chromium, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";

import { startApp } from "../e2e/support/app.ts";
import setup from "../e2e/support/build.ts";
import { systemChromium } from "./chromium.ts";

const TO = join(import.meta.dirname, "../../docs/images");

const DESKTOP = { viewport: { width: 1280, height: 900 }, colorScheme: "light" } as const;
const DARK = { ...DESKTOP, colorScheme: "dark" } as const;
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: "light" } as const;

async function open(browser: Browser, options: BrowserContextOptions, url: string): Promise<Page> {
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "Etc/UTC",
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  await page.goto(url);
  // the first poll is in: relative times stand where the server's HTML had absolute ones
  await page.waitForLoadState("networkidle");
  return page;
}

async function take(page: Page, name: string, fullPage = false): Promise<void> {
  await page.screenshot({ path: join(TO, `${name}.png`), fullPage });
  process.stdout.write(`docs/images/${name}.png\n`);
  await page.context().close();
}

async function main(): Promise<void> {
  await mkdir(TO, { recursive: true });
  await setup();
  const app = await startApp({ sample: true });
  const browser = await chromium.launch({
    ...systemChromium(),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    // the sample's opening: a component behind the proxy answers 502 within half a minute
    const page = await open(browser, DESKTOP, app.url);
    await page.locator(".row-fault", { hasText: "502 Bad Gateway" }).first().waitFor({ timeout: 130_000 });
    const broken = await page
      .locator(".row", { hasText: "502 Bad Gateway" })
      .getByRole("link")
      .first()
      .getAttribute("href");
    await take(page, "status-light-1280");
    await take(await open(browser, DARK, app.url), "status-dark-1280");
    await take(await open(browser, PHONE, app.url), "status-light-390");
    await take(await open(browser, DESKTOP, `${app.url}${broken ?? "/"}`), "component-light-1280", true);
    await take(await open(browser, DESKTOP, `${app.url}/errors`), "errors-light-1280");
  } finally {
    await browser.close();
    await app.stop();
  }
}

await main();
