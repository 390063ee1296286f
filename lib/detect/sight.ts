import type { CheckSpec } from "#lib/model/check.ts";
import { healthOf, isFailing, type Health, type Outcome } from "#lib/model/outcome.ts";

import { hostOfTarget, isEnough, judgeSight, type Outside, type Sample } from "./blindness.ts";

/** One look, judged by itself. */
export interface Seen {
  readonly check: CheckSpec;
  /** When it was due, epoch milliseconds. */
  readonly at: number;
  readonly outcome: Outcome;
}

/** Whom a region in doubt turns to. */
export interface SightPorts {
  /**
   * What there is outside to ask. Never rejects.
   * @param failing numbers of checks that have begun to fail, the first of them at `since`
   */
  askOutside(failing: readonly number[], since: number): Promise<Outside>;
  /** True when people have chosen what to ask. */
  chosen(): boolean;
  /** What is believed of a check. */
  believes(checkNumber: number): Health;
  /**
   * Looks at some of these checks now, the first ones that it can; their looks come back through `weigh`.
   * @returns which
   */
  lookAgain(checks: readonly CheckSpec[], limit: number): readonly CheckSpec[];
  /** Looks at all of them now, as far as they are ours to look at. */
  lookAtAll(checks: readonly CheckSpec[]): void;
  wentBlind(since: number): void;
  sees(since: number): void;
  now(): number;
}

export interface RegionSight {
  /** The checks that are looked at from now on. */
  watch(checks: readonly CheckSpec[]): void;
  /**
   * The outcome that a look counts as: its own, or `unknown` while the region is blind. A failure
   * that would be news is kept back until it is known which; that takes no time while something
   * outside answers.
   */
  weigh(seen: Seen): Outcome | Promise<Outcome>;
  /** Takes up a blindness that an earlier process of the region has noted. */
  resume(since: number): void;
  /** Lets everything go that is kept back: nobody will know any more. */
  stop(): void;
}

/** How many checks are looked at again to find out. */
const SAMPLE_SIZE = 10;
const ASK_EVERY_MS = 250;
/** How long others are waited for that are there and say nothing. */
const WAIT_MS = 3_000;
/** A failure is kept back for as long as the slowest check may take and this, and no longer than that. */
const GRACE_MS = 2_000;
const LONGEST_MS = 30_000;
/** A region that was found to see is not asked again for so long. */
const TRUST_MS = 250;
const BLIND_POLL_MS = 2_000;
/** How often a blind region looks at some of its checks, when nothing else tells that it sees again. */
const BLIND_SAMPLE_MS = 6_000;

/** Kinds whose looks need no network of ours: the job calls, and the database knows. */
const WITHOUT_NETWORK: ReadonlySet<string> = new Set(["push"]);

interface Kept {
  readonly checkNumber: number;
  readonly at: number;
  readonly release: (blind: boolean) => void;
}

interface Doubt {
  readonly since: number;
  readonly kept: Kept[];
}

/** Checks that are being looked at again, with what has come back. */
interface Asked {
  readonly from: number;
  readonly answers: Map<number, boolean | null>;
}

/**
 * Watches whether a region has its own network. The memory of `judgeSight`: it begins to doubt when
 * a check that was fine fails and nothing outside answers, has a sample of all checks looked at
 * again, and keeps back what failed until that is in. So nothing of a blind region turns red,
 * however short its checks' confirmation is.
 */
