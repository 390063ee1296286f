import { SECOND } from "#lib/base/clock.ts";
import { uuidv7 } from "#lib/base/id.ts";
import { classify } from "#lib/classify/classify.ts";
import { createStandings } from "#lib/detect/standings.ts";
import { diagnoseEpisodes } from "#lib/diagnose/diagnose-episodes.ts";
import { evidenceOf, type Evidence } from "#lib/model/evidence.ts";
import type { Confirmation } from "#lib/model/belief.ts";
import type { CheckSpec } from "#lib/model/check.ts";
import type { Observation } from "#lib/model/observation.ts";
import { healthOf, isFailing, leavesEvidence, outcomeCode } from "#lib/model/outcome.ts";
import type { Cause, Verdict } from "#lib/model/verdict.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import { applyTransitions } from "#lib/store/check-states.ts";
import type { Json } from "#lib/store/catalog.ts";
import type { Database } from "#lib/store/client.ts";
import { ensureRegion, type RegionRow } from "#lib/store/regions.ts";
import { storeResults } from "#lib/store/results.ts";

/** A check on a stage: who looks, and at what. */
export interface Actor {
  readonly check: CheckSpec;
  readonly region: RegionRow;
  readonly standings: ReturnType<typeof createStandings>;
  /** How it is looked at, when not by the probe in this very process. */
  readonly probe: () => Promise<Observation>;
}

export interface LookOptions {
  /** Between two looks, in the time of the history; default 10 s. */
  readonly everyMs?: number;
  /** Looks under way at once; default 1. More only where they do not disturb each other. */
  readonly atOnce?: number;
  /** Before each look, those that confirm it as well, with its number from 0. */
  readonly before?: (index: number) => unknown;
}

/** What a history came to. */
export interface Told {
  readonly cause: Cause;
  /** The verdict of the episode's last failure. */
  readonly verdict: Verdict;
}

/**
 * A history that is played quickly: every look is a real one, judged, stored and confirmed by the
 * code that does it in a worker, only the time between two looks is not waited for.
 */
export interface Stage {
  readonly db: Database;
  readonly componentId: string;
  /** The moment that the history has come to, epoch milliseconds. */
  now(): number;
  /** Lets time pass without a look. */
  pass(ms: number): void;
  /** Looks of the first actor, or of another. */
  look(count: number, options?: LookOptions, actor?: Actor): Promise<void>;
  /** Another check, also of another component or from another region; the first needs none of it. */
  add(extra: Partial<Cast>): Promise<Actor>;
  readonly actor: Actor;
  /** Opens the episode by hand where its regions' votes have not: one failing region may be no majority. */
  openEpisode(): Promise<void>;
  /** Has the cause told, and reads what is stored. */
  tell(): Promise<Told>;
}

export interface Cast {
  readonly target: Readonly<Record<string, Json>>;
  readonly timeoutMs: number;
  readonly region: string;
  /** Another component of that name; without it the stage's own. */
  readonly component: string;
  /** Looks at the check of this actor instead of one of its own. */
  readonly shares: Actor;
  readonly probe: () => Promise<Observation>;
}

/** How long a history may be: the stage begins so long ago. */
const PAST = 3 * 3_600_000;

