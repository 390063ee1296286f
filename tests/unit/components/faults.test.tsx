import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { ComponentView } from "#components/status/component-view.tsx";
import { adviceFor, causeTitle } from "#components/status/fault-words.ts";
import { StatusPageView } from "#components/status/status-page-view.tsx";
import { answererWords, faultSentence } from "#components/status/words.ts";
import { OUTCOMES } from "#lib/model/outcome.ts";
import { COMPONENT_PAGES } from "#tests/support/fixtures/detail-pages.ts";
import { CAUSE, fault, NOW, STATUS_PAGES } from "#tests/support/fixtures/status-page.ts";

/** What a visitor without JavaScript reads, tags taken out. */
const text = (html: string): string =>
  html
    .replaceAll(/<style[^]*?<\/style>|<[^>]+>/g, "")
    .replaceAll(/\u00A0/g, " ")
    .replaceAll("&#x27;", "'");

const home = text(renderToStaticMarkup(<StatusPageView initial={STATUS_PAGES.outage()} renderedAt={NOW} />));
const html = renderToStaticMarkup(<ComponentView model={COMPONENT_PAGES.down()} renderedAt={NOW} />);
const page = text(html);

describe("the page without JavaScript", () => {
  it.each([
    "It is us, not you.",
    "nginx answers 502 Bad Gateway since 14:02 (6 min)",
    "Very likely server overload. The servers of Checkout cannot keep up",
    "Usually back by about 14:14 UTC; 9 of 10 were over by 14:29 UTC (from 14 earlier cases).",
    "Nobody can say yet how long it will last; 3 earlier cases so far, which is too few to tell.",
    "it may or may not have gone through",
    "For it: Answers had been getting slower for 4 minutes",
    "Against it: From one moment on everything fails in the same way.",
  ])("says on /: %s", (words) => expect(home).toContain(words));

  it.each([
    "It is us, not you. nginx answers 502 Bad Gateway.",
    "nginx answers 502 Bad Gateway: the server behind it refuses connections.",
    "nginx makes this answer itself, at the edge.",
    "Very likely server overload.",
    "Usually back by about 14:14 UTC",
    "Example Cloud says of itself: Partially Degraded Service",
  ])("says on the component's page: %s", (words) => expect(page).toContain(words));

  it("keeps headings in order, and folds with <details>", () => {
    const levels = [...html.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    for (const [i, level] of levels.entries())
      expect(level - (levels[i - 1] ?? level)).toBeLessThanOrEqual(1);
    expect(html).toContain('<details class="evidence"><summary>What this rests on</summary>');
  });

  it("says nothing of now when nobody looks any more", () => {
    const model = COMPONENT_PAGES.down();
    const stale = { ...model, freshness: { ...model.freshness, stale: true } };
    const silent = text(renderToStaticMarkup(<ComponentView model={stale} renderedAt={NOW} />));
    expect(silent).not.toContain("It is us");
    expect(silent).not.toContain("Usually back");
  });
});

describe("words", () => {
  it("has advice for everything that can be seen", () => {
    for (const outcome of OUTCOMES) expect(adviceFor(outcome)).toMatch(/^[A-Z].+\.$/);
    expect(adviceFor("tls_failure")).toContain("Do not click through");
  });

  it.each([
    [{ ...CAUSE, confidence: 0.8 }, "Very likely server overload"],
    [{ ...CAUSE, confidence: 0.75 }, "Probably server overload"],
    [{ ...CAUSE, confidence: 0.74, kind: "firewall" }, "Probably a firewall or access rule"],
    [{ ...CAUSE, confidence: 0.49 }, "Cause not known yet"],
    [{ ...CAUSE, kind: "unknown" }, "Cause not known yet"],
  ] as const)("puts a confidence in words", (cause, words) => expect(causeTitle(cause)).toBe(words));

  it("says what a code means when nothing more is known, and whose answer it is", () => {
    expect(faultSentence(fault("gateway_timeout", 504))).toBe(
      "nginx answers 504 Gateway Timeout: the server behind it does not answer in time.",
    );
    expect(faultSentence(fault("dns_failure", null, { gateway: null }))).toBe(
      "It cannot be found: its name does not resolve.",
    );
    expect(faultSentence(fault("bad_gateway", 502, { someGetThrough: true }))).toBe(
      "nginx answers 502 Bad Gateway: it gets no valid answer from the server behind it. Some requests get through.",
    );
    expect(answererWords({ gateway: "nginx", answeredBy: "origin" })).toBe(
      "The answer comes from nginx behind the edge, which passes it on.",
    );
    expect(answererWords({ gateway: null, answeredBy: "edge" })).toBe(
      "The gateway makes this answer itself, at the edge.",
    );
    expect(answererWords({ gateway: "nginx", answeredBy: null })).toBeNull();
  });
});
