import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HOUR, SECOND } from "#lib/base/clock.ts";
import { ensurePartitions } from "#lib/store/partitions.ts";
import { storeResults } from "#lib/store/results.ts";
import type { Database } from "#lib/store/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { makeEvidence, seedLooks } from "#tests/support/seed-looks.ts";

import { exportAnswer } from "../../../app/admin/log/export/answer.ts";

const FROM = Date.UTC(2026, 0, 15);
const TO = FROM + 4 * HOUR;
const CHECKS = 8;
/** 8 checks, one look a second each, for four hours. */
const LOOKS = CHECKS * 4 * 3_600;
const WINDOW = "from=2026-01-15T00:00&to=2026-01-15T04:00";

let test: TestDatabase;
let regionId: number;
let queries = 0;
let number = 0;

/** The database, counting what is asked of it. */
function counted(db: Database): Database {
  return new Proxy(db, {
    get: (target, name) => {
      if (name === "$transaction") queries += 1;
      return Reflect.get(target, name) as unknown;
    },
  });
}

// as Next does it: no faster than the socket takes it, and ended when the client goes
async function serve(target: string, response: ServerResponse): Promise<void> {
  const { searchParams } = new URL(target, "http://localhost");
  const at = { now: TO, timeZone: "Etc/UTC" };
  const { body, headers } = await exportAnswer(counted(test.db), searchParams, at);
  response.setHeaders(headers);
  if (body !== null) await pipeline(body, response);
}

const server = createServer((request, response) => {
  serve(request.url ?? "/", response).catch(() => response.destroy());
});

beforeAll(async () => {
  test = await createTestDatabase();
  regionId = (await test.db.region.create({ data: { name: "eu" } })).id;
  const component = await test.db.component.create({
    data: {
      slug: "api",
      name: '=cmd|"x"!A1, the API',
      checks: {
        create: Array.from({ length: CHECKS }, (_, n) => ({
          name: `look ${n}`,
          kind: "http",
          target: {},
          intervalMs: SECOND,
          timeoutMs: 500,
        })),
      },
    },
    include: { checks: true },
  });
  const numbers = component.checks.map((check) => check.number);
  number = numbers[0] ?? 0;
  await seedLooks(test.db, { checks: numbers, regionId, from: FROM, to: TO, every: SECOND, failing: 1_000 });
  await test.db.$executeRawUnsafe("VACUUM ANALYZE results");
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}, 30_000);
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await test.drop();
});

async function ask(query: string): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const [response] = (await once(get(`http://127.0.0.1:${port}/?${query}`), "response")) as [IncomingMessage];
  return response;
}

/** How many queries there were when no more came for a while. */
async function untilQuiet(): Promise<number> {
  for (let round = 0; round < 20; round++) {
    const before = queries;
    await sleep(300);
    if (queries === before) break;
  }
  return queries;
}

