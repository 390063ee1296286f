import { DAY } from "#lib/base/clock.ts";
import { isFailing, outcomeOf, type Health } from "#lib/model/outcome.ts";
import { quorum, quorumRuleOf } from "#lib/model/quorum.ts";
import type { ComponentStatus } from "#lib/model/status.ts";
import type { Database } from "#lib/store/client.ts";
import {
  readComponentVotes,
  readRegionSights,
  readSplitVotes,
  type RegionSight,
  type RegionState,
} from "#lib/store/public-regions.ts";

import type { ShownComponent } from "./standing.ts";
import type { ComponentRegions, MinorityFault, PageRegions, RegionLine, SilentRegion } from "./types.ts";

/** What `/` says of regions: which ones give no data, and what only a few of them see. */
export async function readPageRegions(
  db: Database,
  components: readonly ShownComponent[],
  now: number,
): Promise<PageRegions> {
  const [sights, votes] = await Promise.all([readRegionSights(db), readSplitVotes(db)]);
  return {
    silent: silentRegions(sights, now),
    minorities: components.flatMap((component) => minorityOf(component, votes) ?? []),
  };
}

/** The same of one component, with a line for each region that looks at it. */
export async function readComponentRegions(
  db: Database,
  component: ShownComponent,
  now: number,
): Promise<ComponentRegions> {
  const [sights, votes] = await Promise.all([readRegionSights(db), readComponentVotes(db, component.row.id)]);
  const looking = new Set(votes.map(({ region }) => region));
  return {
    lines: regionLines(votes),
    silent: silentRegions(sights, now).filter(({ region }) => looking.has(region)),
    minority: minorityOf(component, votes),
  };
}

/**
 * Regions that give no data: those that lost their own network, and those that went quiet while
 * others report. One that no check names is left out after a day: it was given up.
 */
export function silentRegions(sights: readonly RegionSight[], now: number): SilentRegion[] {
  const others = sights.some(({ silent }) => !silent);
  return sights
    .filter(({ silent, blindSince, since, named }) => {
      if (!silent) return false;
      if (blindSince !== null) return true;
      return others && (named || now - since.getTime() < DAY);
    })
    .map(({ region, blindSince, since }) => ({
      region,
      since: (blindSince ?? since).toISOString(),
      blind: blindSince !== null,
    }));
}

/** Statuses under which a failure that a few regions see is still news. */
const FINE: ReadonlySet<ComponentStatus> = new Set(["operational", "degraded_performance"]);

/** What a minority of regions sees of a component whose status does not say so; null: nothing. */
export function minorityOf(component: ShownComponent, votes: readonly RegionState[]): MinorityFault | null {
  if (!FINE.has(component.status)) return null;
  const own = votes.filter(({ componentId }) => componentId === component.row.id);
  const outvoted = [...byCheck(own).values()].filter((states) => states.length > 1).flatMap(failingMinority);
  const first = outvoted.toSorted((a, b) => a.since.getTime() - b.since.getTime())[0];
  if (first === undefined) return null;
  const looking = new Set(own.filter(({ health }) => health !== "unknown").map(({ region }) => region));
  return {
    componentId: component.row.id,
    component: component.row.name,
    slug: component.row.slug,
    regions: [...new Set(outvoted.map(({ region }) => region))].toSorted(),
    of: looking.size,
    outcome: outcomeOf(first.outcome),
    since: first.since.toISOString(),
  };
}

function byCheck(votes: readonly RegionState[]): Map<number, RegionState[]> {
  const checks = new Map<number, RegionState[]>();
  for (const vote of votes) checks.set(vote.checkNumber, [...(checks.get(vote.checkNumber) ?? []), vote]);
  return checks;
}

/** The failing votes of a check that its quorum does not follow. */
function failingMinority(states: readonly RegionState[]): RegionState[] {
  const rule = quorumRuleOf(states[0]?.quorum ?? "majority");
  const votes = states.map(({ health, outcome }) => ({ health, outcome: outcomeOf(outcome) }));
  if (isFailing(quorum(votes, rule).health)) return [];
  return states.filter(({ health }) => isFailing(health));
}

const WORST_FIRST: readonly Health[] = ["down", "partial", "slow", "up", "unknown"];

/** One line a region: the worst that it sees of any check, and since when. */
export function regionLines(votes: readonly RegionState[]): RegionLine[] {
  const regions = [...new Set(votes.map(({ region }) => region))];
  return regions.flatMap((region) => {
    const own = votes.filter((vote) => vote.region === region);
    const health = WORST_FIRST.find((each) => own.some((vote) => vote.health === each));
    const [first, ...others] = own.filter((vote) => vote.health === health);
    if (first === undefined || health === undefined) return [];
    // trouble began with the first check that has it; being well, with the last that became so
    const pick = others.reduce((a, b) => (b.since < a.since === health in TROUBLE ? b : a), first);
    return [{ region, health, outcome: outcomeOf(pick.outcome), since: pick.since.toISOString() }];
  });
}

const TROUBLE: Partial<Record<Health, true>> = { down: true, partial: true, slow: true };
