import { z } from "zod";

import { readEpisodes } from "#lib/public/gateway-errors.ts";
import { database } from "#lib/store/client.ts";

import { answer } from "../_answer/errors.ts";
import { publicJson } from "../_answer/json.ts";
import { parseQuery } from "../_answer/query.ts";

export const dynamic = "force-dynamic";

const COMPONENT = "takes a component's slug or id";
const TIME = "takes an ISO 8601 time with a zone, e.g. 2026-01-31T12:00:00Z";
const time = z.iso
  .datetime({ offset: true, error: TIME })
  .transform((text) => new Date(text))
  // PostgreSQL has no year 0
  .refine((at) => at.getTime() >= 0, TIME);
const whole = (min: number, max: number, what: string) =>
  z
    .string()
    .regex(/^\d{1,6}$/, what)
    .transform(Number)
    .refine((value) => value >= min && value <= max, what);

const query = z
  .object({
    component: z
      .string()
      .regex(/^\P{Cc}{1,200}$/u, COMPONENT)
      .optional(),
    code: whole(
      500,
      599,
      "takes an HTTP status from 500 to 599; without it 502, 503 and 504 are listed",
    ).optional(),
    from: time.optional(),
    to: time.optional(),
    limit: whole(1, 200, "takes a number from 1 to 200").default(50),
    cursor: z.string().max(200, "takes the `next` of the page before").optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ["to"],
    message: "takes a time later than `from`",
  });

/** Episodes of gateway errors, newest first. */
export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const asked = parseQuery(request.url, query);
    return publicJson(await readEpisodes(database(), { ...asked, now: Date.now() }));
  });
}
