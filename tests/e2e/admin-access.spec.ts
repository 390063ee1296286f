import { addComponent, newPage, OWNER, PHONE, sendSignIn, setUp } from "./support/admin.ts";
import { startApp, type App } from "./support/app.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./support/axe.ts";
import { expect, test, watch, type Page } from "./support/test.ts";

// one product for the file: the stories go on from each other's state
test.describe.configure({ mode: "serial" });
test.use({ viewport: PHONE });

const SECRET_NAME = "Unannounced payroll service";
/** As many components as a large organisation has, with names as long as theirs. */
const FULL = ["page: { name: Very large status page }", "components:"]
  .concat(
    Array.from({ length: 50 }, (_, index) => {
      const name = `Component ${index + 1} of the international order and returns processing service`;
      return `  - { name: "${name}", group: "Region ${1 + (index % 5)}" }`;
    }),
  )
  .join("\n");
let app: App;
let componentPath: string;
let owner: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000);
  app = await startApp({ yaml: FULL });
  owner = await newPage(browser);
});
test.afterAll(async () => {
  await owner.context().close();
  await app.stop();
});

test("the printed link makes the owner, once", async ({ page }) => {
  await page.goto(`${app.url}/setup?token=${"A".repeat(43)}`);
  await expect(page.getByRole("heading", { name: "This setup link is not valid" })).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);

  await owner.goto(app.setupLink ?? "");
  await expectAccessible(owner);
  await setUp(owner, app);
  await page.goto(app.setupLink ?? "");
  await expect(page.getByRole("heading", { name: "Set up already" })).toBeVisible();
  componentPath = await addComponent(owner, app, SECRET_NAME);
});

test("not signed in: every page leads to the sign-in page and gives nothing away", async ({ request }) => {
  const paths = [
    "",
    "/incidents",
    "/incidents/new",
    "/maintenance",
    "/maintenance/new",
    "/components",
    "/components/new",
    "/log",
    "/log/1763999999000-1-1",
    "/deploys",
    "/keys",
  ];
  for (const path of [
    ...paths.map((path) => `/admin${path}`),
    componentPath,
    `${componentPath}/checks/new`,
  ]) {
    const response = await request.get(`${app.url}${path}`, { maxRedirects: 0 });
    expect(response.status(), path).toBe(307);
    expect(response.headers()["location"], path).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
    expect(response.headers()["cache-control"], path).toContain("no-store");
    expect(await response.text(), path).not.toContain(SECRET_NAME);
    // what the router would fetch is guarded as well
    for (const asked of [path, `${path}?_rsc=1`]) {
      const payload = await request.get(`${app.url}${asked}`, { headers: { rsc: "1" }, maxRedirects: 0 });
      expect(payload.headers()["cache-control"], asked).toContain("no-store");
      expect(await payload.text(), asked).not.toContain(SECRET_NAME);
    }
  }
});

test("fifty components with long names fit every screen", async ({ page }) => {
  await page.goto(app.url);
  await expect(page.getByText("10 components").first()).toBeVisible();
  await page.locator("details.group summary").first().click();
  await expectAccessible(page);
  for (const width of [360, 1600]) {
    await page.setViewportSize({ width, height: 844 });
    await expectNoSidewaysScroll(page);
  }
});

test("what Better Auth could do besides is closed", async ({ request }) => {
  for (const path of [
    "/sign-up/email",
    "/update-user",
    "/change-password",
    "/list-sessions",
    "/delete-user",
  ]) {
    const response = await request.post(`${app.url}/api/auth${path}`, {
      data: {},
      headers: { origin: app.url },
    });
    expect(response.status(), path).toBe(404);
  }
});

test("signing in leads to where one wanted to be, and never elsewhere", async ({ page }) => {
  await page.goto(`${app.url}/admin/maintenance`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expectAccessible(page);
  await sendSignIn(page);
  await expect(page).toHaveURL(`${app.url}/admin/maintenance`);
  const cookies = await page.context().cookies();
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: "Lax", secure: false }]);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.context().addCookies(cookies);
  await page.goto(`${app.url}/admin`);
  await expect(page, "the old cookie is worth nothing").toHaveURL(/\/sign-in/);

  await page.goto(`${app.url}/sign-in?next=//evil.example/admin`);
  await sendSignIn(page);
  await expect(page).toHaveURL(`${app.url}/admin`);
});

test("without JavaScript: sign in, and post an incident", async ({ browser }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: PHONE,
  });
  watch(context);
  const page = await context.newPage();
  await page.goto(`${app.url}/admin/incidents/new`);
  await sendSignIn(page);
  await page.getByLabel("What is wrong").fill("Posted without scripts");
  await page.getByLabel("Message").fill("   ");
  await page.getByRole("button", { name: "Publish incident" }).click();
  await expect(page.getByText("Write what visitors should know")).toBeVisible();
  await expect(page.getByLabel("What is wrong")).toHaveValue("Posted without scripts");
  await page.getByLabel("Message").fill("It still works.");
  await page.getByRole("button", { name: "Publish incident" }).click();
  await expect(page.getByText("Published: visitors see it now.")).toBeVisible();
  await context.close();
});

test("a session that ended while somebody wrote: refused, and the text is kept", async () => {
  await owner.goto(`${app.url}/admin/incidents/new`);
  await owner.getByLabel("What is wrong").fill("A long text that must not be lost");
  const cookies = await owner.context().cookies();
  await owner.context().clearCookies();
  await owner.getByRole("button", { name: "Publish incident" }).click();
  await expect(owner.getByRole("alert").filter({ hasText: "Your session has ended" })).toBeVisible();
  await expect(owner.getByLabel("What is wrong")).toHaveValue("A long text that must not be lost");
  await owner.context().addCookies(cookies);
  await owner.getByRole("button", { name: "Publish incident" }).click();
  await expect(
    owner.getByRole("heading", { level: 1, name: "A long text that must not be lost" }),
  ).toBeVisible();
});

test("a wrong password is refused, and after a few attempts nobody gets in from there", async ({ page }) => {
  await page.goto(`${app.url}/sign-in`);
  const answer = page.locator("form [role=alert]");
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await sendSignIn(page, `wrong password ${attempt}`);
    await expect(answer).toHaveText(/The address or the password is wrong\.|Too many attempts\./);
    if (((await answer.textContent()) ?? "").includes("Too many")) break;
    await expect(page.getByLabel("E-mail address")).toHaveValue(OWNER.email);
    // the next answer must be a new one
    await page.reload();
  }
  await expect(answer).toContainText("Too many attempts. Wait");
  await sendSignIn(page);
  await expect(answer).toContainText("Too many attempts. Wait");
  await expect(page).toHaveURL(/\/sign-in/);
});
