import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { openSpool, type Spool } from "#lib/agent/client-spool.ts";
import type { AgentRecord } from "#lib/agent/wire.ts";
import type { Log } from "#lib/base/log.ts";

let directory: string;
let said: string[];
const log: Log = {
  debug: () => {},
  info: () => {},
  warn: (message) => void said.push(message),
  error: (message) => void said.push(message),
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "gatewatch-spool-"));
  said = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (rest = {}): Promise<Spool> =>
  openSpool({ directory, maxBytes: 1e9, maxAgeMs: 1e9, log, now: Date.now, ...rest });

const record = (slotAt: number, summary = ""): AgentRecord => ({
  type: "change",
  checkNumber: 1,
  from: { outcome: "up", since: 0, lastSlotAt: summary.length },
  to: "bad_gateway",
  at: slotAt,
});
const times = (records: readonly AgentRecord[]) =>
  records.map((each) => (each.type === "change" ? each.at : each.slotAt));

it("gives back what was put in, in order, until it is delivered, also after a restart", async () => {
  const first = await open();
  for (const at of [1, 2, 3]) await first.add(record(at));
  expect(times(await first.oldest(2))).toEqual([1, 2]);
  await first.delivered(1);
  expect(times(await first.oldest(2))).toEqual([2, 3]);
  await first.close();

  // what was delivered of a file is handed in again: the server counts it once
  const second = await open();
  await second.add(record(4));
  const rest = await second.oldest(10);
  expect(times(rest)).toEqual([1, 2, 3]);
  await second.delivered(rest.length);
  expect(times(await second.oldest(10))).toEqual([4]);
  await second.delivered(1);
  expect(second.isEmpty()).toBe(true);
  expect(await readdir(directory)).toEqual([]);
  await second.close();
});

it("leaves out a line that was cut short or damaged, and keeps the others", async () => {
  const spool = await open();
  await spool.add(record(1));
  await spool.close();
  const [name = ""] = await readdir(directory);
  await appendFile(join(directory, name), 'deadbeef {"type":"change"}\n12345678 {"ty');
  await writeFile(join(directory, "0000000002.log"), "");
  const again = await open();
  expect(times(await again.oldest(10))).toEqual([1]);
  expect(said).toContain("a result on disk is damaged and left out");
  await again.delivered(1);
  expect(await again.oldest(10)).toEqual([]);
  expect(again.isEmpty()).toBe(true);
  await again.close();
});

it("stays within its bounds: the oldest file goes first", async () => {
  const spool = await open({ maxBytes: 300 * 1024 });
  await Promise.all(Array.from({ length: 6_000 }, (_, at) => spool.add(record(at))));
  const [oldest] = times(await spool.oldest(1));
  expect(oldest).toBeGreaterThan(0);
  expect(said).toContain("the server has been away for too long: the oldest results are dropped");
  await spool.close();
});

it("keeps going in memory while the disk takes nothing, and says what to do", async () => {
  const spool = await open();
  // no directory to write into stands for a disk that is full: even root gets an error
  await rm(directory, { recursive: true });
  await spool.add(record(1));
  await spool.add(record(2));
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/cannot be kept on disk .*free some space under/);
  expect(times(await spool.oldest(10))).toEqual([1, 2]);
  await spool.delivered(2);
  expect(spool.isEmpty()).toBe(true);
});