export function createSight(ports: SightPorts): RegionSight {
  let checks: readonly CheckSpec[] = [];
  let asked: Asked | null = null;
  let doubt: Doubt | null = null;
  let blindSince: number | null = null;
  let trustedUntil = -Infinity;
  let wake: (() => void) | null = null;
  const stopping = new AbortController();

  // what is believed to be down already says nothing about now
  const eligible = (): CheckSpec[] =>
    checks.filter(({ kind, number }) => !WITHOUT_NETWORK.has(kind) && !isFailing(ports.believes(number)));

  function askSample(): void {
    const from = ports.now();
    const some = ports.lookAgain(spread(eligible(), from), SAMPLE_SIZE);
    asked = { from, answers: new Map(some.map((check) => [check.number, null])) };
  }

  const longest = (): number =>
    Math.min(LONGEST_MS, GRACE_MS + eligible().reduce((most, check) => Math.max(most, check.timeoutMs), 0));

  function sampled(): Sample {
    const answers = [...(asked?.answers.values() ?? [])];
    return {
      asked: answers.length,
      failing: answers.filter((fine) => fine === false).length,
      fine: answers.filter((fine) => fine === true).length,
    };
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (stopping.signal.aborted) wake();
    });

  /** Finds out whether what `mine` keeps back is the targets' doing or ours, and lets it go. */
  async function settle(mine: Doubt): Promise<void> {
    const began = ports.now();
    let silentSince: number | null = null;
    while (!stopping.signal.aborted && blindSince === null) {
      const failing = mine.kept.map(({ checkNumber }) => checkNumber);
      const outside = await ports.askOutside(failing, mine.since);
      if (outside === "silent" && silentSince === null) {
        const all = eligible();
        const targets = new Set(all.map((check) => hostOfTarget(check.target))).size;
        if (!isEnough({ checks: all.length, targets }, ports.chosen())) break;
        silentSince = ports.now();
        askSample();
      }
      const over =
        silentSince === null ? ports.now() - began > WAIT_MS : ports.now() - silentSince > longest();
      const sight = judgeSight(outside, sampled(), over);
      if (sight === "sees") break;
      if (sight === "blind") {
        blindSince = Math.min(...mine.kept.map(({ at }) => at));
        ports.wentBlind(blindSince);
        void untilSeeing();
        break;
      }
      await pause(ASK_EVERY_MS);
    }
    doubt = null;
    if (blindSince === null) trustedUntil = ports.now() + TRUST_MS;
    for (const { release } of mine.kept) release(blindSince !== null || stopping.signal.aborted);
  }

  async function untilSeeing(): Promise<void> {
    let sampledAt = ports.now();
    for (;;) {
      await pause(BLIND_POLL_MS);
      if (stopping.signal.aborted || blindSince === null) return;
      const failing = [...(asked?.answers ?? [])].flatMap(([number, fine]) =>
        fine === false ? [number] : [],
      );
      const outside = await ports.askOutside(failing, asked?.from ?? blindSince);
      // either nothing speaks for blindness any more, or most of the targets speak against it
      if (outside === "clear" || sampled().fine > failing.length) break;
      if (ports.now() - sampledAt >= BLIND_SAMPLE_MS) {
        sampledAt = ports.now();
        askSample();
      }
    }
    const since = blindSince;
    blindSince = null;
    asked = null;
    ports.sees(since);
    ports.lookAtAll(checks.filter((check) => !WITHOUT_NETWORK.has(check.kind)));
  }

  function keepBack({ check, at, outcome }: Seen): Outcome | Promise<Outcome> {
    if (ports.now() < trustedUntil || stopping.signal.aborted) return outcome;
    return new Promise((resolve) => {
      const kept = {
        checkNumber: check.number,
        at,
        release: (blind: boolean) => resolve(blind ? "unknown" : outcome),
      };
      if (doubt === null) {
        doubt = { since: at, kept: [kept] };
        void settle(doubt);
      } else doubt.kept.push(kept);
    });
  }

  return {
    watch: (now) => {
      checks = now;
    },
    weigh: (seen) => {
      const { check, at, outcome } = seen;
      if (WITHOUT_NETWORK.has(check.kind)) return outcome;
      const health = healthOf(outcome);
      const fine = health === "up" || health === "slow";
      if (asked?.answers.has(check.number) === true && at >= asked.from) {
        asked.answers.set(check.number, fine);
        wake?.();
      }
      if (blindSince !== null) return "unknown";
      if (fine) return outcome;
      const believed = ports.believes(check.number);
      // a look that could not even begin changes nothing by itself, and is a reason to ask as well
      if (health === "unknown") return believed === "unknown" ? outcome : (void keepBack(seen), outcome);
      return isFailing(believed) ? outcome : keepBack(seen);
    },
    resume: (since) => {
      if (blindSince !== null || stopping.signal.aborted) return;
      blindSince = since;
      void untilSeeing();
    },
    stop: () => {
      stopping.abort();
      wake?.();
    },
  };
}

/** The checks, first one of each target, beginning with another one each time. */
function spread(checks: readonly CheckSpec[], seed: number): CheckSpec[] {
  const turned = checks
    .map((_, i) => checks[(i + seed) % checks.length])
    .filter((check) => check !== undefined);
  const hosts = new Set<string>();
  const firsts: CheckSpec[] = [];
  const others: CheckSpec[] = [];
  for (const check of turned) {
    const host = hostOfTarget(check.target);
    (hosts.has(host) ? others : firsts).push(check);
    hosts.add(host);
  }
  return [...firsts, ...others];
}
