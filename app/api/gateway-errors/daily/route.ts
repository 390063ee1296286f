import { z } from "zod";

import { readErrorDays } from "#lib/public/gateway-errors.ts";
import { database } from "#lib/store/client.ts";

import { answer } from "../../_answer/errors.ts";
import { publicJson } from "../../_answer/json.ts";
import { parseQuery } from "../../_answer/query.ts";

export const dynamic = "force-dynamic";

const COMPONENT = "takes a component's slug or id";
const DAYS = "takes a number of days from 1 to 366";
const query = z.object({
  component: z
    .string()
    .regex(/^\P{Cc}{1,200}$/u, COMPONENT)
    .optional(),
  days: z
    .string()
    .regex(/^\d{1,3}$/, DAYS)
    .transform(Number)
    .refine((days) => days >= 1 && days <= 366, DAYS)
    .default(90),
});

/** Counts of 502, 503 and 504 by component and UTC day. */
export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const { component, days } = parseQuery(request.url, query);
    return publicJson(await readErrorDays(database(), { component, days, now: Date.now() }));
  });
}
