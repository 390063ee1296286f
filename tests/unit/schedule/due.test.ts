import { describe, expect, it } from "vitest";

import type { CheckSpec } from "#lib/model/check.ts";
import { besideDue, dueLooks, dueTimes, phaseOf } from "#lib/schedule/due.ts";
import { confirmTimes } from "#lib/schedule/run-slot.ts";
import { SLOT_MS, type Slot } from "#lib/schedule/slot.ts";

const FROM = Math.floor(Date.UTC(2026, 0, 15, 12) / SLOT_MS) * SLOT_MS;
const slot = (from = FROM, shard = 0, shards = 1): Slot => ({ region: "local", shard, shards, from });

function check(intervalMs: number, number = 1): CheckSpec {
  return {
    id: `check-${number}`,
    number,
    componentId: "component",
    name: "front door",
    kind: "http",
    target: {},
    intervalMs,
    timeoutMs: 5_000,
    slowMs: null,
    confirmMs: [500, 2_000],
  };
}

const lastLook = (at: number | null) => new Map([[1, at]]);
const times = (looks: readonly { at: number }[]) => looks.map(({ at }) => at);

describe("dueTimes", () => {
  it.each([1_000, 7_000, 10_000, 30_000, 3_600_000])(
    "has one time an interval of %i ms, slots put end to end",
    (intervalMs) => {
      const one = check(intervalMs);
      const slots = Math.ceil((3 * intervalMs) / SLOT_MS) + 3;
      const all = Array.from({ length: slots }, (_, i) =>
        dueTimes(one, FROM + i * SLOT_MS, FROM + (i + 1) * SLOT_MS),
      ).flat();
      expect(all).toEqual(dueTimes(one, FROM, FROM + slots * SLOT_MS));
      expect(all.length).toBeGreaterThanOrEqual(3);
      for (const [index, at] of all.entries()) {
        expect(at % intervalMs).toBe(phaseOf(one));
        if (index > 0) expect(at - (all[index - 1] ?? 0)).toBe(intervalMs);
      }
    },
  );

  it("spreads many checks evenly over their interval", () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let number = 0; number < 2_000; number += 1) {
      const tenth = Math.floor(phaseOf(check(10_000, number)) / 1_000);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(130);
    expect(Math.max(...tenths)).toBeLessThan(270);
  });
});

describe("dueLooks", () => {
  it("lists every check's times in their order, and leaves other shards alone", () => {
    const checks = [check(10_000, 1), check(1_000, 2), check(10_000, 3)];
    const last = new Map(checks.map(({ number }) => [number, FROM - 1]));
    const looks = dueLooks(slot(), checks, last, FROM - 2_000);
    expect(looks).toHaveLength(12);
    expect(times(looks)).toEqual(times(looks).toSorted((a, b) => a - b));
    const halves = [0, 1].map((shard) => dueLooks(slot(FROM, shard, 2), checks, last, FROM - 2_000));
    expect(halves.flat()).toHaveLength(12);
    expect(halves[0]?.every((look) => look.check.number === 2)).toBe(true);
  });

  it("makes up for the latest look only of a slot that is taken late", () => {
    const one = check(1_000);
    const due = dueTimes(one, FROM, FROM + SLOT_MS);
    const now = (due[4] ?? 0) + 500;
    expect(times(dueLooks(slot(), [one], lastLook(FROM - 1), now))).toEqual(due.slice(4));
  });

  it("does not make up for what was missed by an interval or more", () => {
    const one = check(1_000);
    expect(dueLooks(slot(), [one], lastLook(FROM - 1), FROM + SLOT_MS + 5_000)).toEqual([]);
  });

  it("does not repeat what the worker that died had done", () => {
    const one = check(1_000);
    const due = dueTimes(one, FROM, FROM + SLOT_MS);
    const done = due[4] ?? 0;
    expect(times(dueLooks(slot(), [one], lastLook(done), done + 100))).toEqual(due.slice(5));
  });

  it("looks at a new check in the slot that it is first seen in", () => {
    const hourly = check(3_600_000);
    const quiet = FROM + 20 * SLOT_MS + (phaseOf(hourly) - (FROM % 3_600_000));
    const from = Math.floor(quiet / SLOT_MS) * SLOT_MS;
    expect(dueTimes(hourly, from, from + SLOT_MS)).toEqual([]);
    const [only, ...others] = times(dueLooks(slot(from), [hourly], lastLook(null), from - 2_000));
    expect(others).toEqual([]);
    expect(only).toBeGreaterThanOrEqual(from);
    expect(only).toBeLessThan(from + SLOT_MS);
    expect(dueLooks(slot(from), [hourly], lastLook(from - 1), from - 2_000)).toEqual([]);
  });

  it("does not leave a check waiting whose last due look never came", () => {
    const hourly = check(3_600_000);
    const [due = 0] = dueTimes(hourly, FROM, FROM + 3_600_000);
    const later = Math.floor(due / SLOT_MS) * SLOT_MS + 6 * SLOT_MS;
    expect(dueLooks(slot(later), [hourly], lastLook(due), later)).toEqual([]);
    expect(dueLooks(slot(later), [hourly], lastLook(due - 3_600_000), later)).toHaveLength(1);
  });

  it("goes on when the last look lies in the future because the clock went back", () => {
    const one = check(10_000);
    expect(dueLooks(slot(), [one], lastLook(FROM + 3_600_000), FROM - 2_000)).toHaveLength(1);
  });
});

describe("confirmTimes", () => {
  const one = check(10_000);

  it("counts the delays from the first sight", () => {
    const from = FROM + 123;
    expect(confirmTimes(one, { since: from, from }, from + 20)).toEqual(
      [from + 500, from + 2_000].map((at) => besideDue(one, at)),
    );
  });

  it("keeps the looks apart when writing the first one down took long", () => {
    const from = FROM + 123;
    const now = from + 60_000;
    const [first = 0, second = 0] = confirmTimes(one, { since: from, from }, now);
    expect(first).toBeGreaterThanOrEqual(now);
    expect(second - first).toBeGreaterThanOrEqual(1_499);
  });

  it("never takes the time of a look that is due anyway", () => {
    const second = check(1_000);
    const [due = 0] = dueTimes(second, FROM, FROM + SLOT_MS);
    const confirming = confirmTimes(second, { since: due, from: due }, due);
    expect(confirming).toEqual([due + 500, due + 2_001]);
  });
});
