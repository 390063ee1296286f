import { outcomeCode, type Outcome } from "#lib/model/outcome.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import type { Database } from "#lib/store/client.ts";
import { ensurePartitions } from "#lib/store/partitions.ts";

/** Evidence of a 502 by nginx, with what a test changes. */
export function makeEvidence(change: Partial<Evidence> = {}): Evidence {
  return {
    at: "2026-01-15T12:00:00.000Z",
    outcome: "bad_gateway",
    summary: "nginx answered 502 Bad Gateway after 12 ms.",
    gateway: "nginx",
    gatewayEvidence: ["server: nginx/1.22.1"],
    kind: "upstream_refused",
    cause: null,
    phase: "done",
    error: null,
    httpStatus: 502,
    httpVersion: "1.1",
    headers: { server: "nginx/1.22.1", "x-request-id": "9f2c-11" },
    bodyStart: "<html><h1>502 Bad Gateway</h1></html>",
    url: "https://api.example.com/health",
    remote: "192.0.2.10:443",
    timings: { dns: 3, connect: 12, tls: 20, firstByte: 40, total: 80 },
    certificate: null,
    ...change,
  };
}

export interface SeedLooks {
  readonly checks: readonly number[];
  readonly regionId: number;
  /** Epoch milliseconds of the first and, exclusively, the last. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds from one look of a check to its next. */
  readonly every: number;
  /** One in so many fails, with evidence. */
  readonly failing: number;
  readonly outcome?: Outcome;
}

/** Looks as many as one likes, as the pipeline leaves them: in order of time. */
export async function seedLooks(db: Database, seed: SeedLooks): Promise<void> {
  await ensurePartitions(db, [seed.from, (seed.from + seed.to) / 2, seed.to - 1]);
  const { regionId, every, failing, outcome = "bad_gateway" } = seed;
  const [from, to] = [new Date(seed.from), new Date(seed.to - 1)];
  const step = `${every} milliseconds`;
  await db.$executeRaw`
    INSERT INTO results (slot_at, check_number, region_id, outcome, http_status, dns_ms, connect_ms, tls_ms,
                         first_byte_ms, total_ms)
    SELECT at + c * interval '1 millisecond', c, ${regionId}::int,
           CASE WHEN n % ${failing}::int = 0 THEN ${outcomeCode(outcome)}::int ELSE 0 END,
           CASE WHEN n % ${failing}::int = 0 THEN 502 ELSE 200 END, -1, 1, -1, 20, 25
    FROM generate_series(${from}::timestamptz, ${to}::timestamptz, ${step}::interval) WITH ORDINALITY AS t(at, n),
         unnest(${[...seed.checks]}::int[]) AS c
    ORDER BY 1`;
  await db.$executeRaw`
    INSERT INTO evidence (slot_at, check_number, region_id, gateway, detail)
    SELECT slot_at, check_number, region_id, 'nginx', ${JSON.stringify(makeEvidence({ outcome }))}::jsonb
    FROM results WHERE outcome = ${outcomeCode(outcome)}::int ON CONFLICT DO NOTHING`;
}
