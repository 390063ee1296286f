import { expect, test as base, type BrowserContext } from "@playwright/test";

// the browser's own words for an answer that is an error; those are judged by their status below
const NETWORK_LINE = /^Failed to load resource/;

/** What the watched pages did that no page may do; filled in whenever it happens. */
const complaints: string[] = [];

/**
 * Watches all pages of a context, now and later: no console error (a hydration mismatch is one), no
 * uncaught exception, no part of a page that cannot be had, no request to anywhere but the origin
 * of the first one. Every story ends with looking at what was found.
 */
export function watch(context: BrowserContext): void {
  let own: string | undefined;
  context.on("console", (message) => {
    if (message.type() !== "error" || NETWORK_LINE.test(message.text())) return;
    complaints.push(`${message.page()?.url() ?? "a page"} wrote an error: ${message.text()}`);
  });
  context.on("weberror", (found) => {
    complaints.push(`${found.page()?.url() ?? "a page"} threw: ${found.error().message}`);
  });
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (!protocol.startsWith("http")) return;
    own ??= origin;
    if (origin !== own) complaints.push(`a request left ${own}: ${request.url()}`);
  });
  context.on("response", (response) => {
    const isPage = response.request().isNavigationRequest();
    if (response.status() >= (isPage ? 500 : 400)) {
      complaints.push(`${response.request().method()} ${response.url()} answered ${response.status()}`);
    }
  });
}

/** Playwright's `test`, with every context watched; contexts that a story makes itself: `watch`. */
export const test = base.extend<{ readonly quiet: undefined }>({
  context: async ({ context }, use) => {
    watch(context);
    await use(context);
  },
  quiet: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from here
    async ({}, use) => {
      await use(undefined);
      expect(complaints.splice(0)).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect, type Locator, type Page } from "@playwright/test";
