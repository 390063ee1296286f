import { z } from "zod";

import { DAY, HOUR, MINUTE } from "#lib/base/clock.ts";
import { GatewatchError, type FieldProblem } from "#lib/base/errors.ts";
import { readLocalTime } from "#lib/model/local-time.ts";
import { leavesEvidence, OUTCOMES, type Outcome } from "#lib/model/outcome.ts";

/** Stretches of time that end now. */
export const RANGES = { "1h": HOUR, "6h": 6 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;
export type RangeName = keyof typeof RANGES;

const DEFAULT_RANGE: RangeName = "24h";
/** What one question may span at most: a month, whichever. */
const LONGEST = 31 * DAY;
/** "Now" lies a little ahead: clocks of workers differ. */
const AHEAD = MINUTE;

/** Of one line: PostgreSQL takes no NUL, and nothing that is searched has other control characters. */
const line = (max: number, message: string) =>
  z
    .string()
    .max(max, message)
    .regex(/^\P{Cc}*$/u, message)
    .default("");

const schema = z.object({
  q: z
    .string()
    .trim()
    .max(200, "Search for 200 characters at most.")
    .regex(/^\P{Cc}*$/u, "Search for words on one line.")
    .default(""),
  component: z.union([z.literal(""), z.uuid("Choose a component from the list.")]).default(""),
  check: z.union([z.literal(""), z.uuid("Choose a check from the list.")]).default(""),
  kind: line(32, "There is no such kind of check."),
  region: line(64, "There is no such region."),
  gateway: line(100, "There is no such gateway."),
  outcome: z.array(z.enum(OUTCOMES, "There is no such outcome.")).max(OUTCOMES.length).default([]),
  show: z.enum(["failures", "all"], "Choose failures or all.").default("failures"),
  range: z.enum(["1h", "6h", "24h", "7d", "30d"], "Choose one of the ranges.").default(DEFAULT_RANGE),
  from: z.string().max(40, "This is not a time.").default(""),
  to: z.string().max(40, "This is not a time.").default(""),
});

/** What somebody asks of the log, as the address says it: empty texts where nothing is asked. */
export type AskedOfLog = z.output<typeof schema>;

/** The same with its moments worked out. */
export interface LogFilter extends AskedOfLog {
  readonly since: Date;
  readonly until: Date;
}

/** The parameters of an address, each name once but for `outcome`; strange ones are left out. */
export function askedIn(params: URLSearchParams): Record<string, unknown> {
  const known = Object.keys(schema.shape).filter((name) => name !== "outcome");
  const given = known.flatMap((name) => {
    const value = params.get(name);
    return value === null || value === "" ? [] : [[name, value] as const];
  });
  const outcome = params.getAll("outcome").filter((value) => value !== "");
  return { ...Object.fromEntries(given), ...(outcome.length === 0 ? {} : { outcome }) };
}

/**
 * Reads what is asked of the log.
 * @param timeZone what local times mean; ISO 8601 times with a zone are taken as well
 * @throws GatewatchError INPUT_INVALID with a problem for each wrong field
 */
export function parseLogFilter(
  asked: Record<string, unknown>,
  at: { readonly now: number; readonly timeZone: string },
): LogFilter {
  const parsed = schema.safeParse(asked);
  if (!parsed.success) {
    throw wrong(parsed.error.issues.map(({ path, message }) => ({ path: String(path[0] ?? ""), message })));
  }
  return { ...parsed.data, ...windowOf(parsed.data, at) };
}

/** Whether somebody named a stretch of time of their own. */
export function hasOwnWindow({ from, to }: Pick<AskedOfLog, "from" | "to">): boolean {
  return from !== "" || to !== "";
}

function windowOf(
  asked: AskedOfLog,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): { since: Date; until: Date } {
  if (!hasOwnWindow(asked)) {
    return { since: new Date(now - RANGES[asked.range]), until: new Date(now + AHEAD) };
  }
  const to = asked.to === "" ? { at: new Date(now + AHEAD) } : readTime(asked.to, timeZone, "later");
  const from = asked.from === "" ? null : readTime(asked.from, timeZone, "earlier");
  const problems = [
    ...(from !== null && "problem" in from ? [{ path: "from", message: from.problem }] : []),
    ...("problem" in to ? [{ path: "to", message: to.problem }] : []),
  ];
  if ("problem" in to || (from !== null && "problem" in from)) throw wrong(problems);
  const until = to.at;
  const since = from === null ? new Date(until.getTime() - RANGES[asked.range]) : from.at;
  if (since >= until) throw wrong([{ path: "to", message: "The end must be later than the beginning." }]);
  if (until.getTime() - since.getTime() > LONGEST + AHEAD) {
    throw wrong([{ path: "from", message: "This is more than 31 days; ask for less at a time." }]);
  }
  return { since, until };
}

function readTime(
  text: string,
  timeZone: string,
  repeated: "earlier" | "later",
): { readonly at: Date } | { readonly problem: string } {
  const reading = readLocalTime(text, timeZone);
  if (reading.kind === "exact") return { at: reading.at };
  if (reading.kind === "repeated") return { at: reading[repeated] };
  if (reading.kind === "skipped") {
    return { problem: `This time does not exist in ${timeZone}: the clocks go forward over it.` };
  }
  const iso = z.iso.datetime({ offset: true }).safeParse(text);
  // PostgreSQL has no year 0
  if (iso.success && Date.parse(iso.data) >= 0) return { at: new Date(iso.data) };
  return {
    problem: "This is not a time; write it like 2026-01-31T12:00, or with a zone like 2026-01-31T12:00:00Z.",
  };
}

function wrong(problems: readonly FieldProblem[]): GatewatchError {
  const sentence = problems.map(({ path, message }) => `${path}: ${message}`).join(" ");
  return new GatewatchError("INPUT_INVALID", sentence, { problems });
}

/** Every outcome that leaves evidence. */
const KEPT: readonly Outcome[] = OUTCOMES.filter(leavesEvidence);

/** Whether evidence alone answers it: it is little, in order, and holds what is searched. */
export function needsEvidenceOnly({ q, gateway, outcome, show }: AskedOfLog): boolean {
  if (q !== "" || gateway !== "") return true;
  return outcome.length === 0 ? show === "failures" : outcome.every((each) => KEPT.includes(each));
}

/** The query string of a filter, shortest first: what is not asked is not in it. */
export function toQuery(filter: Partial<AskedOfLog>, more: Readonly<Record<string, string>> = {}): string {
  const params = new URLSearchParams();
  const { outcome = [], ...single } = filter;
  for (const [name, value] of Object.entries({ ...single, ...more })) {
    if (!Object.hasOwn(schema.shape, name) && !Object.hasOwn(more, name)) continue;
    if (typeof value !== "string" || value === "" || value === DEFAULTS[name]) continue;
    params.set(name, value);
  }
  for (const each of outcome) params.append("outcome", each);
  return params.size === 0 ? "" : `?${params.toString()}`;
}

const DEFAULTS: Readonly<Record<string, string>> = { show: "failures", range: DEFAULT_RANGE };
