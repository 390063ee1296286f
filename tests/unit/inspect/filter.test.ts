import { describe, expect, test } from "vitest";

import { DAY, HOUR } from "#lib/base/clock.ts";
import { askedIn, needsEvidenceOnly, parseLogFilter, toQuery } from "#lib/inspect/filter.ts";

const NOW = Date.UTC(2026, 9, 25, 12);

const parse = (query: string, timeZone = "Etc/UTC") =>
  parseLogFilter(askedIn(new URLSearchParams(query)), { now: NOW, timeZone });

describe("what is asked of the log", () => {
  test("nothing: the failures of a day", () => {
    const filter = parse("");
    expect(filter.since.getTime()).toBe(NOW - DAY);
    expect(needsEvidenceOnly(filter)).toBe(true);
    expect(toQuery(filter)).toBe("");
  });

  test.each([
    "q=a+b%26c",
    "show=all&range=1h",
    "region=eu&outcome=bad_gateway&outcome=slow",
    "component=0190d2a0-0000-7000-8000-000000000001&gateway=nginx&range=7d",
    "from=2026-10-24T10%3A00&to=2026-10-24T12%3A00",
  ])("comes back as the same address: %s", (query) => {
    expect(toQuery(parse(query))).toBe(`?${new URLSearchParams(toQuery(parse(query))).toString()}`);
    expect(parse(toQuery(parse(query)))).toEqual(parse(query));
    expect(new Map(new URLSearchParams(toQuery(parse(query))))).toEqual(new Map(new URLSearchParams(query)));
  });

  test("empty fields, strange ones and defaults are left out of an address", () => {
    expect(toQuery(parse("q=&region=&outcome=&x=1&range=24h&show=failures"))).toBe("");
    expect(toQuery({}, { format: "csv" })).toBe("?format=csv");
  });

  test("local times mean the page's zone, and an hour that comes twice is covered whole", () => {
    // clocks go back at 3:00 in Berlin
    const filter = parse("from=2026-10-25T02:30&to=2026-10-25T02:30", "Europe/Berlin");
    expect(filter.since.toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(filter.until.toISOString()).toBe("2026-10-25T01:30:00.000Z");
    expect(parse("from=2026-10-24T10:00:00%2B02:00").since.toISOString()).toBe("2026-10-24T08:00:00.000Z");
    const open = parse("to=2026-10-20T00:00&range=6h");
    expect(open.until.getTime() - open.since.getTime()).toBe(6 * HOUR);
  });

  test.each<[string, string[], string?]>([
    ["outcome=fine", ["outcome"]],
    ["range=2h", ["range"]],
    ["show=some", ["show"]],
    ["check=12", ["check"]],
    ["from=x&to=y", ["from", "to"]],
    ["from=0000-01-01T00:00:00Z&to=0000-01-02T00:00:00Z", ["from", "to"]],
    ["from=2026-10-24T10:00&to=2026-10-24T10:00", ["to"]],
    ["from=2026-01-01T00:00", ["from"]],
    ["from=2026-03-29T02:30", ["from"], "Europe/Berlin"],
    [`q=${"x".repeat(201)}`, ["q"]],
    ["q=a%00b&kind=a%00b&region=%00&gateway=%00", ["q", "kind", "region", "gateway"]],
  ])("says which field is wrong in %s", (query, fields, timeZone = "Etc/UTC") => {
    expect(() => parse(query, timeZone)).toThrow(
      expect.objectContaining({
        code: "INPUT_INVALID",
        problems: fields.map((path) => expect.objectContaining({ path })),
      }),
    );
  });

  test.each([
    ["show=all", false],
    ["show=all&q=x", true],
    ["show=all&gateway=nginx", true],
    ["show=all&outcome=bad_gateway", true],
    ["outcome=bad_gateway&outcome=up", false],
    ["outcome=certificate_expiring", true],
    ["outcome=unknown", false],
  ])("%s is answered by evidence alone: %s", (query, expected) => {
    expect(needsEvidenceOnly(parse(query))).toBe(expected);
  });
});
