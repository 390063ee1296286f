import { gzipSync } from "node:zlib";

import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { StatusPageView } from "#components/status/status-page-view.tsx";
import type { StatusPage } from "#lib/public/types.ts";
import { NOW, STATUS_PAGES } from "#tests/support/fixtures/status-page.ts";

const html = (page: StatusPage): string => renderToString(<StatusPageView initial={page} renderedAt={NOW} />);

/** Next sends the markup, then the model once more as an escaped string, and 2 KB of its own. */
const bytes = (page: StatusPage): number =>
  gzipSync(html(page) + JSON.stringify(JSON.stringify(page)), { level: 6 }).length;

describe("the document of /", () => {
  it("with 20 components and 90 days leaves room for Next's part below 15 KB", () => {
    expect(bytes(STATUS_PAGES.twenty())).toBeLessThan(11_000);
  });

  it("pays for a component what its figures cost, not a tree of days", () => {
    const page = STATUS_PAGES.twenty();
    const fewer = { ...page, groups: page.groups.slice(0, 2) };
    expect((bytes(page) - bytes(fewer)) / 10).toBeLessThan(250);
  });

  it("pays less than a kilobyte for a failure with its cause, its forecast and what to do", () => {
    const page = STATUS_PAGES.twenty();
    const failing = STATUS_PAGES.outage().groups[0]?.components[1];
    if (failing === undefined) throw new Error("nothing fails");
    const [first, ...rest] = page.groups;
    const groups = [
      {
        id: first?.id ?? null,
        name: first?.name ?? null,
        components: [failing, ...(first?.components.slice(1) ?? [])],
      },
      ...rest,
    ];
    expect(bytes({ ...page, groups }) - bytes(page)).toBeLessThan(1_024);
  });

  it.each(Object.entries(STATUS_PAGES))("is complete on the server when %s", (_state, make) => {
    const page = make();
    const markup = html(page);
    for (const group of page.groups) {
      for (const { slug } of group.components) expect(markup).toContain(`href="/components/${slug}"`);
    }
    expect(markup).toMatch(/<h1 id="now">[^<]+<\/h1>/);
    expect(markup).not.toMatch(/undefined|NaN|Invalid Date/);
    // what is not known is never green
    expect(markup.includes('class="banner t-ok"')).toBe(page.indicator.level === "none");
  });
});
