import { MINUTE } from "#lib/base/clock.ts";
import type { CauseFacts, PastLook } from "#lib/model/cause-facts.ts";
import { healthOf, isFailing } from "#lib/model/outcome.ts";

/** What the looks before and in an episode have in common. Milliseconds. */
export interface History {
  /** Oldest first; looks from regions that see nothing wrong are left out. */
  readonly before: readonly PastLook[];
  readonly during: readonly PastLook[];
  /** Failures in the episode. */
  readonly failures: readonly PastLook[];
  /** How long good answers usually took, long before the start; null with too few of them. */
  readonly usualMs: number | null;
  /** Good answers had become slower before the start. */
  readonly climb: { readonly fromMs: number; readonly toMs: number; readonly forMs: number } | null;
  /** How long good answers in the middle of the trouble took, the quicker ones of them. */
  readonly amongMs: number | null;
  /** All was well up to the start, and from then on all failed in one and the same way. */
  readonly sharp: boolean;
  /** Every failure is the same one, and none succeeds in between. */
  readonly constant: boolean;
  /** Failures come quicker than anybody waits for something. */
  readonly fast: boolean;
  /** Some looks succeed between failures: the share of failures, null when it is not so. */
  readonly share: number | null;
  /**
   * Failures are the fewer, all the same, and strewn among good looks for as long as is known: the
   * share of them, null when it is not so.
   */
  readonly strewn: number | null;
}

/** Trouble just before the start belongs to the episode: a first failure may have passed again. */
const PRELUDE = 15 * MINUTE;
/** So many good looks in a row end whatever was before them. */
const CALM = 5;
/** Fewer looks than these say nothing about a course of events. */
const ENOUGH_CALM = 3;
const ENOUGH_BEFORE = 6;
const ENOUGH_DURING = 3;
/** Looks before the start that are all there; of those further back failures are read by preference. */
const ALL_THERE = 60;
/** What begins with three failures in a row looks worse than it is for so many looks. */
const ENOUGH_STREWN = 16;
const ENOUGH_STREWN_RUNS = 4;
/** Of a pool that lost more than this, no single member is the reason. */
const MOST_STREWN = 0.4;

/** Reads the course of events from the looks. */
export function readHistory(facts: CauseFacts): History {
  const looks = looksThatMatter(facts);
  const before = looks.filter((look) => look.at < facts.startedAt);
  const during = looks.filter((look) => look.at >= facts.startedAt);
  const failures = during.filter(fails);
  const good = before.filter((look) => !fails(look));
  const usualMs = usualTime(good);
  const constant =
    failures.length >= ENOUGH_DURING &&
    failures.length === during.length &&
    new Set(failures.map(signature)).size === 1;
  const prelude = sinceLastCalm(before, facts);
  const troubled = [...prelude, ...during];
  return {
    before,
    during,
    failures,
    usualMs,
    climb: climbOf(
      before.slice(0, before.length - prelude.length).filter((look) => !fails(look)),
      facts.startedAt,
    ),
    amongMs: quickerOnes(troubled.filter((look) => !fails(look)).map((look) => look.totalMs)),
    sharp: constant && calmBefore(before) >= ENOUGH_CALM,
    constant,
    fast: isFast(failures, facts.timeoutMs),
    share: shareOf(troubled),
    strewn: strewnOf([...before.slice(-ALL_THERE), ...during]),
  };
}

/** True for a look that failed. */
export function fails(look: PastLook): boolean {
  return isFailing(healthOf(look.outcome));
}

/** The middle of some numbers; null when there are none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  return high === undefined || low === undefined ? null : (low + high) / 2;
}

/**
 * The lowest quarter's end. Where packets get lost, some answers are late by a repetition and others
 * as quick as ever; in a queue everybody waits.
 */
function quickerOnes(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)] ?? null;
}

/** While some regions fail and others do not, only those that fail have something to tell. */
function looksThatMatter({ looks, votes }: CauseFacts): readonly PastLook[] {
  const failing = new Set(votes.filter(({ health }) => isFailing(health)).map(({ region }) => region));
  return failing.size === 0 ? looks : looks.filter(({ region }) => failing.has(region));
}

/** What tells one failure from another. */
function signature({ outcome, status, error, phase }: PastLook): string {
  return [outcome, status, error, phase].join("/");
}

function usualTime(good: readonly PastLook[]): number | null {
  if (good.length < ENOUGH_BEFORE) return null;
  return median(good.slice(0, Math.ceil(good.length / 2)).map((look) => look.totalMs));
}

/** Less than this is noise, however many times the usual it may be. */
const NOTICEABLE_MS = 150;

/**
 * Good answers were at least twice as slow at the end as at the beginning, and not by one leap at
 * the very last look.
 */
function climbOf(good: readonly PastLook[], startedAt: number): History["climb"] {
  if (good.length < ENOUGH_BEFORE) return null;
  const fromMs = median(good.slice(0, Math.ceil(good.length / 3)).map((look) => look.totalMs));
  const latest = good.slice(-3).map((look) => look.totalMs);
  const toMs = median(latest);
  if (fromMs === null || toMs === null) return null;
  const raised = fromMs + Math.max(fromMs / 2, NOTICEABLE_MS / 2);
  // one that is as quick as ever: what is late is late by a repetition, not by a queue
  const quick = 1.5 * fromMs + 20;
  if (toMs < 2 * fromMs || toMs - fromMs < NOTICEABLE_MS || Math.min(...latest) < quick) return null;
  const calm = good.findLastIndex((look) => look.totalMs < raised);
  const begin = good[calm + 1];
  return begin === undefined ? null : { fromMs, toMs, forMs: startedAt - begin.at };
}

function isFast(failures: readonly PastLook[], timeoutMs: number): boolean {
  const typical = median(failures.map((look) => look.totalMs));
  return typical !== null && typical < Math.min(1_000, timeoutMs / 4);
}

/** How many good looks in a row end with the last one before the start. */
function calmBefore(before: readonly PastLook[]): number {
  return before.length - 1 - before.findLastIndex(fails);
}

/** What belongs to the trouble although it came before the start: from the first failure after the last calm on. */
function sinceLastCalm(before: readonly PastLook[], { startedAt }: CauseFacts): readonly PastLook[] {
  let first = before.length;
  for (let at = before.length - 1, good = 0; at >= 0 && good < CALM; at--) {
    const look = before[at];
    if (look === undefined || look.at < startedAt - PRELUDE) break;
    good = fails(look) ? 0 : good + 1;
    if (good === 0) first = at;
  }
  return before.slice(first);
}

function shareOf(troubled: readonly PastLook[]): number | null {
  const failed = troubled.filter(fails).length;
  const passed = troubled.length - failed;
  return failed >= 2 && passed >= 2 ? failed / troubled.length : null;
}

function strewnOf(looks: readonly PastLook[]): number | null {
  const troubled = looks.slice(looks.findIndex(fails));
  const failed = troubled.filter(fails);
  if (troubled.length < ENOUGH_STREWN || new Set(failed.map(signature)).size !== 1) return null;
  const runs: number[] = [];
  for (const [at, look] of troubled.entries()) {
    if (!fails(look)) continue;
    const before = troubled[at - 1];
    if (before === undefined || !fails(before)) runs.push(0);
    runs.push((runs.pop() ?? 0) + 1);
  }
  // one long run among a few single ones is an outage of everything
  const even = runs.length >= ENOUGH_STREWN_RUNS && Math.max(...runs) * 2 <= failed.length;
  const share = failed.length / troubled.length;
  return even && share <= MOST_STREWN ? share : null;
}
