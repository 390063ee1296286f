import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "#lib/base/clock.ts";
import type { Log } from "#lib/base/log.ts";
import type { Confirmation, WatchedCheck } from "#lib/model/belief.ts";
import type { CheckSpec } from "#lib/model/check.ts";

import type { Leave } from "./claims.ts";
import { besideDue, dueLooks, isIn } from "./due.ts";
import type { ConfirmOrder, Pipeline } from "./pipeline.ts";
import { SLOT_MS, type Slot } from "./slot.ts";
import type { createSteadySpecs } from "./steady.ts";
import { beginInTime } from "./timeline.ts";

export interface SlotContext {
  /** Every check that this region looks at, as it stands now. */
  readonly readWatched: () => Promise<readonly WatchedCheck[]>;
  readonly pipeline: Pipeline;
  readonly steady: ReturnType<typeof createSteadySpecs>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A slot is held long before it begins; its checks are read this long before, to know them as they are. */
const READ_AHEAD_MS = 1_000;

// what a pipeline was given last: slots that begin together share one reading
const adopted = new WeakMap<Pipeline, readonly WatchedCheck[]>();

/**
 * Looks at every check that is due in a slot, each at its own time, and waits until the last
 * look and its confirmations are committed. A look never waits for another: a target that hangs
 * holds up nothing but itself.
 */
export async function runSlot(slot: Slot, leave: Leave, context: SlotContext): Promise<void> {
  const { clock, pipeline, log } = context;
  await sleepUntil(slot.from - READ_AHEAD_MS, clock, leave.winding);
  if (leave.winding.aborted) return;
  const watched = await context.readWatched();
  if (adopted.get(pipeline) !== watched) pipeline.adopt(watched);
  adopted.set(pipeline, watched);
  const checks = context.steady(watched);
  const share = watched.filter(({ spec }) => isIn(slot, spec));
  const lastLooks = new Map(share.map(({ spec, belief }) => [spec.number, belief.lastSlotAt]));
  const looks = dueLooks(slot, checks, lastLooks, clock.now());
  const running = new Set<Promise<void>>();

  const begin = (check: CheckSpec, at: number, confirms: Confirmation | null): void => {
    const task = lookAndConfirm(check, at, confirms)
      .catch((error: unknown) => log.error("a look failed", { check: check.id, error }))
      .finally(() => running.delete(task));
    running.add(task);
  };

  async function lookAndConfirm(check: CheckSpec, at: number, confirms: Confirmation | null): Promise<void> {
    const order = await pipeline.look({ check, at, confirms, signal: leave.aborted });
    if (order !== null) await confirm(check, order);
  }

  async function confirm(check: CheckSpec, order: ConfirmOrder): Promise<void> {
    const times = confirmTimes(check, order, clock.now());
    for (const [index, at] of times.entries()) {
      await sleepUntil(at, clock, leave.winding);
      if (leave.winding.aborted || !pipeline.suspects(check.number, order.since)) return;
      begin(check, at, { since: order.since, last: index === times.length - 1 });
    }
  }

  const stopListening = pipeline.onLookAgain?.((wanted, limit) => {
    const now = clock.now();
    // of the slots in hand, one is answerable for a check now
    if (leave.winding.aborted || now < slot.from || now >= slot.from + SLOT_MS) return [];
    const mine = wanted.filter((check) => isIn(slot, check)).slice(0, limit);
    for (const check of mine) begin(check, besideDue(check, now), null);
    return mine;
  });

  await beginInTime(looks, clock, leave.winding, ({ check, at }) => {
    // a process that was stopped for a while does not make up for what it slept through
    if (clock.now() - at < check.intervalMs) begin(check, at, null);
  });
  while (running.size > 0) await Promise.all(running);
  stopListening?.();
}

/** The times of the confirming looks, each one a time that no other look of the check has. */
export function confirmTimes(check: CheckSpec, order: ConfirmOrder, now: number): number[] {
  // counted from the first sight; from now when writing it down took longer than that
  const delays = check.confirmMs.toSorted((a, b) => a - b);
  const late = now > order.from + (delays[0] ?? 0);
  const from = late ? now : order.from;
  const times: number[] = [];
  for (const delay of delays) times.push(besideDue(check, Math.max(from + delay, (times.at(-1) ?? 0) + 1)));
  return times;
}

async function sleepUntil(at: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const ms = at - clock.now();
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}
