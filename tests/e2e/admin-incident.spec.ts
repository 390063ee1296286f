import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";

import { addComponent, newPage, PHONE, setUp } from "./support/admin.ts";
import { startApp, type App } from "./support/app.ts";
import { expectAccessible, expectNoSidewaysScroll, outlineOfFocus } from "./support/axe.ts";
import { expect, test, type Locator, type Page } from "./support/test.ts";

// one product for the file: the stories go on from each other's state
test.describe.configure({ mode: "serial" });
test.use({ viewport: PHONE });

let app: App;
let upstream: FakeUpstream;
let owner: Page;
let visitor: Page;
let incidentUrl: string;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000);
  upstream = await startFakeUpstream();
  app = await startApp();
  owner = await newPage(browser);
  visitor = await newPage(browser);
  await setUp(owner, app);
});
test.afterAll(async () => {
  await owner.context().close();
  await visitor.context().close();
  await app.stop();
  await upstream.close();
});

/** A moment from now as a local time of the page's zone, which is UTC. */
const local = (offsetMs: number): string => new Date(Date.now() + offsetMs).toISOString().slice(0, 16);

/** The component's row on the public page. */
const row = (page: Page) =>
  page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Checkout", exact: true }) });

/** A mark that a reload would wipe out. */
async function markPage(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""));
}
async function expectNotReloaded(page: Page): Promise<void> {
  await expect(page.locator("html[data-not-reloaded]")).toHaveCount(1);
}

test("a page on which nothing is watched says so", async () => {
  await visitor.goto(app.url);
  await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("Nothing is watched yet");
  await expectAccessible(visitor);
});

test("a component with a check that is tried out before it is saved", async () => {
  await addComponent(owner, app, "Checkout");
  await owner.getByRole("link", { name: "Add check" }).click();
  await owner.getByLabel("Name", { exact: true }).fill("front door");
  await owner.getByLabel("Address").fill(upstream.url);
  await owner.getByLabel("Every").fill("10");
  await owner.getByLabel("Time-out").fill("2");

  upstream.behave("bad-gateway");
  await owner.getByRole("button", { name: "Test now" }).click();
  const result = owner.getByRole("region", { name: "Test result" });
  await expect(result).toContainText("502 Bad Gateway");
  await expect(result.getByRole("row", { name: /^Connect <?\d+ ms/ })).toBeVisible();
  await expect(owner.getByLabel("Address")).toHaveValue(upstream.url);
  await expectAccessible(owner);

  upstream.behave("ok");
  await owner.getByRole("button", { name: "Test now" }).click();
  await expect(result).toContainText("Up");

  await owner.getByLabel("Every").fill("1");
  await owner.getByRole("button", { name: "Save check" }).click();
  await expect(owner.getByText("must not be longer than the interval")).toBeVisible();
  await owner.getByLabel("Every").fill("10");
  await owner.getByRole("button", { name: "Save check" }).click();
  await expect(owner.getByRole("link", { name: /front door/ })).toBeVisible();
});

test("six taps and one text field from the start page to an incident that visitors see without reload", async () => {
  await visitor.goto(app.url);
  await expect(visitor.getByRole("link", { name: "Checkout" })).toBeVisible();
  await markPage(visitor);

  await owner.goto(`${app.url}/admin`);
  let taps = 0;
  const tap = async (target: ReturnType<Page["getByRole"]>): Promise<void> => {
    taps += 1;
    await target.click();
  };
  await tap(owner.getByRole("link", { name: "Post incident" }));
  await tap(owner.getByLabel("What is wrong"));
  await owner.keyboard.type("Checkout fails for some visitors");
  // a native list: one tap opens it, one chooses
  taps += 2;
  await owner.getByLabel("Checkout", { exact: true }).selectOption("Partial outage");
  await tap(owner.getByRole("button", { name: "Publish incident" }));
  await expect(owner.getByText("Published: visitors see it now.")).toBeVisible();
  expect(taps).toBeLessThanOrEqual(6);
  incidentUrl = owner.url();

  await expect(visitor.getByText("Checkout fails for some visitors").first()).toBeVisible({
    timeout: 30_000,
  });
  await expect(row(visitor)).toContainText("Partial outage");
  await expectAccessible(visitor);
  await expectNotReloaded(visitor);
});

test("an incident can be written by keyboard alone, from top to bottom", async () => {
  await owner.goto(`${app.url}/admin/incidents/new`);
  await owner.getByLabel("What is wrong").focus();
  const next = async (target: Locator): Promise<void> => {
    await owner.keyboard.press("Tab");
    await expect(target).toBeFocused();
    expect(await outlineOfFocus(owner), "the focus can be seen").not.toBe("none");
  };
  await next(owner.getByLabel("Checkout", { exact: true }));
  await next(owner.getByRole("radio", { name: "Investigating" }));
  await owner.keyboard.press("ArrowRight");
  await expect(owner.getByRole("radio", { name: "Identified" })).toBeChecked();
  await next(owner.getByLabel("Message"));
  await next(owner.getByRole("button", { name: "Publish incident" }));
});

