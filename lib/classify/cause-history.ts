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
  /** Good answers in the middle of the trouble, and how long they took. */
  readonly amongMs: number | null;
  /** All was well up to the start, and from then on all failed in one and the same way. */
  readonly sharp: boolean;
  /** Every failure is the same one, and none succeeds in between. */
  readonly constant: boolean;
  /** Failures come quicker than anybody waits for something. */
  readonly fast: boolean;
  /** Some looks succeed between failures: the share of failures, null when it is not so. */
  readonly share: number | null;
}

/** Trouble just before the start belongs to the episode: a first failure may have passed again. */
const PRELUDE = 15 * MINUTE;
/** Fewer looks than these say nothing about a course of events. */
const ENOUGH_BEFORE = 6;
const ENOUGH_DURING = 3;

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
  const troubled = fromFirstFailure(looks, facts.startedAt - PRELUDE);
  const quiet = good.length >= ENOUGH_BEFORE && !before.some((look) => fails(look) && isNear(look, facts));
  return {
    before,
    during,
    failures,
    usualMs,
    climb: climbOf(good, facts.startedAt),
    amongMs: median(troubled.filter((look) => !fails(look)).map((look) => look.totalMs)),
    sharp: constant && quiet,
    constant,
    fast: isFast(failures, facts.timeoutMs),
    share: shareOf(troubled),
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

/** While some regions fail and others do not, only those that fail have something to tell. */
function looksThatMatter({ looks, votes }: CauseFacts): readonly PastLook[] {
  const failing = new Set(votes.filter(({ health }) => isFailing(health)).map(({ region }) => region));
  return failing.size === 0 ? looks : looks.filter(({ region }) => failing.has(region));
}

function isNear(look: PastLook, { startedAt }: CauseFacts): boolean {
  return look.at >= startedAt - PRELUDE;
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
const NOTICEABLE_MS = 80;

/**
 * Good answers were at least twice as slow at the end as at the beginning, and not by one leap at
 * the very last look.
 */
function climbOf(good: readonly PastLook[], startedAt: number): History["climb"] {
  if (good.length < ENOUGH_BEFORE) return null;
  const fromMs = median(good.slice(0, Math.ceil(good.length / 3)).map((look) => look.totalMs));
  const toMs = median(good.slice(-3).map((look) => look.totalMs));
  if (fromMs === null || toMs === null) return null;
  if (toMs < 2 * fromMs || toMs - fromMs < NOTICEABLE_MS) return null;
  const raised = fromMs + Math.max(fromMs / 2, NOTICEABLE_MS / 2);
  const calm = good.findLastIndex((look) => look.totalMs < raised);
  const begin = good[calm + 1];
  return begin === undefined ? null : { fromMs, toMs, forMs: startedAt - begin.at };
}

function isFast(failures: readonly PastLook[], timeoutMs: number): boolean {
  const typical = median(failures.map((look) => look.totalMs));
  return typical !== null && typical < Math.min(1_000, timeoutMs / 4);
}

function fromFirstFailure(looks: readonly PastLook[], since: number): readonly PastLook[] {
  const first = looks.findIndex((look) => look.at >= since && fails(look));
  return first < 0 ? [] : looks.slice(first);
}

function shareOf(troubled: readonly PastLook[]): number | null {
  const failed = troubled.filter(fails).length;
  const passed = troubled.length - failed;
  return failed >= 2 && passed >= 2 ? failed / troubled.length : null;
}
