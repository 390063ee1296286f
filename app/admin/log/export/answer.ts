import { z } from "zod";

import { GatewatchError } from "#lib/base/errors.ts";
import { EXPORT_FORMATS, EXPORT_TYPES, exportName, openExport } from "#lib/inspect/export.ts";
import { askedIn, parseLogFilter } from "#lib/inspect/filter.ts";
import { readNames } from "#lib/inspect/names.ts";
import type { Database } from "#lib/store/client.ts";

const formatSchema = z.enum(EXPORT_FORMATS);

/**
 * The log that the address asks for, as a file to keep.
 * @throws GatewatchError INPUT_INVALID, QUERY_TOO_WIDE
 */
export async function exportAnswer(
  db: Database,
  params: URLSearchParams,
  at: { readonly now: number; readonly timeZone: string },
): Promise<Response> {
  const format = formatSchema.safeParse(params.get("format") ?? "csv");
  if (!format.success) {
    const message = `takes one of: ${EXPORT_FORMATS.join(", ")}`;
    throw new GatewatchError("INPUT_INVALID", `format ${message}`, {
      problems: [{ path: "format", message }],
    });
  }
  const filter = parseLogFilter(askedIn(params), at);
  const names = await readNames(db);
  const stream = await openExport(db, { filter, names, format: format.data });
  return new Response(stream, {
    headers: {
      "Content-Type": EXPORT_TYPES[format.data],
      "Content-Disposition": `attachment; filename="${exportName(format.data, new Date(at.now))}"`,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
