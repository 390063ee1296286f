import { setTimeout as sleep } from "node:timers/promises";

import { dueTimes, phaseOf } from "#lib/schedule/due.ts";

import type { Arrivals } from "./messages.ts";
import type { BenchCheck, Scene, Stage } from "./stage.ts";
import { cpuSeconds, memoryOf, treeCpuSeconds } from "./usage.ts";

/** What a worker did with its checks in a time. */
export interface Measured {
  /** Looks that were due, and how many of them were stored, at exactly their due time. */
  readonly due: number;
  readonly stored: number;
  /** Milliseconds from a look's due time to its request's arrival at the target, sorted. */
  readonly lateness: readonly number[];
  /** CPU seconds a thousand looks. */
  readonly worker: number;
  readonly postgres: number;
  readonly target: number;
  /** Megabytes. */
  readonly pss: number;
  readonly peakRss: number;
}

export interface Options {
  readonly seconds: number;
  /** The looks whose lateness counts; all of them when not given. */
  readonly punctual?: (check: BenchCheck) => boolean;
}

/** Watches a running worker for a time, from the outside. */
export async function measureWorker(
  stage: Stage,
  scene: Scene,
  checks: readonly BenchCheck[],
  { seconds, punctual = () => true }: Options,
): Promise<Measured> {
  const from = Date.now() + 1_000;
  const to = from + seconds * 1_000;
  await sleepUntil(from);
  await stage.target.ask({});
  const before = usage(stage, scene);
  let pss = 0;
  while (Date.now() < to - 1_000) {
    await sleep(1_000);
    pss = Math.max(pss, memoryOf(scene.workerPid).pss);
  }
  await sleepUntil(to);
  const after = usage(stage, scene);
  const arrivals = await stage.target.ask({});
  const slowest = Math.max(...checks.map((check) => check.timeoutMs));
  const due = checks.reduce((sum, check, i) => sum + dueIn(scene, check, i, from, to).length, 0);
  const stored = await countStored(scene, checks, { from, to, within: slowest + 10_000 });
  const thousands = due / 1_000;
  return {
    due,
    stored,
    lateness: latenessOf(arrivals, scene, checks, { from, punctual }),
    worker: (after.worker - before.worker) / thousands,
    postgres: (after.postgres - before.postgres) / thousands,
    target: (after.target - before.target) / thousands,
    pss,
    peakRss: memoryOf(scene.workerPid).peakRss,
  };
}

function usage(stage: Stage, scene: Scene): { worker: number; postgres: number; target: number } {
  return {
    worker: cpuSeconds(scene.workerPid),
    postgres: treeCpuSeconds(stage.postgresPid),
    target: cpuSeconds(stage.target.pid),
  };
}

function dueIn(scene: Scene, check: BenchCheck, index: number, from: number, to: number): number[] {
  return dueTimes({ id: idOf(scene, index), intervalMs: check.intervalMs }, from, to);
}

function idOf(scene: Scene, index: number): string {
  return scene.stored[index]?.id ?? "";
}

/**
 * Rows that stand at a due time of their check in [from, to). What was looked at at the very end may
 * still be on its way: it is waited for, as long as a time-out and a batch take.
 */
async function countStored(
  scene: Scene,
  checks: readonly BenchCheck[],
  { from, to, within }: { from: number; to: number; within: number },
): Promise<number> {
  const wanted = new Map(
    checks.map((check, i) => [scene.stored[i]?.number, new Set(dueIn(scene, check, i, from, to))]),
  );
  const total = [...wanted.values()].reduce((sum, times) => sum + times.size, 0);
  const until = performance.now() + within;
  let found = 0;
  do {
    await sleep(500);
    const { rows } = await scene.sql.query<{ check_number: number; at: string }>(
      `SELECT check_number, extract(epoch FROM slot_at) * 1000 AS at FROM results
       WHERE slot_at >= $1 AND slot_at < $2`,
      [new Date(from), new Date(to)],
    );
    found = rows.filter(({ check_number, at }) =>
      wanted.get(check_number)?.has(Math.round(Number(at))),
    ).length;
  } while (found < total && performance.now() < until);
  return found;
}

/** How late each request came, to the nearest due time of its check. */
function latenessOf(
  { ids, times }: Arrivals,
  scene: Scene,
  checks: readonly BenchCheck[],
  { from, punctual }: { from: number; punctual: (check: BenchCheck) => boolean },
): number[] {
  const byPath = new Map(
    checks.flatMap((check, i) => {
      const { intervalMs } = check;
      const phase = phaseOf({ id: idOf(scene, i), intervalMs });
      return punctual(check) ? [[check.path, { phase, intervalMs }] as const] : [];
    }),
  );
  const late: number[] = [];
  for (const [i, time] of times.entries()) {
    const due = byPath.get(ids[i] ?? -1);
    if (due === undefined || time < from) continue;
    const off = (((time - due.phase) % due.intervalMs) + due.intervalMs) % due.intervalMs;
    late.push(off > due.intervalMs / 2 ? off - due.intervalMs : off);
  }
  return late.toSorted((a, b) => a - b);
}

/** The q-quantile of sorted values, by nearest rank. */
export function quantileOf(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** The bare loop on the same targets at the same times. */
export async function measureBare(
  stage: Stage,
  scene: Scene,
  checks: readonly BenchCheck[],
  seconds: number,
): Promise<{ lateness: readonly number[]; cpu: number; done: number }> {
  const intervalMs = checks[0]?.intervalMs ?? 1_000;
  const from = Math.ceil((Date.now() + 500) / intervalMs) * intervalMs;
  await stage.target.ask({});
  const looks = checks.map((check, i) => ({
    url: String(Reflect.get(check.target, "url")),
    phase: phaseOf({ id: idOf(scene, i), intervalMs }),
  }));
  const { done, cpuSeconds: cpu } = await stage.bare.ask({
    kind: "paced",
    looks,
    intervalMs,
    from,
    to: from + seconds * 1_000,
    timeoutMs: 10_000,
  });
  const arrivals = await stage.target.ask({});
  return {
    lateness: latenessOf(arrivals, scene, checks, { from, punctual: () => true }),
    cpu: cpu / (done / 1_000),
    done,
  };
}

async function sleepUntil(at: number): Promise<void> {
  await sleep(Math.max(0, at - Date.now()));
}
