import type { ComponentStatus } from "#lib/model/status.ts";
import type { Span } from "#lib/model/uptime.ts";

import type { Database } from "./client.ts";

interface SpanRow {
  readonly componentId: string;
  readonly status: ComponentStatus;
  readonly startsAt: number;
  readonly endsAt: number | null;
}

/**
 * Status spans that touch the time from `from` on, by component, oldest first.
 *
 * For each component it takes the spans that begin in the window and the one before them, both
 * through the (component_id, starts_at) index: years of older spans cost nothing.
 */
export async function readSpans(
  db: Database,
  componentIds: readonly string[],
  from: Date,
): Promise<ReadonlyMap<string, readonly Span[]>> {
  const rows = await db.$queryRaw<SpanRow[]>`
    SELECT c.id AS "componentId", s.status,
           (extract(epoch FROM s.starts_at) * 1000)::float8 AS "startsAt",
           (extract(epoch FROM s.ends_at) * 1000)::float8 AS "endsAt"
    FROM unnest(${[...componentIds]}::uuid[]) AS c(id)
    CROSS JOIN LATERAL (
      (SELECT status, starts_at, ends_at FROM status_spans
       WHERE component_id = c.id AND starts_at < ${from} ORDER BY starts_at DESC LIMIT 1)
      UNION ALL
      (SELECT status, starts_at, ends_at FROM status_spans
       WHERE component_id = c.id AND starts_at >= ${from})
    ) s
    ORDER BY c.id, s.starts_at`;
  const byComponent = new Map<string, Span[]>();
  for (const { componentId, status, startsAt, endsAt } of rows) {
    const spans = byComponent.get(componentId);
    const span = { status, startsAt, endsAt };
    if (spans === undefined) byComponent.set(componentId, [span]);
    else spans.push(span);
  }
  return byComponent;
}
