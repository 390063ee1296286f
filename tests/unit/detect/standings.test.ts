import { beforeEach, describe, expect, it } from "vitest";

import { createStandings, type Standings } from "#lib/detect/standings.ts";
import type { Belief } from "#lib/model/belief.ts";
import type { CheckSpec } from "#lib/model/check.ts";
import type { Outcome } from "#lib/model/outcome.ts";

const CHECK: CheckSpec = {
  id: "01a20512-e2dd-714d-85e3-7da2c5e418ad",
  number: 7,
  componentId: "01a20512-e2dd-714d-85e3-7da2c5e418ae",
  name: "front door",
  kind: "http",
  target: {},
  intervalMs: 10_000,
  timeoutMs: 5_000,
  slowMs: null,
  confirmMs: [500],
};
const UP: Belief = { health: "up", outcome: "up", since: 1_000, lastSlotAt: 10_000 };
const DOWN: Belief = { health: "down", outcome: "bad_gateway", since: 20_000, lastSlotAt: 20_000 };

let standings: Standings;
const see = (outcome: Outcome, at: number) => standings.judge(CHECK, { outcome, at, confirms: null });

beforeEach(() => {
  standings = createStandings();
  standings.adopt(CHECK.number, UP);
});

describe("standings", () => {
  it("keep a suspicion when the database is read again", () => {
    expect(see("bad_gateway", 20_000).confirm).toBe(true);
    standings.adopt(CHECK.number, UP);
    expect(standings.suspects(CHECK.number, 20_000)).toBe(true);
    expect(standings.suspects(CHECK.number, 19_000)).toBe(false);
  });

  it("drop a suspicion that another worker has confirmed meanwhile", () => {
    see("bad_gateway", 20_000);
    standings.adopt(CHECK.number, DOWN);
    expect(standings.suspects(CHECK.number, 20_000)).toBe(false);
    expect(see("bad_gateway", 30_000)).toMatchObject({ changes: [], confirm: false });
  });

  it("do not go back to what the database believed before a change that is on its way to it", () => {
    see("bad_gateway", 20_000);
    const release = standings.hold(CHECK.number);
    expect(see("bad_gateway", 30_000).changes).toHaveLength(1);
    standings.adopt(CHECK.number, UP);
    expect(see("bad_gateway", 40_000)).toMatchObject({ changes: [], confirm: false });
    release();
    standings.adopt(CHECK.number, UP);
    expect(see("bad_gateway", 50_000).confirm).toBe(true);
  });

  it("forget checks that are not looked at any more", () => {
    see("bad_gateway", 20_000);
    standings.keepOnly(new Set());
    expect(standings.suspects(CHECK.number, 20_000)).toBe(false);
  });
});
