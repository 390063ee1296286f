import { mkdir, open, readdir, readFile, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

import { messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import { recordSchema, type AgentRecord } from "./wire.ts";

export interface SpoolOptions {
  readonly directory: string;
  /** What the files may take together; the oldest go first. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly log: Log;
  readonly now: () => number;
}

/** Records that the server does not have yet, on disk in the order in which they were made. */
export interface Spool {
  /** Resolves when the record is on disk, or in memory while the disk does not take it. */
  add(record: AgentRecord): Promise<void>;
  /** The oldest records, `limit` at most; the same ones until `delivered` is called. */
  oldest(limit: number): Promise<readonly AgentRecord[]>;
  /** Forgets the first `count` of what `oldest` gave. */
  delivered(count: number): Promise<void>;
  /** Whether anything waits. */
  isEmpty(): boolean;
  close(): Promise<void>;
}

/** A file of this size is closed and the next one begun: what was delivered goes away file by file. */
const SEGMENT_BYTES = 256 * 1024;
/** Records kept in memory while the disk is full. */
const MAX_IN_MEMORY = 5_000;
const NAME = /^\d{10}\.log$/;

interface Segment {
  readonly number: number;
  bytes: number;
  readonly startedAt: number;
}

/**
 * Opens the spool. A line is a record's CRC-32 and its JSON: what a killed process or a power cut
 * left half-written is told by it and left out.
 */
export async function openSpool({ directory, maxBytes, maxAgeMs, log, now }: SpoolOptions): Promise<Spool> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const segments = await findSegments(directory);
  const pathOf = ({ number }: Segment): string => join(directory, `${String(number).padStart(10, "0")}.log`);
  let current: { readonly segment: Segment; readonly file: FileHandle } | null = null;
  /** Records of the first segment that the server has. */
  let done = 0;
  let inMemory: AgentRecord[] = [];
  let full = false;
  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other: a file has one end. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  async function begin(): Promise<NonNullable<typeof current>> {
    if (current !== null && current.segment.bytes < SEGMENT_BYTES) return current;
    await current?.file.close();
    current = null;
    const segment = { number: (segments.at(-1)?.number ?? 0) + 1, bytes: 0, startedAt: now() };
    const file = await open(pathOf(segment), "ax", 0o600);
    segments.push(segment);
    await makeRoom();
    current = { segment, file };
    return current;
  }

  async function append(record: AgentRecord): Promise<void> {
    const { segment, file } = await begin();
    const line = lineOf(record);
    try {
      await file.appendFile(line);
      segment.bytes += Buffer.byteLength(line);
    } catch (error) {
      // half a line would take the next one with it
      await file.truncate(segment.bytes).catch(() => {});
      throw error;
    }
  }

  /** Drops the oldest files past the limits; the one in use stays. */
  async function makeRoom(): Promise<void> {
    const total = (): number => segments.reduce((sum, { bytes }) => sum + bytes, 0);
    while (segments.length > 1) {
      const [oldest] = segments;
      if (oldest === undefined || (total() <= maxBytes && now() - oldest.startedAt <= maxAgeMs)) return;
      log.warn("the server has been away for too long: the oldest results are dropped", {
        bytes: oldest.bytes,
      });
      await dropFirst();
    }
  }

  async function dropFirst(): Promise<void> {
    const first = segments.shift();
    done = 0;
    if (first === undefined) return;
    if (current?.segment === first) {
      await current.file.close();
      current = null;
    }
    await rm(pathOf(first), { force: true });
  }

  return {
    add: (record) =>
      inTurn(async () => {
        try {
          await append(record);
          if (full) log.info("results are kept on disk again", { directory });
          full = false;
        } catch (error) {
          if (!full) {
            log.error(
              `results cannot be kept on disk (${messageOf(error)}); free some space under ${directory}: until then the last ${MAX_IN_MEMORY} are kept in memory and are lost with the process`,
            );
          }
          full = true;
          inMemory.push(record);
          if (inMemory.length > MAX_IN_MEMORY) inMemory.shift();
        }
      }),
    oldest: (limit) =>
      inTurn(async () => {
        for (;;) {
          const [first] = segments;
          if (first === undefined) return inMemory.slice(0, limit);
          const records = await readSegment(pathOf(first), log);
          if (records.length > done) return records.slice(done, done + limit);
          // all of it is delivered, or none of it can be read
          await dropFirst();
        }
      }),
    delivered: (count) =>
      inTurn(async () => {
        const [first] = segments;
        if (first === undefined) {
          inMemory = inMemory.slice(count);
          return;
        }
        done += count;
        if ((await readSegment(pathOf(first), log)).length <= done) await dropFirst();
      }),
    isEmpty: () => segments.length === 0 && inMemory.length === 0,
    close: () =>
      inTurn(async () => {
        await current?.file.close();
        current = null;
      }),
  };
}

async function findSegments(directory: string): Promise<Segment[]> {
  const names = (await readdir(directory)).filter((name) => NAME.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const found = await stat(join(directory, name));
      return { number: Number.parseInt(name, 10), bytes: found.size, startedAt: found.mtimeMs };
    }),
  );
}

function lineOf(record: AgentRecord): string {
  const json = JSON.stringify(record);
  return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
}

async function readSegment(path: string, log: Log): Promise<AgentRecord[]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => {
    const record = readLine(line);
    if (record === null) log.warn("a result on disk is damaged and left out", { path });
    return record ?? [];
  });
}

function readLine(line: string): AgentRecord | null {
  const json = line.slice(9);
  if (crc32(json).toString(16).padStart(8, "0") !== line.slice(0, 8)) return null;
  try {
    const parsed = recordSchema.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
