import type { LiveState } from "#lib/public/types.ts";
import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";

import { startApp, type App } from "./support/app.ts";
import { expectAccessible, expectNoSidewaysScroll, outlineOfFocus } from "./support/axe.ts";
import { expect, test, type Page } from "./support/test.ts";

// one product for the file: the stories go on from each other's state
test.describe.configure({ mode: "serial" });

let app: App;
let api: FakeUpstream;
const ends: (() => Promise<void>)[] = [];

const yaml = (url: string): string => `
page: { name: Harbour Status, support: "https://help.example" }
components:
  - name: API
    group: Core
    description: What everything else talks to
    checks:
      - { name: front door, kind: http, url: "${url}", interval: 3s, timeout: 1s }
`;

test.beforeAll(async () => {
  api = await startFakeUpstream();
  ends.push(() => api.close());
  app = await startApp({ yaml: yaml(api.url) });
  ends.push(() => app.stop());
});

test.afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

const row = (page: Page) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "API" }) });
const banner = (page: Page) => page.getByRole("heading", { level: 1 });

test("all is well: the page says so, and says when it last looked", async ({ page }) => {
  await page.goto(app.url);
  await expect(row(page)).toContainText("Operational", { timeout: 30_000 });
  await expect(banner(page)).toHaveText("All Systems Operational");
  await expect(page.getByText(/^Checked (less than|about) a minute ago\.$/)).toBeVisible();
  await expect(page).toHaveTitle("All Systems Operational · Harbour Status");
  await expect(page.getByRole("link", { name: "Get help" })).toHaveAttribute("href", "https://help.example");
  expect(await page.context().cookies(), "a visitor gets no cookie").toEqual([]);
  await expectAccessible(page);
  for (const width of [360, 390, 1280, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    await expectNoSidewaysScroll(page);
  }
});

test("the days can be walked through by keyboard, pointer and tap", async ({ page }) => {
  await page.goto(app.url);
  const days = page.getByRole("slider", { name: /^API/ });
  await days.focus();
  await page.keyboard.press("End");
  await expect(days).toHaveAttribute("aria-valuetext", /: Operational$/);
  await page.keyboard.press("ArrowLeft");
  await expect(days).toHaveAttribute("aria-valuetext", /: No data$/);
  await expect(page.locator(".bar-label")).toContainText("No data");
  await page.keyboard.press("Escape");
  await expect(page.locator(".bar-label")).toHaveCount(0);
  const box = await days.boundingBox();
  if (box === null) throw new Error("the days are not visible");
  await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2);
  await expect(page.locator(".bar-label")).toContainText("Operational");
});

test("a failure appears on an open page by itself, and goes away again", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 700 });
  await page.goto(app.url);
  await expect(row(page)).toContainText("Operational");
  // what a reload would lose
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await page.getByText("How uptime is counted").click();

  api.behave("bad-gateway");
  await expect(row(page)).toContainText("Major outage", { timeout: 30_000 });
  await expect(row(page)).toContainText(
    /nginx answers 502 Bad Gateway since \d\d:\d\d \((less than a minute|\d+ min)\)/,
  );
  await expect(banner(page)).toHaveText("Major System Outage");
  await expect(page.getByText("It is us, not you.")).toBeVisible();
  await expect(row(page)).toContainText("Nobody can say yet how long it will last");
  await row(page).getByText("What you can do").click();
  await expect(row(page)).toContainText("it may or may not have gone through");
  await expect(page.locator("output.sr-only")).toHaveText("API: Major outage. Major System Outage.");
  await expectAccessible(page);

  const component = await page.context().newPage();
  await component.goto(`${app.url}/components/api`);
  await expect(component.getByRole("heading", { level: 1 })).toHaveText("API");
  await expect(component.getByText(/^Major outage since/)).toBeVisible();
  await expect(component.getByRole("heading", { name: "What is going on" })).toBeVisible();
  await expectAccessible(component);
  await component.close();

  api.behave("ok");
  await expect(row(page)).toContainText("Operational", { timeout: 30_000 });
  await expect(banner(page)).toHaveText("All Systems Operational");
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  // what the visitor had opened stays open
  await expect(page.getByText("Degraded performance counts as up")).toBeVisible();
});