test("two people at one incident: the second is told, sees the other's words, and keeps their own", async () => {
  const second = await owner.context().newPage();
  await second.goto(incidentUrl);
  await second.getByLabel("Message").fill("My own words");
  await second.getByText("Monitoring", { exact: true }).click();

  await owner.goto(incidentUrl);
  await owner.getByText("Identified", { exact: true }).click();
  await owner.getByLabel("Message").fill("The **payment provider** rejects cards.");
  await owner.getByRole("button", { name: "Publish update" }).click();
  await expect(owner.getByRole("listitem").filter({ hasText: "Identified" })).toContainText(
    "payment provider",
  );
  await expect(owner.getByLabel("Message")).toHaveValue("");

  await second.getByRole("button", { name: "Publish update" }).click();
  await expect(
    second.getByRole("alert").filter({ hasText: "Somebody else changed this incident" }),
  ).toBeVisible();
  await expect(second.getByRole("listitem").filter({ hasText: "Identified" })).toContainText(
    "payment provider",
  );
  await expect(second.getByLabel("Message")).toHaveValue("My own words");
  await expect(second.getByRole("radio", { name: "Monitoring" })).toBeChecked();
  await expectAccessible(second);
  await second.getByRole("button", { name: "Publish update" }).click();
  await expect(second.getByRole("listitem").filter({ hasText: "Monitoring" })).toContainText("My own words");
  await second.close();
});

test("resolved: the component is released and the visitor sees it", async () => {
  await owner.goto(incidentUrl);
  await owner.getByText("Resolved", { exact: true }).click();
  await owner.getByLabel("Message").fill("Cards are accepted again.");
  await owner.getByRole("button", { name: "Publish update" }).click();
  await expect(owner.getByText("Checkout: Partial outage → Operational")).toBeVisible();
  await expect(owner.getByRole("heading", { name: "Look back, or open again" })).toBeVisible();
  await expect(row(visitor)).toContainText("Operational", { timeout: 30_000 });
  await expect(visitor.getByText("Major impact · Resolved").first()).toBeVisible({ timeout: 30_000 });
  await expectNotReloaded(visitor);
});

test("a maintenance that is due begins by itself, and visitors see it", async () => {
  await owner.goto(`${app.url}/admin/maintenance/new`);
  await owner.getByLabel("What is going to happen").fill("Database upgrade");
  await owner.getByLabel("Start").fill(local(-60_000));
  await owner.getByLabel("End").fill(local(-120_000));
  await owner.getByText("Checkout").click();
  await owner.getByRole("button", { name: "Schedule maintenance" }).click();
  await expect(owner.getByText("The end must be at least a minute after the start.")).toBeVisible();
  await expect(owner.getByRole("checkbox", { name: "Checkout" })).toBeChecked();
  await owner.getByLabel("End").fill(local(3_600_000));
  await owner.getByRole("button", { name: "Schedule maintenance" }).click();
  await expect(owner.getByRole("heading", { level: 1, name: "Database upgrade" })).toBeVisible();

  await expect(visitor.getByText("Database upgrade").first()).toBeVisible({ timeout: 30_000 });
  await expect(row(visitor)).toContainText("Under maintenance", { timeout: 30_000 });
  await expectAccessible(visitor);
  await expectNotReloaded(visitor);

  await owner.reload();
  await owner.getByText("Complete now").click();
  await owner.getByRole("button", { name: "Complete maintenance" }).click();
  await expect(owner.getByText("The maintenance has been completed.")).toBeVisible();
  await expect(row(visitor)).not.toContainText("Under maintenance", { timeout: 30_000 });
});

test("every page of the admin area passes axe and fits a small phone", async () => {
  test.setTimeout(180_000);
  await owner.goto(`${app.url}/admin/components`);
  const component = await owner.getByRole("link", { name: /Checkout/ }).getAttribute("href");
  await owner.goto(`${app.url}${component}`);
  const check = await owner.getByRole("link", { name: /front door/ }).getAttribute("href");
  await owner.goto(`${app.url}/admin/maintenance`);
  const maintenance = await owner.getByRole("link", { name: /Database upgrade/ }).getAttribute("href");
  const fixed = [
    "",
    "/incidents",
    "/incidents/new",
    "/maintenance",
    "/maintenance/new",
    "/components",
    "/components/new",
  ];
  const paths = [
    ...fixed.map((path) => `/admin${path}`),
    component,
    `${component}/checks/new`,
    check,
    maintenance,
  ];
  for (const path of [...paths, new URL(incidentUrl).pathname]) {
    await owner.goto(`${app.url}${path}`);
    await expectAccessible(owner);
    for (const width of [360, 1280]) {
      await owner.setViewportSize({ width, height: 844 });
      await expectNoSidewaysScroll(owner);
    }
  }
});
