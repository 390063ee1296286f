import type { ComponentStatus } from "#lib/model/status.ts";
import type { Span } from "#lib/model/uptime.ts";

import type { Database } from "./client.ts";

interface SpansRow {
  readonly componentId: string;
  /** Status, beginning and end of each, in epoch milliseconds. */
  readonly spans: readonly (readonly [ComponentStatus, number, number | null])[];
}

/**
 * Status spans that touch the time from `from` on, by component, oldest first.
 *
 * For each component it takes the spans that begin in the window and the one before them, both
 * through the (component_id, starts_at) index: years of older spans cost nothing. They come as
 * one document a component: unpacking thousands of rows costs more than finding them.
 */
export async function readSpans(
  db: Database,
  componentIds: readonly string[],
  from: Date,
): Promise<ReadonlyMap<string, readonly Span[]>> {
  const rows = await db.$queryRaw<SpansRow[]>`
    SELECT c.id AS "componentId",
           json_agg(json_build_array(
             s.status,
             (extract(epoch FROM s.starts_at) * 1000)::float8,
             (extract(epoch FROM s.ends_at) * 1000)::float8
           ) ORDER BY s.starts_at) AS "spans"
    FROM unnest(${[...componentIds]}::uuid[]) AS c(id)
    CROSS JOIN LATERAL (
      (SELECT status, starts_at, ends_at FROM status_spans
       WHERE component_id = c.id AND starts_at < ${from} ORDER BY starts_at DESC LIMIT 1)
      UNION ALL
      (SELECT status, starts_at, ends_at FROM status_spans
       WHERE component_id = c.id AND starts_at >= ${from})
    ) s
    GROUP BY c.id`;
  return new Map(
    rows.map(({ componentId, spans }) => [
      componentId,
      spans.map(([status, startsAt, endsAt]) => ({ status, startsAt, endsAt })),
    ]),
  );
}
