import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { systemClock } from "#lib/base/clock.ts";
import { beginInTime } from "#lib/schedule/timeline.ts";

const entriesAt = (...offsets: number[]) => offsets.map((offset) => ({ at: Date.now() + offset, offset }));

describe("beginInTime", () => {
  it("begins each entry at its time and never before, what is late at once", async () => {
    const begun: { offset: number; early: boolean }[] = [];
    await beginInTime(entriesAt(-50, 0, 5, 5, 20), systemClock, new AbortController().signal, (entry) =>
      begun.push({ offset: entry.offset, early: Date.now() < entry.at }),
    );
    expect(begun).toEqual([-50, 0, 5, 5, 20].map((offset) => ({ offset, early: false })));
  });

  it("begins no more when it is told to end, and ends then", async () => {
    const ending = new AbortController();
    const begun: number[] = [];
    const running = beginInTime(entriesAt(0, 5, 60_000), systemClock, ending.signal, ({ offset }) =>
      begun.push(offset),
    );
    await sleep(20);
    ending.abort();
    await running;
    expect(begun).toEqual([0, 5]);
    await beginInTime(entriesAt(0), systemClock, ending.signal, ({ offset }) => begun.push(offset));
    expect(begun).toEqual([0, 5]);
  });

  it("has nothing to wait for when there is nothing to begin", async () => {
    await beginInTime([], systemClock, new AbortController().signal, () => expect.unreachable());
  });

  it("can be ended by an entry", async () => {
    const ending = new AbortController();
    const begun: number[] = [];
    await beginInTime(entriesAt(0, 0, 5), systemClock, ending.signal, ({ offset }) => {
      begun.push(offset);
      ending.abort();
    });
    expect(begun).toEqual([0]);
  });
});
