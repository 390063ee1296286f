import { createHash } from "node:crypto";

import { SECOND } from "#lib/base/clock.ts";
import type { CheckSpec } from "#lib/model/check.ts";

import { SLOT_MS, type Slot } from "./slot.ts";

type Phased = Pick<CheckSpec, "id" | "intervalMs">;

/**
 * A check's own offset in its interval, milliseconds: the same everywhere and forever, and spread
 * evenly over many checks, so that they never fire in one burst.
 */
export function phaseOf(check: Phased): number {
  const known = phases.get(check);
  if (known !== undefined) return known;
  const phase = createHash("sha256").update(check.id).digest().readUIntBE(0, 6) % check.intervalMs;
  phases.set(check, phase);
  return phase;
}

// by object: a worker hands out the same one for as long as nothing about a check changes
const phases = new WeakMap<Phased, number>();

/** The times in [from, to) at which a check is due: t ≡ phase (mod interval), counted from 1970. */
export function dueTimes(check: Phased, from: number, to: number): number[] {
  const { intervalMs } = check;
  const phase = phaseOf(check);
  const first = Math.ceil((from - phase) / intervalMs) * intervalMs + phase;
  const times: number[] = [];
  for (let at = first; at < to; at += intervalMs) times.push(at);
  return times;
}

/** `at`, or the next millisecond at which the check is not due anyway: results have one time each. */
export function besideDue(check: Phased, at: number): number {
  const onPhase = (at - phaseOf(check)) % check.intervalMs === 0;
  return onPhase ? at + 1 : at;
}

/** One look at one check at its time, epoch milliseconds. */
export interface DueLook {
  readonly check: CheckSpec;
  readonly at: number;
}

/** A look that is missing for longer than this (and its timeout) is not under way any more. */
const MISSED_AFTER_MS = 15 * SECOND;

/**
 * What is left to do in a slot at `now`, by time. A slot that is taken late (its worker died)
 * makes up for the latest look of each check, if that was missed by less than an interval. A
 * check that is new, or whose last due look never came, is not left waiting for its next one.
 * @param lastLooks the due time of each check's last look, by number; null: never
 */
export function dueLooks(
  slot: Slot,
  checks: readonly CheckSpec[],
  lastLooks: ReadonlyMap<number, number | null>,
  now: number,
): DueLook[] {
  return checks
    .filter((check) => isIn(slot, check))
    .flatMap((check) =>
      timesLeft(slot, check, lastLooks.get(check.number) ?? null, now).map((at) => ({ check, at })),
    )
    .toSorted((a, b) => a.at - b.at);
}

/** True for a check that belongs to the slot's share of the region. */
export function isIn(slot: Slot, { number }: Pick<CheckSpec, "number">): boolean {
  return number % slot.shards === slot.shard;
}

function timesLeft(slot: Slot, check: CheckSpec, lastLook: number | null, now: number): number[] {
  const end = slot.from + SLOT_MS;
  const due = dueTimes(check, slot.from, end);
  const wanted =
    due.length === 0 && isOverdue(slot, check, lastLook) ? [slot.from + (phaseOf(check) % SLOT_MS)] : due;
  // a last look beyond the slot's end is one from before the clock went back: it says nothing here
  const done = lastLook !== null && lastLook < end ? lastLook : -Infinity;
  const left = wanted.filter((at) => at > done && now - at < check.intervalMs);
  const missed = left.filter((at) => at < now);
  return [...missed.slice(-1), ...left.slice(missed.length)];
}

function isOverdue(slot: Slot, check: CheckSpec, lastLook: number | null): boolean {
  if (lastLook === null) return true;
  const [previous] = dueTimes(check, slot.from - check.intervalMs, slot.from);
  if (previous === undefined || lastLook >= previous) return false;
  return slot.from - previous > check.timeoutMs + MISSED_AFTER_MS;
}
