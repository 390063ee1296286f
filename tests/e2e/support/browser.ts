import { existsSync } from "node:fs";

import { chromium } from "@playwright/test";

import { systemChromium } from "#tests/support/chromium.ts";

/**
 * Looks for the browser once, before anything is built or started.
 * @throws Error that says how to get one
 */
export default function findBrowser(): void {
  const path = systemChromium().executablePath ?? chromium.executablePath();
  if (existsSync(path)) return;
  throw new Error(
    "There is no Chromium to run the stories in: `apt-get install chromium`, or `npx playwright install chromium`.",
  );
}
