import { startApp, type App } from "./support/app.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./support/axe.ts";
import { expect, test, type Page } from "./support/test.ts";

let app: App;
let end: (() => Promise<void>) | undefined;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  app = await startApp({ sample: true });
  end = () => app.stop();
});

test.afterAll(() => end?.());

/** Waits for a component to answer with a code and returns its name. */
async function nameOfFailing(page: Page, words: string): Promise<string> {
  const row = page.locator(".row").filter({ hasText: words }).first();
  await expect(row).toBeVisible({ timeout: 130_000 });
  // its past is long enough for numbers
  await expect(row).toContainText(/Usually back in about .+ \(from \d+ earlier cases\)\./);
  await expect(row).toContainText("sample data");
  return (await row.getByRole("link").first().textContent()) ?? "";
}

test("a fresh start shows a 502 that comes and goes and a 504, all marked as sample data", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.goto(app.url);
  await expect(page.getByText("Sample data.", { exact: true })).toBeVisible();
  // which of the two comes first is the script's business
  const [bad, slow] = await Promise.all([
    nameOfFailing(page, "answers 502 Bad Gateway"),
    nameOfFailing(page, "answers 504 Gateway Timeout"),
  ]);
  expect(bad).not.toBe(slow);
  const failed = page.locator(".row").filter({ has: page.getByRole("link", { name: bad, exact: true }) });
  await expect(failed).toContainText("Operational", { timeout: 90_000 });
});

test("ninety days of history stand behind the sample", async ({ page }) => {
  await page.goto(app.url);
  const first = page.locator(".row").first();
  await expect(first.locator(".row-uptime")).toContainText("%");
  await expectAccessible(page);
});

test("the history of the sample tells 502 from 504", async ({ page }) => {
  await page.goto(`${app.url}/errors`);
  expect(await page.locator(".episode").count()).toBeGreaterThan(3);
  await expect(page.locator(".piece .c502").first()).toBeAttached();
  await expect(page.locator(".piece .c504").first()).toBeAttached();
  await expectAccessible(page);
  // a provider says of itself what it likes
  await page.setViewportSize({ width: 360, height: 700 });
  await page
    .locator(".episode-facts")
    .first()
    .evaluate((facts) => facts.append("x".repeat(300)));
  await expectNoSidewaysScroll(page);
});

test("a component of the sample has its charts", async ({ page }) => {
  await page.goto(app.url);
  await page.locator(".row").first().getByRole("link").first().click();
  await expect(page.locator(".chart .p50")).toHaveCount(2);
  await page.locator(".chart summary").first().click();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 700 });
  await expectNoSidewaysScroll(page);
});

test("an incident of the sample has a page of its own", async ({ page }) => {
  await page.goto(app.url);
  const link = page.locator('a[href^="/incidents/"]').first();
  const name = await link.textContent();
  await link.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name ?? "");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("sample data");
  await expectAccessible(page);
});

test("the document stays small and is complete in one piece", async ({ request }) => {
  const answer = await request.get(app.url, { headers: { "accept-encoding": "gzip" } });
  const html = await answer.text();
  expect(html).toContain("</html>");
  // links between public pages are plain: nothing is fetched ahead of a click
  expect(html).not.toContain("data-prefetch");
  const { gzipSync } = await import("node:zlib");
  expect(gzipSync(html).length).toBeLessThan(15_000);
});