describe("the export", () => {
  it(`streams ${LOOKS} looks as NDJSON, each once, newest first, with flat memory`, async () => {
    const response = await ask(`format=ndjson&show=all&${WINDOW}`);
    expect(response.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
    expect(response.headers["content-disposition"]).toBe(
      'attachment; filename="gatewatch-log-20260115T040000Z.ndjson"',
    );
    let lines = 0;
    let failures = 0;
    let last = Infinity;
    let early = 0;
    let most = 0;
    for await (const line of createInterface({ input: response })) {
      const look = JSON.parse(line) as { time: string; outcome: string; evidence: object | null };
      const at = Date.parse(look.time);
      if (at > last) throw new Error(`${look.time} stands behind an older look`);
      last = at;
      lines += 1;
      if (look.outcome === "bad_gateway" && look.evidence !== null) failures += 1;
      if (lines === 20_000) early = process.memoryUsage().rss;
      if (lines % 5_000 === 0) most = Math.max(most, process.memoryUsage().rss);
    }
    expect(lines).toBe(LOOKS);
    expect(failures).toBe(CHECKS * 14);
    // loosely: garbage comes and goes
    expect(most - early).toBeLessThan(150 * 1_048_576);
  });

  it("stops asking when the reader goes, and does not run ahead of a slow one", async () => {
    queries = 0;
    const response = await ask(`format=ndjson&show=all&${WINDOW}`);
    response.once("data", () => response.pause());
    // the sockets' buffers take a few megabytes, and then it is quiet
    const quiet = await untilQuiet();
    expect(quiet).toBeGreaterThan(0);
    expect(quiet, "most is still in the database").toBeLessThan(LOOKS / 2_000 / 1.5);
    response.destroy();
    expect(await untilQuiet()).toBeLessThanOrEqual(quiet + 1);
  });

  it("writes CSV as RFC 4180 has it, and nothing that a spreadsheet would run", async () => {
    const at = Date.UTC(2026, 0, 16, 8);
    await ensurePartitions(test.db, [at]);
    const nasty = [
      ["=1+1", '"quoted", and\nbroken'],
      ["+SUM(A1)", "plain"],
      ["-2+3", "plain"],
      ["@now", "plain"],
      ["\tx", "plain"],
    ] as const;
    await storeResults(
      test.db,
      nasty.map(([summary, message], n) => ({
        slotAt: at + n * SECOND,
        checkNumber: number,
        regionId,
        outcome: "bad_gateway",
        httpStatus: 502,
        timings: { dns: null, connect: 1.4, tls: null, firstByte: 2, total: 3 },
        evidence: makeEvidence({
          summary,
          error: { code: "X", message },
          timings: { dns: null, connect: 1.4, tls: null, firstByte: 2, total: 3 },
        }),
      })),
    );
    const response = await ask("format=csv&from=2026-01-16T00:00&to=2026-01-17T00:00");
    expect(response.headers["content-type"]).toBe("text/csv; charset=utf-8; header=present");
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
    const records = parseCsv(text);
    expect(records[0]?.slice(0, 8)).toEqual([
      "time",
      "component",
      "check",
      "kind",
      "region",
      "outcome",
      "http_status",
      "gateway",
    ]);
    const columns = records[0] ?? [];
    const of = (record: readonly string[] | undefined, name: string) => record?.[columns.indexOf(name)];
    expect(records.slice(1).map((record) => of(record, "summary"))).toEqual(
      nasty.map(([summary]) => `'${summary}`).toReversed(),
    );
    const last = records.at(-1);
    expect(of(last, "component")).toBe(`'=cmd|"x"!A1, the API`);
    expect(of(last, "error_message")).toBe('"quoted", and\nbroken');
    expect(of(last, "time")).toBe("2026-01-16T08:00:00.000Z");
    expect(of(last, "connect_ms")).toBe("1");
    expect(of(last, "dns_ms")).toBe("");
    expect(text.split("\r\n")).toHaveLength(records.length + 1);
  });

  it("says what is wrong with the question", async () => {
    const at = { now: TO, timeZone: "Etc/UTC" };
    for (const [query, path] of [
      ["format=xlsx", "format"],
      ["outcome=fine", "outcome"],
      ["from=yesterday", "from"],
      ["from=2026-01-01T00:00&to=2026-03-01T00:00", "from"],
      ["from=2026-01-02T00:00&to=2026-01-01T00:00", "to"],
      ["component=1", "component"],
    ] as const) {
      await expect(exportAnswer(test.db, new URLSearchParams(query), at), query).rejects.toMatchObject({
        code: "INPUT_INVALID",
        problems: [{ path }],
      });
    }
    const nothing = await exportAnswer(test.db, new URLSearchParams("format=csv&kind=grpc"), at);
    expect((await nothing.text()).trim().split("\r\n")).toHaveLength(1);
  });
});

/** The records of a CSV text; knows nothing of how it was written. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") records.push([]);
  }
  return records.filter((record) => record.length > 1);
}