test("a 504 is told from the 502, in the history as well", async ({ page }) => {
  await page.goto(app.url);
  api.behave("gateway-timeout");
  await expect(row(page)).toContainText("answers 504 Gateway Timeout", { timeout: 30_000 });
  api.behave("ok");
  await expect(row(page)).toContainText("Operational", { timeout: 30_000 });

  await page.goto(`${app.url}/errors`);
  const episodes = page.locator(".episode");
  await expect(episodes).toHaveCount(2, { timeout: 15_000 });
  await expect(episodes.nth(0)).toContainText("504 Gateway Timeout");
  await expect(episodes.nth(1)).toContainText("502 Bad Gateway");
  await expect(episodes.nth(1)).toContainText("answered by nginx");
  await expect(
    page.getByRole("img", { name: /^API, last 90 days: 502 in \d+ checks? on 1 day and 504 in/ }),
  ).toBeVisible();
  await page.getByText("By day").click();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 700 });
  await expectNoSidewaysScroll(page);
});

test("by keyboard: the skip link comes first, leads to the content, and the focus can be seen", async ({
  page,
}) => {
  await page.goto(app.url);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
  for (const target of [
    page.getByRole("link", { name: "API", exact: true }),
    page.getByRole("slider", { name: /^API/ }),
  ]) {
    await page.keyboard.press("Tab");
    await expect(target).toBeFocused();
    expect(await outlineOfFocus(page)).not.toBe("none");
  }
});

test("without fresh results the page claims nothing", async ({ page }) => {
  await page.route("**/api/live", async (route) => {
    const response = await route.fetch();
    const live = (await response.json()) as LiveState;
    await route.fulfill({ response, json: { ...live, freshness: { ...live.freshness, stale: true } } });
  });
  await page.goto(app.url);
  await expect(banner(page)).toHaveText("Current state unknown", { timeout: 20_000 });
  await expect(page.getByText(/^No check has reported since/)).toBeVisible();
  await expectAccessible(page);
});

test("a lost connection is said, and found again", async ({ page }) => {
  await page.goto(app.url);
  await expect(page.getByText(/^Checked/)).toBeVisible();
  await page.route("**/api/live", (route) => route.abort());
  await expect(page.getByText(/^Connection lost, retrying\. Last known as of \d\d:\d\d\.$/)).toBeVisible({
    timeout: 20_000,
  });
  await page.unroute("**/api/live");
  await expect(page.getByText(/^Checked/)).toBeVisible({ timeout: 20_000 });
});

test("a query string does not get past the page cache", async ({ request }) => {
  const tags = new Set<string>();
  // the body carries the moment of its rendering: rendered twice, it would differ
  for (let round = 0; round < 5; round += 1) {
    const answer = await request.get(`${app.url}/?${crypto.randomUUID()}=${round}`);
    expect(answer.status()).toBe(200);
    tags.add(answer.headers()["etag"] ?? `none ${round}`);
  }
  expect(tags.size).toBeLessThanOrEqual(2);
});

test("what does not exist says so", async ({ page }) => {
  const answer = await page.goto(`${app.url}/components/nothing-here`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such page");
  await expectAccessible(page);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the pages are complete, in UTC, and how to refresh them is said", async ({ page }) => {
    await page.goto(app.url);
    await expect(banner(page)).toHaveText("All Systems Operational");
    await expect(row(page)).toContainText("Operational");
    await expect(page.getByRole("img", { name: /^Last 90 days:.*Uptime/ })).toBeVisible();
    await expect(page.getByText(/^Checked at \d\d:\d\d\.$/)).toBeVisible();
    await expect(page.getByText("Times: UTC.")).toBeVisible();
    await expect(page.getByRole("link", { name: "Load the current state" })).toBeVisible();

    await page.getByRole("link", { name: "502/504 history" }).click();
    await expect(page.locator(".episode")).toHaveCount(2);
    await page.getByRole("link", { name: "API" }).click();
    await expect(page.getByRole("heading", { name: "Response times" })).toBeVisible();
    await expect(page.getByText("front door")).toBeVisible();
  });
});
