import { defineConfig } from "@playwright/test";

import { systemChromium } from "./tests/support/chromium.ts";

const launchOptions = {
  ...systemChromium(),
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
  globalSetup: ["./tests/e2e/support/browser.ts", "./tests/e2e/support/build.ts"],
  outputDir: "test-results",
  // each file starts PostgreSQL, a web process and a worker of its own
  workers: 2,
  fullyParallel: false,
  // generous: a machine that is busy with other things must not fail a story
  timeout: 120_000,
  expect: { timeout: 10_000 },
  retries: 0,
  reporter: [["list"]],
  // The sample takes two minutes of real time whatever the machine: it is begun first, beside the rest.
  projects: [
    { name: "sample", testMatch: "sample.spec.ts" },
    { name: "stories", testIgnore: "sample.spec.ts" },
  ],
  use: {
    browserName: "chromium",
    launchOptions,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    screenshot: "only-on-failure",
    // recording costs more than the stories; `npx playwright test --trace on` when one must be seen
    trace: "off",
  },
});
