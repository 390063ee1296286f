import { existsSync } from "node:fs";

import { defineConfig } from "@playwright/test";

// Debian's chromium when it is there, otherwise the one that `npx playwright install chromium` brought
const SYSTEM_CHROMIUM = "/usr/bin/chromium";

const launchOptions = {
  ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
  args: [
    // the sandbox refuses to work for root, which is what containers run as
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};

/** Stories in a real browser against the real product: one build, then `bin/start.ts` a file. */
export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./tests/e2e/support/build.ts",
  outputDir: "test-results",
  // each file starts PostgreSQL, a web process and a worker of its own
  workers: 2,
  fullyParallel: false,
  // generous: a machine that is busy with other things must not fail a story
  timeout: 120_000,
  expect: { timeout: 10_000 },
  retries: 0,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
