import { phaseOf } from "#lib/schedule/due.ts";
import { createDatabase } from "#lib/store/client.ts";
import { packEndedPartitions } from "#lib/store/partitions.ts";
import { ensureRegion } from "#lib/store/regions.ts";
import { storeResults, type NewResult } from "#lib/store/results.ts";

import type { Finding, Prepared, Stage } from "./stage.ts";

const CHECKS = 1_000;
const LOOKS = 1_000;
const INTERVAL_MS = 30_000;
// what a worker writes at once under load
const BATCH = 200;
/** A day that is over, so that all of it is in one partition. */
const FROM = Date.UTC(2026, 0, 15);

/** What a million successful results take on disk: a thousand checks every 30 s, in the order of their due times. */
export async function storage(stage: Stage): Promise<Finding[]> {
  const target = { url: "http://127.0.0.1:9/" };
  const checks = Array.from({ length: CHECKS }, (_, path) => ({
    target,
    intervalMs: INTERVAL_MS,
    timeoutMs: 1_000,
    path,
  }));
  const prepared = await stage.prepare(checks);
  try {
    await fill(prepared);
    const written = await sizes(prepared);
    show("as written", written);
    const db = createDatabase(prepared.url, { max: 1 });
    await packEndedPartitions(db, Date.now());
    await db.$disconnect();
    const packed = await sizes(prepared);
    show("once its day is over", packed);
    showRollups(packed);
    const underBound = (size: typeof written): boolean => size.heap + size.indexes < 100;
    return [
      { what: "a million results under 100 MB, indexes included, as written", kept: underBound(written) },
      { what: "the same once their day is over", kept: underBound(packed) },
    ];
  } finally {
    await prepared.sql.end();
  }
}

async function fill({ url, stored }: Prepared): Promise<void> {
  const db = createDatabase(url, { max: 1 });
  const region = await ensureRegion(db, "local");
  const inOrder = stored
    .map(({ id, number }) => ({ number, phase: phaseOf({ id, intervalMs: INTERVAL_MS }) }))
    .toSorted((a, b) => a.phase - b.phase);
  let batch: NewResult[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    for (const { number, phase } of inOrder) {
      // most answers of a service take about as long as each other, a few much longer
      const total = 20 * (1 + number / CHECKS) * Math.exp(Math.random() ** 4 * 3);
      batch.push({
        checkNumber: number,
        regionId: region.id,
        slotAt: FROM + look * INTERVAL_MS + phase,
        outcome: "up",
        httpStatus: 200,
        timings: { dns: 1, connect: 2, tls: 8, firstByte: total - 11, total },
        evidence: null,
      });
      if (batch.length < BATCH) continue;
      await storeResults(db, batch);
      batch = [];
    }
  }
  await storeResults(db, batch);
  await db.$disconnect();
}

/** Bytes a result, and bytes a rollup row with its indexes. */
interface Sizes {
  readonly results: number;
  readonly heap: number;
  readonly indexes: number;
  readonly rollups: number;
  readonly rollup: number;
}

async function sizes({ sql }: Prepared): Promise<Sizes> {
  const { rows } = await sql.query<Record<string, string>>(
    `SELECT (SELECT count(*) FROM results) AS results,
       (SELECT sum(pg_table_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'results'::regclass) AS heap,
       (SELECT sum(pg_indexes_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'results'::regclass) AS indexes,
       (SELECT count(*) FROM rollup_hours) + (SELECT count(*) FROM rollup_days) AS rollups,
       pg_total_relation_size('rollup_hours') + pg_total_relation_size('rollup_days') AS bytes`,
  );
  const number = (name: string): number => Number(rows[0]?.[name] ?? 0);
  const [results, rollups] = [number("results"), number("rollups")];
  return {
    results,
    heap: number("heap") / results,
    indexes: number("indexes") / results,
    rollups,
    rollup: number("bytes") / rollups,
  };
}

function show(when: string, { results, heap, indexes }: Sizes): void {
  console.log(
    `storage ${when}: ${results} results, ${heap.toFixed(1)} bytes a row and ${indexes.toFixed(1)} of indexes: ` +
      `${(heap + indexes).toFixed(0)} MB a million`,
  );
}

/** A rollup row stands for an hour or a day of one check in one region, however many looks that were. */
function showRollups({ rollups, rollup }: Sizes): void {
  console.log(`    rollups: ${rollups} rows of ${rollup.toFixed(0)} bytes, indexes included`);
  for (const seconds of [1, 30, 60]) {
    const days = 1e6 / (86_400 / seconds);
    const megabytes = (days * (24 + 1) * rollup) / 1e6;
    console.log(`    rollups at a look every ${seconds} s: ${megabytes.toFixed(1)} MB a million results`);
  }
}
