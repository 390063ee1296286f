import { describe, expect, it } from "vitest";

import { uptime, type Span } from "#lib/model/uptime.ts";

const HOUR = 3_600_000;

function span(status: Span["status"], from: number, to: number | null): Span {
  return { status, startsAt: from * HOUR, endsAt: to === null ? null : to * HOUR };
}

describe("uptime", () => {
  it("is 1 when the window was operational throughout", () => {
    expect(uptime([span("operational", 0, null)], 0, 10 * HOUR).ratio).toBe(1);
  });

  it("weighs a major outage 1 and a partial one 0.3", () => {
    const spans = [
      span("operational", 0, 5),
      span("major_outage", 5, 6),
      span("partial_outage", 6, 8),
      span("operational", 8, null),
    ];
    expect(uptime(spans, 0, 10 * HOUR).ratio).toBeCloseTo(1 - (1 + 0.3 * 2) / 10, 12);
  });

  it("counts degraded time as up", () => {
    expect(uptime([span("degraded_performance", 0, 10)], 0, 10 * HOUR).ratio).toBe(1);
  });

  it("leaves maintenance out of the denominator", () => {
    const spans = [span("major_outage", 0, 1), span("under_maintenance", 1, 6), span("operational", 6, 10)];
    expect(uptime(spans, 0, 10 * HOUR).ratio).toBeCloseTo(1 - 1 / 5, 12);
  });

  it("leaves unknown time out, also the time before the first span", () => {
    const spans = [span("major_outage", 8, 9), span("unknown", 9, 9.5), span("operational", 9.5, null)];
    const { ratio, spent } = uptime(spans, 0, 10 * HOUR);
    expect(ratio).toBeCloseTo(1 - 1 / 1.5, 12);
    expect(spent.unknown).toBe(8.5 * HOUR);
  });

  it("clips spans to the window", () => {
    const spans = [span("major_outage", -100, 1), span("operational", 1, 200)];
    expect(uptime(spans, 0, 10 * HOUR).ratio).toBeCloseTo(0.9, 12);
  });

  it("says nothing when nothing is known", () => {
    expect(uptime([], 0, HOUR).ratio).toBeNull();
    expect(uptime([span("under_maintenance", 0, null)], 0, HOUR).ratio).toBeNull();
  });

  it("ends an open span at the window's end, not later", () => {
    expect(uptime([span("major_outage", 0, null)], 0, HOUR).spent.major_outage).toBe(HOUR);
  });
});
