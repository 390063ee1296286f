import { z } from "zod";

import { cleanLine } from "#lib/model/text.ts";

/** Visitors read it on our page: on one line, without control characters and marks that turn its direction. */
const text = (max: number) => z.string().transform(cleanLine).pipe(z.string().min(1).max(max));

/** `GET /api/v2/status.json` of a Statuspage (https://metastatuspage.com/api), as far as it is read. */
const statusSchema = z.object({
  page: z.object({ name: text(200) }),
  status: z.object({
    indicator: z.enum(["none", "minor", "major", "critical", "maintenance"]),
    description: text(300),
  }),
});

export interface StatuspageWord {
  readonly name: string;
  readonly indicator: string;
  readonly description: string;
}

/** The word of a status page; a sentence that says why there is none. */
export function readStatuspageWord(body: string): StatuspageWord | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return "What came back is not JSON: the address has to be that of a page with the Statuspage v2 API.";
  }
  const parsed = statusSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `What came back is not a Statuspage v2 status: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.slice(
      0,
      300,
    );
  }
  const { page, status } = parsed.data;
  return { name: page.name, indicator: status.indicator, description: status.description };
}
