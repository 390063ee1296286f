import { DAY, MINUTE, SECOND } from "#lib/base/clock.ts";
import {
  readEvidenceLog,
  readResultLog,
  type LogQuery,
  type LookKey,
  type LookRow,
} from "#lib/store/check-log.ts";
import type { Database } from "#lib/store/client.ts";

import { needsEvidenceOnly, type LogFilter } from "./filter.ts";
import { checksMeant, type Names } from "./names.ts";

export interface Reading {
  readonly filter: LogFilter;
  readonly names: Names;
  /** Begin behind this look; null: at the newest. */
  readonly after: LookKey | null;
  /** Looks a query. */
  readonly size: number;
  /** After that a query is given up. */
  readonly timeoutMs: number;
}

/**
 * The looks that a filter asks for, newest first, in batches of at most `size`: one query each, begun
 * when it is asked for, so that whoever stops reading stops the queries.
 * @throws GatewatchError QUERY_TOO_WIDE when one of them takes too long
 */
export async function* readLooks(db: Database, reading: Reading): AsyncGenerator<readonly LookRow[]> {
  const query = queryOf(reading);
  if (query === null) return;
  const { filter } = reading;
  if (!needsEvidenceOnly(filter)) yield* inStretches(query, (stretch) => readResultLog(db, stretch));
  else {
    const asked = { gateway: filter.gateway || null, text: filter.q || null };
    const read = (stretch: LogQuery): Promise<LookRow[]> => readEvidenceLog(db, { ...stretch, ...asked });
    // evidence is in order of time, but nobody can know beforehand how often a word is in it
    const isSearch = asked.text !== null || query.outcomes !== null;
    yield* isSearch ? inStretches(query, read) : inOrder(query, read);
  }
}

/** Null when no look can fit. */
function queryOf({ filter, names, after, size, timeoutMs }: Reading): LogQuery | null {
  const checks = checksMeant(names, filter);
  const region = names.regions.find(({ name }) => name === filter.region)?.id ?? null;
  if (checks?.length === 0 || (filter.region !== "" && region === null)) return null;
  return {
    from: filter.since,
    to: filter.until,
    after,
    checks,
    region,
    outcomes: filter.outcome.length === 0 ? null : filter.outcome,
    limit: size,
    timeoutMs,
  };
}

type Read = (query: LogQuery) => Promise<readonly LookRow[]>;

async function* inOrder(query: LogQuery, read: Read): AsyncGenerator<readonly LookRow[]> {
  let after = query.after;
  for (;;) {
    const rows = await read({ ...query, after });
    if (rows.length > 0) yield rows;
    if (rows.length < query.limit) return;
    after = rows.at(-1) ?? null;
  }
}

const FIRST_STRETCH = 30 * SECOND;
const SHORTEST_STRETCH = SECOND;
const LONGEST_STRETCH = DAY;

/**
 * For what no index gives in order of time, as results: it is read back in stretches that are short
 * where there is much and long where there is little, so that each query sorts about as many rows as
 * it returns.
 */
async function* inStretches(query: LogQuery, read: Read): AsyncGenerator<readonly LookRow[]> {
  let { to, after } = query;
  let stretch = FIRST_STRETCH;
  while (to > query.from) {
    const from = new Date(Math.max(query.from.getTime(), beginning(to, after) - stretch));
    const rows = await read({ ...query, from, to, after });
    if (rows.length > 0) yield rows;
    if (rows.length === query.limit) {
      after = rows.at(-1) ?? null;
      stretch = Math.max(SHORTEST_STRETCH, stretch / 2);
    } else {
      to = from;
      after = null;
      stretch = Math.min(LONGEST_STRETCH, stretch * (rows.length < query.limit / 4 ? 4 : 1));
    }
  }
}

function beginning(to: Date, after: LookKey | null): number {
  return Math.min(to.getTime(), after?.slotAt.getTime() ?? Infinity);
}

/** A page waits for no longer than somebody at a phone does. */
const PAGE_TIMEOUT = 5 * SECOND;

/** One page of the log. */
export interface LogPage {
  readonly looks: readonly LookRow[];
  /** Where the next, older page begins; null: this is the last. */
  readonly older: LookKey | null;
}

/** Reads one page. @throws GatewatchError QUERY_TOO_WIDE */
export async function readLogPage(db: Database, reading: Omit<Reading, "timeoutMs">): Promise<LogPage> {
  const { size } = reading;
  const looks: LookRow[] = [];
  // one more than fits says whether there is another page
  const batches = readLooks(db, { ...reading, size: size + 1, timeoutMs: PAGE_TIMEOUT });
  for await (const batch of batches) {
    looks.push(...batch);
    if (looks.length > size) break;
  }
  const page = looks.slice(0, size);
  return { looks: page, older: looks.length > size ? (page.at(-1) ?? null) : null };
}

/** How long the first query of an export, and each after it, may take. */
export const EXPORT_TIMEOUT = MINUTE;
