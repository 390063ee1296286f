import type { Browser } from "@playwright/test";

import type { App } from "./app.ts";
import { expect, watch, type Page } from "./test.ts";

export const OWNER = {
  name: "Ola Owner",
  email: "owner@example.com",
  password: "correct horse battery staple",
} as const;

/** What somebody holds in their hand at night. */
export const PHONE = { width: 390, height: 844 } as const;

/** A page in a context of its own, kept from story to story; the caller closes the context. */
export async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: PHONE });
  watch(context);
  return context.newPage();
}

/** Becomes the owner by the link that was printed. */
export async function setUp(page: Page, app: App): Promise<void> {
  if (app.setupLink === null) throw new Error("no setup link was printed");
  await page.goto(app.setupLink);
  await page.getByLabel("Your name").fill(OWNER.name);
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password").fill(OWNER.password);
  await page.getByRole("button", { name: "Become the owner" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Now" })).toBeVisible();
}

/** Fills in the sign-in form that the page shows and sends it. */
export async function sendSignIn(page: Page, password: string = OWNER.password): Promise<void> {
  await page.getByLabel("E-mail address").fill(OWNER.email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Makes a component without checks; returns the path of its page. */
export async function addComponent(page: Page, app: App, name: string): Promise<string> {
  await page.goto(`${app.url}/admin/components/new`);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Add component" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  return new URL(page.url()).pathname;
}
