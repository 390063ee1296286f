import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";

import { newPage, PHONE, setUp } from "./support/admin.ts";
import { startApp, type App } from "./support/app.ts";
import { expectAccessible, expectNoSidewaysScroll, outlineOfFocus } from "./support/axe.ts";
import { expect, test, watch, type Page } from "./support/test.ts";

// one product for the file: the stories go on from each other's state
test.describe.configure({ mode: "serial" });
test.use({ viewport: PHONE });

const SENT = "sent-by-us-0123456789";
const GIVEN_AWAY = "given-away-0123456789";
const DESKTOP = { width: 1280, height: 900 };

let app: App;
let upstream: FakeUpstream;
let owner: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000);
  upstream = await startFakeUpstream();
  upstream.behave({
    status: 502,
    headers: {
      server: "nginx/1.22.1",
      "content-type": "text/html",
      "cf-ray": "8f00aa-FRA",
      "set-cookie": `session=${GIVEN_AWAY}`,
      location: `https://ann:${GIVEN_AWAY}@example.com/?token=${GIVEN_AWAY}`,
    },
    body: `<html><h1>502 Bad Gateway</h1><hr><center>nginx/1.22.1</center><pre>Authorization: Bearer ${SENT}\n{"password":"${GIVEN_AWAY}"}</pre></html>`,
  });
  const check = `{ name: front door, kind: http, url: "${upstream.url}", interval: 1s, timeout: 900ms, headers: { authorization: "Bearer \${TOKEN}" } }`;
  app = await startApp({
    yaml: `components:\n  - { name: Checkout, checks: [${check}] }\n  - { name: Quiet }\n`,
    env: { TOKEN: SENT },
  });
  owner = await newPage(browser);
  await setUp(owner, app);
});
test.afterAll(async () => {
  await owner.context().close();
  await app.stop();
  await upstream.close();
});

const rows = (page: Page) => page.getByRole("main").locator("ol a");

