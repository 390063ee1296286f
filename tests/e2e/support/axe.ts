import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Expects axe to find nothing on the page as it stands; the dark differs in its colours alone. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  await expectNothing(page, "light", on(page).withTags(TAGS));
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNothing(page, "dark", on(page).withRules(["color-contrast"]));
  await page.emulateMedia({ colorScheme: null });
}

// In the page itself: the other way opens a second page each time to put the frames' results
// together, which takes longer than the search, and there are no frames.
function on(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode();
}

async function expectNothing(page: Page, scheme: string, axe: AxeBuilder): Promise<void> {
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  expect(found, `${page.url()} in ${scheme}`).toEqual([]);
}

/** Expects nothing to stick out sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(excess, `${page.url()} is wider than the window`).toBeLessThanOrEqual(0);
}

/** The CSS `outline-style` of what has the focus, or of its label where that is drawn in its place. */
export async function outlineOfFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const styles = [document.activeElement, document.activeElement?.closest("label")]
      .filter((element) => element !== null && element !== undefined)
      .map((element) => getComputedStyle(element).outlineStyle);
    return styles.find((style) => style !== "none") ?? "none";
  });
}