/** Opens a stage with one component and one HTTP check on an empty database of its own. */
export async function openStage(db: Database, cast: Partial<Cast>): Promise<Stage> {
  let time = Math.floor((Date.now() - PAST) / SECOND) * SECOND;
  const failures: Verdict[] = [];
  const componentId = await makeComponent(db, "Shop");
  const actor = await makeActor(db, componentId, cast);

  async function see(
    who: Actor,
    at: number,
    prepare: () => unknown,
    confirms: Confirmation | null = null,
  ): Promise<void> {
    const observation = await who.probe();
    const verdict = classify(observation, expectationsOf(who.check));
    await storeResults(db, [
      {
        checkNumber: who.check.number,
        regionId: who.region.id,
        slotAt: at,
        outcome: verdict.outcome,
        httpStatus: observation.http?.status ?? null,
        timings: observation.timings,
        evidence: leavesEvidence(verdict.outcome) ? evidenceOf(observation, verdict) : null,
      },
    ]);
    if (who.check === actor.check && isFailing(healthOf(verdict.outcome))) failures.push(verdict);
    const { changes, confirm } = who.standings.judge(who.check, { outcome: verdict.outcome, at, confirms });
    const keys = { checkNumber: who.check.number, regionId: who.region.id };
    await applyTransitions(
      db,
      changes.map((change) => ({ ...keys, ...change })),
    );
    if (confirm) await confirmed(who, at, prepare);
  }

  async function confirmed(who: Actor, since: number, prepare: () => unknown): Promise<void> {
    for (const [index, delay] of who.check.confirmMs.entries()) {
      if (!who.standings.suspects(who.check.number, since)) return;
      await prepare();
      await see(who, since + delay, prepare, { since, last: index === who.check.confirmMs.length - 1 });
    }
  }

  return {
    db,
    componentId,
    actor,
    now: () => time,
    pass: (ms) => void (time += ms),
    add: (extra) => addActor(db, componentId, extra),
    look: async (count, { everyMs = 10 * SECOND, atOnce = 1, before } = {}, who = actor) => {
      for (let done = 0; done < count; done += atOnce) {
        const indices = Array.from({ length: Math.min(atOnce, count - done) }, (_, index) => done + index);
        const prepare = (): unknown => before?.(done);
        await prepare();
        await Promise.all(indices.map((index) => see(who, time + (index - done + 1) * everyMs, prepare)));
        time += indices.length * everyMs;
      }
    },
    openEpisode: async () => {
      const open = { checkId: actor.check.id, endedAt: null };
      if ((await db.errorEpisode.count({ where: open })) > 0) return;
      const where = { checkNumber: actor.check.number, regionId: actor.region.id };
      const seen = await db.evidence.findFirstOrThrow({ where, orderBy: { slotAt: "asc" } });
      const detail = seen.detail as unknown as Evidence; // written by storeResults from an Evidence
      await db.errorEpisode.create({
        data: {
          componentId,
          checkId: actor.check.id,
          outcome: outcomeCode(detail.outcome),
          startedAt: seen.slotAt,
          checks: 1,
          failures: 1,
          regions: [actor.region.name],
          firstEvidence: seen.detail as Json,
        },
      });
    },
    tell: async () => {
      const latest = { where: { checkId: actor.check.id }, orderBy: { startedAt: "desc" } } as const;
      const ended = (await db.errorEpisode.findFirst(latest))?.endedAt;
      // a worker thinks an episode over at the moment of its end, if it has one
      await diagnoseEpisodes(db, ended ?? new Date(time), { checkNumbers: [actor.check.number] });
      const episode = await db.errorEpisode.findFirst(latest);
      const verdict = failures.at(-1);
      if (episode === null || verdict === undefined) throw new Error("the history came to no episode");
      // written by saveCause from a Cause
      return { cause: episode.cause as unknown as Cause, verdict };
    },
  };
}

let names = 0;

async function makeComponent(db: Database, name: string): Promise<string> {
  names += 1;
  const { id } = await db.component.create({ data: { id: uuidv7(), slug: `component-${names}`, name } });
  return id;
}

async function addActor(db: Database, componentId: string, extra: Partial<Cast>): Promise<Actor> {
  const own = extra.component === undefined ? componentId : await makeComponent(db, extra.component);
  return makeActor(db, own, extra);
}

async function makeActor(db: Database, componentId: string, cast: Partial<Cast>): Promise<Actor> {
  const region = await ensureRegion(db, cast.region ?? "local");
  const check = cast.shares?.check ?? (await makeCheck(db, componentId, cast));
  const target = cast.target ?? check.target;
  const probe = cast.probe ?? (() => runProbe({ ...check, target }));
  const same = cast.shares?.region.id === region.id ? cast.shares : undefined;
  return { check, region, standings: same?.standings ?? createStandings(), probe };
}

async function makeCheck(db: Database, componentId: string, cast: Partial<Cast>): Promise<CheckSpec> {
  names += 1;
  const target = { ...cast.target };
  const row = await db.check.create({
    data: {
      componentId,
      name: `check ${names}`,
      kind: "http",
      target,
      // longer than any pause of a history: nothing in it counts as silence
      intervalMs: 600 * SECOND,
      timeoutMs: cast.timeoutMs ?? 500,
      confirmMs: [500, 2_000],
      quorum: "any",
    },
  });
  return { ...row, target };
}