test("failures are found, opened to their evidence, and found again with the back button", async () => {
  await expect(async () => {
    await owner.goto(`${app.url}/admin/log`);
    await expect(rows(owner).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await expect(rows(owner).first()).toContainText("502 Bad Gateway");
  await expectAccessible(owner);

  await owner.getByLabel("Search", { exact: true }).fill("8f00aa");
  await owner.getByLabel("Component").selectOption("Checkout");
  await owner.getByText("More filters").click();
  await owner.getByLabel("Gateway", { exact: true }).selectOption("nginx");
  await owner.getByRole("checkbox", { name: "502 Bad Gateway" }).check();
  await owner.getByRole("button", { name: "Search with these" }).click();
  await expect(owner).toHaveURL(
    /\/admin\/log\?q=8f00aa&component=[0-9a-f-]+&gateway=nginx&outcome=bad_gateway$/,
  );
  await expect(owner.getByRole("list", { name: "Filters" }).getByRole("link")).toHaveCount(4);
  await expectAccessible(owner);
  await expectNoSidewaysScroll(owner);
  const found = owner.url();

  await rows(owner).first().click();
  await expect(owner.getByRole("heading", { level: 1 })).toContainText("Checkout: front door");
  await expect(owner.getByRole("region", { name: "Headers", exact: true })).toContainText("8f00aa-FRA");
  await expect(owner.getByRole("region", { name: "Beginning of the body" })).toContainText("502 Bad Gateway");
  await owner.getByText("As JSON", { exact: true }).click();
  const shown = (await owner.locator("main").textContent()) ?? "";
  expect(shown).toContain("[redacted]");
  for (const secret of [SENT, GIVEN_AWAY]) expect(await owner.content()).not.toContain(secret);
  for (const viewport of [DESKTOP, PHONE]) {
    await owner.setViewportSize(viewport);
    await expectAccessible(owner);
    await expectNoSidewaysScroll(owner);
  }
  await owner.goBack();
  await expect(owner).toHaveURL(found);
  await owner.getByRole("link", { name: /Remove.*nginx/ }).click();
  await expect(owner).not.toHaveURL(/gateway=/);
});

test("what cannot be searched says what is wrong, and what is not there says so", async () => {
  await owner.goto(`${app.url}/admin/log?from=2026-02-30T00:00&to=2026-01-01T00:00`);
  await expect(owner.getByText("This is not a time")).toBeVisible();
  await expectAccessible(owner);
  await owner.goto(`${app.url}/admin/log?q=nothing-of-the-kind`);
  await expect(owner.getByText("No result fits.")).toBeVisible();
  await owner.goto(`${app.url}/admin/log/1-1-1`);
  await expect(owner.getByText(/not.*(found|exist)|no such/i).first()).toBeVisible();
});

test("by keyboard alone: from the search to the first result", async () => {
  await owner.setViewportSize(DESKTOP);
  await owner.goto(`${app.url}/admin/log?show=all`);
  await expectAccessible(owner);
  await owner.getByLabel("Search", { exact: true }).focus();
  await owner.keyboard.type("nginx");
  await owner.keyboard.press("Enter");
  await expect(owner).toHaveURL(/q=nginx/);
  await rows(owner).first().focus();
  expect(await outlineOfFocus(owner)).not.toBe("none");
  await owner.keyboard.press("Enter");
  await owner.getByRole("region", { name: "Beginning of the body" }).focus();
  expect(await outlineOfFocus(owner), "a box that scrolls takes the focus").not.toBe("none");
  await owner.setViewportSize(PHONE);
});

test("without JavaScript: a plain form and plain links", async ({ browser }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: PHONE,
    storageState: await owner.context().storageState(),
  });
  watch(context);
  const page = await context.newPage();
  await page.goto(`${app.url}/admin/log`);
  await page.getByLabel("Time", { exact: true }).selectOption("Last hour");
  await page.getByText("Every result").click();
  await page.getByRole("button", { name: "Search the log" }).click();
  await expect(page).toHaveURL(`${app.url}/admin/log?show=all&range=1h`);
  await rows(page).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Checkout");
  await context.close();
});

test("exported as CSV and NDJSON, for those who are signed in, and without a secret", async ({ request }) => {
  const query = "show=all&range=1h";
  const files = await Promise.all(
    ["csv", "ndjson"].map(async (format) => {
      const answer = await owner.request.get(`${app.url}/admin/log/export?format=${format}&${query}`);
      expect(answer.status()).toBe(200);
      expect(answer.headers()).toMatchObject({
        "content-disposition": expect.stringMatching(
          new RegExp(`^attachment; filename="gatewatch-log-\\d{8}T\\d{6}Z\\.${format}"$`),
        ),
        "cache-control": "no-store",
      });
      return answer.text();
    }),
  );
  const [csv = "", ndjson = ""] = files;
  expect(csv).toMatch(
    /^time,component,check,.*\r\n20\d\d-.*,Checkout,front door,http,local,bad_gateway,502,nginx,/,
  );
  expect(JSON.parse(ndjson.split("\n")[0] ?? "")).toMatchObject({
    component: { name: "Checkout" },
    outcome: "bad_gateway",
    evidence: { headers: { "cf-ray": "8f00aa-FRA", "set-cookie": "[redacted]" } },
  });
  for (const text of [...files, app.output()]) {
    for (const secret of [SENT, GIVEN_AWAY]) expect(text).not.toContain(secret);
  }
  const wrong = await owner.request.get(`${app.url}/admin/log/export?format=xlsx`);
  expect([wrong.status(), await wrong.text()]).toEqual([400, expect.stringContaining("csv, ndjson")]);
  const stranger = await request.get(`${app.url}/admin/log/export?${query}`, { maxRedirects: 0 });
  expect(stranger.status()).toBe(307);
  expect(stranger.headers()["location"]).toBe(`/sign-in?next=${encodeURIComponent(`/admin/log?${query}`)}`);
});

test("a key is made, shown once, and revoked", async () => {
  await owner.goto(`${app.url}/admin/keys`);
  await owner.getByLabel("Name").fill("Berlin agent");
  await owner.getByRole("radio", { name: "Look from a region" }).check();
  await owner.getByRole("button", { name: "Make key" }).click();
  await expect(owner.getByText("Name the region that the agent looks from")).toBeVisible();
  await owner.getByLabel("Region", { exact: true }).fill("berlin");
  await owner.getByRole("button", { name: "Make key" }).click();
  const key = await owner.getByLabel("Your key").inputValue();
  expect(key).toMatch(/^gw_[\w-]{43}$/);
  await expectAccessible(owner);
  await expectNoSidewaysScroll(owner);

  await owner.reload();
  expect(await owner.content()).not.toContain(key);
  await owner.getByText("Revoke “Berlin agent”").click();
  await owner.getByRole("button", { name: "Revoke for good" }).click();
  await expect(owner.getByText("revoked", { exact: true })).toBeVisible();
  await owner.setViewportSize(DESKTOP);
  await expectAccessible(owner);
  await owner.goto(`${app.url}/admin/deploys`);
  await expect(owner.getByText("No deploy has been marked yet.")).toBeVisible();
  await expectAccessible(owner);
  expect(app.output()).not.toContain(key);
});
