import { describe, expect, it } from "vitest";

import { DAY, HOUR } from "#lib/base/clock.ts";
import { healthOf, outcomeCode, type Outcome } from "#lib/model/outcome.ts";
import { minorityOf, regionLines, silentRegions } from "#lib/public/regions.ts";
import type { ShownComponent } from "#lib/public/standing.ts";
import type { RegionState } from "#lib/store/public-regions.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const at = (ago: number) => new Date(NOW - ago);

function state(region: string, outcome: Outcome, rest: Partial<RegionState> = {}): RegionState {
  return {
    componentId: "c1",
    checkNumber: 1,
    check: "front door",
    quorum: "majority",
    region,
    health: healthOf(outcome),
    outcome: outcomeCode(outcome),
    since: at(HOUR),
    lastSlotAt: at(0),
    ...rest,
  };
}

const shown = (status: ShownComponent["status"]): ShownComponent =>
  ({ row: { id: "c1", name: "API", slug: "api" }, status }) as ShownComponent;

describe("minorityOf", () => {
  const votes = [state("eu-west", "bad_gateway"), state("us-east", "up"), state("asia", "up")];

  it("names the one region that sees a failure", () => {
    expect(minorityOf(shown("operational"), votes)).toMatchObject({
      regions: ["eu-west"],
      of: 3,
      outcome: "bad_gateway",
    });
  });

  it("says nothing when the quorum follows, or the status says it already", () => {
    expect(minorityOf(shown("major_outage"), votes)).toBeNull();
    const any = votes.map((vote) => ({ ...vote, quorum: "any" }));
    expect(minorityOf(shown("operational"), any)).toBeNull();
    expect(minorityOf(shown("operational"), votes.slice(0, 1))).toBeNull();
  });
});

const sight = (region: string, rest = {}) => ({
  region,
  blindSince: null,
  silent: false,
  since: at(HOUR),
  named: false,
  ...rest,
});

describe("silentRegions", () => {
  it("names a blind region, and one that went quiet while others report", () => {
    const sights = [
      sight("blind", { silent: true, blindSince: at(60_000) }),
      sight("quiet", { silent: true }),
      sight("seeing"),
      // another worker of it sees
      sight("half-blind", { blindSince: at(60_000) }),
    ];
    expect(silentRegions(sights, NOW)).toEqual([
      { region: "blind", since: at(60_000).toISOString(), blind: true },
      { region: "quiet", since: at(HOUR).toISOString(), blind: false },
    ]);
  });

  it("forgets a region that was given up, unless a check asks for it", () => {
    const old = { silent: true, since: at(2 * DAY) };
    const sights = [sight("seeing"), sight("gone", old), sight("wished", { ...old, named: true })];
    expect(silentRegions(sights, NOW).map(({ region }) => region)).toEqual(["wished"]);
  });

  it("leaves it to the page's freshness when nobody looks at all", () => {
    expect(silentRegions([sight("only", { silent: true })], NOW)).toEqual([]);
  });
});

it("gives each region a line with the worst that it sees", () => {
  const lines = regionLines([
    state("eu-west", "up", { since: at(3 * HOUR) }),
    state("eu-west", "gateway_timeout", { checkNumber: 2, since: at(HOUR) }),
    state("us-east", "up", { since: at(3 * HOUR) }),
    state("us-east", "up", { checkNumber: 2, since: at(HOUR) }),
    state("asia", "unknown", { since: at(2 * HOUR) }),
  ]);
  expect(lines.map(({ region, health, since }) => [region, health, since])).toEqual([
    ["eu-west", "down", at(HOUR).toISOString()],
    ["us-east", "up", at(HOUR).toISOString()],
    ["asia", "unknown", at(2 * HOUR).toISOString()],
  ]);
});
