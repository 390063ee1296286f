import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import type { WatchedCheck } from "#lib/model/belief.ts";
import { shareReads } from "#lib/schedule/watched.ts";

describe("shareReads", () => {
  it("reads once for all that ask at the same time, and anew for who asks later", async () => {
    let reads = 0;
    const read = shareReads(async () => {
      reads += 1;
      await sleep(1);
      return [];
    });
    const together = await Promise.all([read(), read(), read()]);
    expect(reads).toBe(1);
    expect(new Set(together).size).toBe(1);
    expect(await read()).not.toBe(together[0]);
    expect(reads).toBe(2);
  });

  it("goes on with what it read last while reading fails, as the very same array", async () => {
    let away = false;
    const known: WatchedCheck[] = [];
    const read = shareReads(async () => {
      if (away) throw new Error("connection refused");
      return known;
    });
    expect(await read()).toBe(known);
    away = true;
    expect(await read()).toBe(known);
  });

  it("says what is wrong when it has never read anything", async () => {
    const read = shareReads(async () => Promise.reject(new Error("connection refused")));
    await expect(read()).rejects.toThrow("connection refused");
  });
});
