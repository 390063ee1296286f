import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import type { Log } from "#lib/base/log.ts";
import { createBatchWriter, type BatchWriter } from "#lib/store/batch-writer.ts";

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function writer(
  write: (items: readonly number[]) => Promise<unknown>,
  options: { maxBatch?: number; maxPending?: number } = {},
): BatchWriter<number> {
  return createBatchWriter({
    name: "numbers",
    write,
    gatherMs: 20,
    maxBatch: 100,
    maxPending: 1_000,
    log: quiet,
    ...options,
  });
}

/** What Prisma's driver adapter makes of a constraint violation. */
function refusal(): Error {
  return Object.assign(new Error("no"), {
    meta: { driverAdapterError: { cause: { originalCode: "23503" } } },
  });
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("a batch writer", () => {
  it("writes what comes at once together, in order, and never two batches at a time", async () => {
    const batches: number[][] = [];
    let writing = 0;
    const { add } = writer(
      async (items) => {
        expect((writing += 1)).toBe(1);
        await sleep(5);
        batches.push([...items]);
        writing -= 1;
      },
      { maxBatch: 40 },
    );
    await Promise.all(numbers(100).map((n) => add(n)));
    expect(batches.map((batch) => batch.length)).toEqual([40, 40, 20]);
    expect(batches.flat()).toEqual(numbers(100));
  });

  it("keeps what the database could not take and writes it later, once", async () => {
    const written: number[] = [];
    let away = 2;
    const { add, pending } = writer(async (items) => {
      if ((away -= 1) >= 0) throw new Error("connection refused");
      written.push(...items);
    });
    const all = Promise.all(numbers(10).map((n) => add(n)));
    expect(pending()).toBe(10);
    await all;
    expect(written).toEqual(numbers(10));
    expect(pending()).toBe(0);
  });

  it("turns away the one item that the database refuses, and no other", async () => {
    const written: number[] = [];
    const { add } = writer(async (items) => {
      if (items.includes(13)) throw refusal();
      written.push(...items);
    });
    const results = await Promise.allSettled(numbers(30).map((n) => add(n)));
    expect(results.flatMap((result, n) => (result.status === "rejected" ? [n] : []))).toEqual([13]);
    expect(written).toEqual(numbers(30).filter((n) => n !== 13));
  });

  it("is bounded", async () => {
    const { add, drain } = writer(() => Promise.reject(new Error("away")), { maxPending: 3 });
    const waiting = Promise.allSettled(numbers(3).map((n) => add(n)));
    await expect(add(3)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await drain(10);
    await waiting;
  });

  it("writes what waits when it is drained, and takes no more", async () => {
    const written: number[] = [];
    const { add, drain } = writer(async (items) => written.push(...items));
    const waiting = add(1);
    await drain(5_000);
    await waiting;
    expect(written).toEqual([1]);
    await expect(add(2)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("gives up when the database stays away longer than the drain may take", async () => {
    const { add, drain } = writer(() => Promise.reject(new Error("away")));
    const outcome = expect(add(1)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await drain(30);
    await outcome;
  });
});
