import { stringify } from "csv-stringify/sync";

import type { Evidence } from "#lib/model/evidence.ts";
import type { LookRow } from "#lib/store/check-log.ts";
import type { Database } from "#lib/store/client.ts";

import type { LogFilter } from "./filter.ts";
import { EXPORT_TIMEOUT, readLooks } from "./log.ts";
import type { Names } from "./names.ts";

export const EXPORT_FORMATS = ["csv", "ndjson"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
};

/** Looks a query: enough that asking costs little, few enough that they weigh little. */
const BATCH = 2_000;

type Cell = string | number | null;

/** One line of the CSV; the names are its header. */
function csvRow(look: LookRow, names: Names): Readonly<Record<string, Cell>> {
  const { evidence, timings } = look;
  const check = names.check(look.checkNumber);
  return {
    time: look.slotAt.toISOString(),
    component: check?.component ?? "",
    check: check?.name ?? String(look.checkNumber),
    kind: check?.kind ?? "",
    region: names.region(look.regionId),
    outcome: look.outcome,
    http_status: look.httpStatus,
    gateway: look.gateway,
    fault: evidence?.kind ?? null,
    cause: evidence?.cause?.kind ?? null,
    phase: evidence?.phase ?? null,
    error_code: evidence?.error?.code ?? null,
    error_message: evidence?.error?.message ?? null,
    remote: evidence?.remote ?? null,
    url: evidence?.url ?? null,
    dns_ms: whole(timings.dns),
    connect_ms: whole(timings.connect),
    tls_ms: whole(timings.tls),
    first_byte_ms: whole(timings.firstByte),
    total_ms: whole(timings.total),
    summary: evidence?.summary ?? null,
    headers: evidence === null ? null : headerLines(evidence),
  };
}

function whole(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

function headerLines({ headers }: Evidence): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

/** One line of the NDJSON: everything that is known of a look. */
function jsonLine(look: LookRow, names: Names): string {
  const check = names.check(look.checkNumber);
  const { evidence, timings, outcome, httpStatus, gateway } = look;
  return JSON.stringify({
    time: look.slotAt.toISOString(),
    component: check === undefined ? null : { id: check.componentId, name: check.component },
    check: check === undefined ? null : { id: check.id, name: check.name, kind: check.kind },
    region: names.region(look.regionId),
    outcome,
    httpStatus,
    gateway,
    timings,
    evidence,
  });
}

const NOTHING: LookRow = {
  slotAt: new Date(0),
  checkNumber: 0,
  regionId: 0,
  outcome: "unknown",
  httpStatus: null,
  gateway: null,
  timings: { dns: null, connect: null, tls: null, firstByte: null, total: 0 },
  evidence: null,
};

/** RFC 4180, and no cell that a spreadsheet would take for a formula: such a one gets an apostrophe in front. */
function csvLines(rows: readonly Readonly<Record<string, Cell>>[]): string {
  return stringify([...rows], { record_delimiter: "windows", escape_formulas: true });
}

export interface Export {
  readonly filter: LogFilter;
  readonly names: Names;
  readonly format: ExportFormat;
}

/**
 * The whole log of a filter, newest first, as a stream of bytes. Nothing is read ahead of its reader:
 * memory holds one batch however many looks there are, and who stops reading stops the queries.
 * @throws GatewatchError QUERY_TOO_WIDE when already the first query takes too long
 */
export async function openExport(
  db: Database,
  { filter, names, format }: Export,
): Promise<ReadableStream<Uint8Array>> {
  const reading = { filter, names, after: null, size: BATCH, timeoutMs: EXPORT_TIMEOUT };
  const batches = readLooks(db, reading);
  // the first batch before the answer begins, so that a failure can still be said
  const first = await batches.next();
  const write = (looks: readonly LookRow[]): string =>
    format === "csv"
      ? csvLines(looks.map((look) => csvRow(look, names)))
      : looks.map((look) => `${jsonLine(look, names)}\n`).join("");
  const header = format === "csv" ? `${Object.keys(csvRow(NOTHING, names)).join(",")}\r\n` : "";
  let piece: string | null = header + (first.done === true ? "" : write(first.value));
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        if (piece !== null) {
          controller.enqueue(Buffer.from(piece));
          piece = null;
          return;
        }
        const next = await batches.next();
        if (next.done === true) controller.close();
        else controller.enqueue(Buffer.from(write(next.value)));
      },
      cancel: async () => void (await batches.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}

/** `gatewatch-log-20260131T120000Z.csv` */
export function exportName(format: ExportFormat, now: Date): string {
  return `gatewatch-log-${now.toISOString().replaceAll(/[-:]|\.\d+/g, "")}.${format}`;
}
