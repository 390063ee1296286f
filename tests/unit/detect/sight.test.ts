import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Outside } from "#lib/detect/blindness.ts";
import { createSight, type RegionSight, type SightPorts } from "#lib/detect/sight.ts";
import type { CheckSpec } from "#lib/model/check.ts";
import type { Health, Outcome } from "#lib/model/outcome.ts";

const T0 = Date.UTC(2026, 10, 24, 12);

const checks: CheckSpec[] = [1, 2, 3, 4].map((number) => ({
  id: `c${number}`,
  number,
  componentId: "a",
  name: `check ${number}`,
  kind: number === 4 ? "push" : "http",
  target: { url: `http://192.0.2.${number}/` },
  intervalMs: 10_000,
  timeoutMs: 1_000,
  slowMs: null,
  confirmMs: [200, 600],
}));
const [first, second, third, job] = checks as [CheckSpec, CheckSpec, CheckSpec, CheckSpec];

let sight: RegionSight;
let outside: Outside;
let beliefs: Map<number, Health>;
/** What a look that is ordered comes to; not in it: it has not come back. */
let answers: Map<number, Outcome>;
let told: string[];
let chosen: boolean;

const weigh = (check: CheckSpec, outcome: Outcome) => sight.weigh({ check, at: Date.now(), outcome });

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  outside = "silent";
  beliefs = new Map(checks.map(({ number }) => [number, "up"]));
  answers = new Map(checks.map(({ number }) => [number, "connect_timeout"]));
  told = [];
  chosen = true;
  const ports: SightPorts = {
    askOutside: async () => outside,
    chosen: () => chosen,
    believes: (number) => beliefs.get(number) ?? "unknown",
    lookAgain: (candidates, limit) => {
      const again = candidates.slice(0, limit);
      told.push(`again ${again.map(({ number }) => number).join(",")}`);
      for (const check of again) {
        const outcome = answers.get(check.number);
        if (outcome !== undefined) setTimeout(() => void weigh(check, outcome), 10);
      }
      return again;
    },
    lookAtAll: (all) => void told.push(`all ${all.map(({ number }) => number).join(",")}`),
    wentBlind: (since) => told.push(`blind since ${since - T0}`),
    sees: () => told.push("sees"),
    now: Date.now,
  };
  sight = createSight(ports);
  sight.watch(checks);
});
afterEach(() => {
  sight.stop();
  vi.useRealTimers();
});

describe("a region's sight", () => {
  it("passes on what needs no thought at once", () => {
    expect(weigh(first, "up")).toBe("up");
    beliefs.set(2, "down");
    expect(weigh(second, "bad_gateway")).toBe("bad_gateway");
    expect(weigh(job, "missed")).toBe("missed");
    expect(told).toEqual([]);
  });

  it("believes a failure while something outside answers", async () => {
    outside = "clear";
    expect(await weigh(first, "connect_timeout")).toBe("connect_timeout");
    expect(told).toEqual([]);
  });

  it("keeps a failure back, looks at the others, and is blind when they fail as well", async () => {
    const kept = weigh(first, "connect_timeout");
    await vi.advanceTimersByTimeAsync(300);
    expect(await kept).toBe("unknown");
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^again [123],[123],[123]$/);
    expect(told[1]).toBe("blind since 0");
    // neither down nor up while it lasts
    expect(weigh(second, "up")).toBe("unknown");
    expect(weigh(third, "bad_gateway")).toBe("unknown");
    expect(weigh(job, "missed")).toBe("missed");
  });

  it("believes a failure when the others are fine, though no canary answers", async () => {
    answers.set(2, "up").set(3, "up");
    const kept = weigh(first, "connect_timeout");
    await vi.advanceTimersByTimeAsync(300);
    expect(await kept).toBe("connect_timeout");
  });

  it("gives up waiting after the slowest check's time", async () => {
    answers.clear();
    const kept = weigh(first, "connect_timeout");
    await vi.advanceTimersByTimeAsync(3_500);
    expect(await kept).toBe("connect_timeout");
  });

  it("does not ask for more than there is: without chosen canaries three checks at least", async () => {
    chosen = false;
    sight.watch(checks.slice(0, 2));
    const kept = weigh(first, "connect_timeout");
    await vi.advanceTimersByTimeAsync(0);
    expect(await kept).toBe("connect_timeout");
  });

  it("takes looks that could not even begin as a reason to ask", async () => {
    answers = new Map(checks.map(({ number }) => [number, "unknown"]));
    expect(weigh(first, "unknown")).toBe("unknown");
    await vi.advanceTimersByTimeAsync(300);
    expect(told.at(-1)).toBe("blind since 0");
  });

  it("ends by itself when a canary answers, and looks at everything at once", async () => {
    void weigh(first, "connect_timeout");
    await vi.advanceTimersByTimeAsync(300);
    outside = "clear";
    await vi.advanceTimersByTimeAsync(2_100);
    expect(told.slice(-2)).toEqual(["sees", "all 1,2,3"]);
    expect(weigh(first, "up")).toBe("up");
  });

  it("does not outlast its evidence: an outage of everything is one when the database is back", async () => {
    chosen = false;
    void weigh(first, "connect_timeout");
    await vi.advanceTimersByTimeAsync(300);
    expect(told.at(-1)).toBe("blind since 0");
    outside = "clear";
    await vi.advanceTimersByTimeAsync(2_100);
    expect(told).toContain("sees");
    expect(await weigh(first, "connect_timeout")).toBe("connect_timeout");
  });

  it("ends when most targets answer again, whatever the canaries do", async () => {
    void weigh(first, "connect_timeout");
    await vi.advanceTimersByTimeAsync(300);
    answers = new Map(checks.map(({ number }) => [number, "up"]));
    await vi.advanceTimersByTimeAsync(9_000);
    expect(told).toContain("sees");
  });

  it("finds out whether a blindness that was noted before is still there", async () => {
    outside = "clear";
    sight.resume(T0 - 60_000);
    expect(weigh(first, "connect_timeout")).toBe("unknown");
    await vi.advanceTimersByTimeAsync(2_100);
    expect(told).toContain("sees");
  });
});
