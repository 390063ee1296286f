import { SECOND } from "#lib/base/clock.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import { stepAt, type Forecast } from "#lib/model/forecast.ts";
import type { Database } from "#lib/store/client.ts";
import {
  findPublicComponent,
  readEpisodes as findEpisodes,
  readErrorDays as findErrorDays,
  type ErrorDayRow,
} from "#lib/store/public-errors.ts";
import { readPublicCatalog } from "#lib/store/public-catalog.ts";

import { decodeCursor, encodeCursor } from "./cursor.ts";
import { toErrorDay } from "./errors-page.ts";
import { toPublicEpisode } from "./episodes.ts";
import { readForecasts } from "./forecasts.ts";
import type { ErrorDay, PublicEpisode } from "./types.ts";
import { dayName, lastDays } from "./window.ts";

export interface EpisodesQuery {
  /** A component's slug or id; all of them without it. */
  readonly component?: string | undefined;
  /** An HTTP status; 502, 503 and 504 without it. */
  readonly code?: number | undefined;
  /** Began at or after. */
  readonly from?: Date | undefined;
  /** Began before. */
  readonly to?: Date | undefined;
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What can be said at a moment of how long an open episode still takes. */
export interface RemainingTime {
  /** The moment; ISO 8601. */
  readonly asOf: string;
  /** Earlier episodes that it rests on, and whose they are. */
  readonly cases: number;
  readonly of: Forecast["of"];
  /** How many of them lasted longer than this one has already; null when there are too few for a forecast. */
  readonly longer: number | null;
  /** Milliseconds from `asOf` until half of them, or nine of ten, were over; null: too few lasted as long. */
  readonly medianRemainingMs: number | null;
  readonly p90RemainingMs: number | null;
}

/** An episode as the API lists it. */
export interface ListedEpisode extends PublicEpisode {
  /** Null for one that has ended. */
  readonly forecast: RemainingTime | null;
}

export interface EpisodesPage {
  /** Newest first. */
  readonly episodes: readonly ListedEpisode[];
  /** Cursor of the page after; null on the last one. */
  readonly next: string | null;
}

async function componentOf(db: Database, slugOrId: string) {
  const component = await findPublicComponent(db, slugOrId);
  if (component !== null) return component;
  throw new GatewatchError(
    "NOT_FOUND",
    "There is no component of this name: `component` takes a slug or an id from /api/v2/components.json or a component's page address",
  );
}

/**
 * Episodes of gateway errors, page by page. The order is by start and id, so that a page stays
 * right while new episodes begin.
 * @throws GatewatchError NOT_FOUND for an unknown component, INPUT_INVALID for a broken cursor
 */
export async function readEpisodes(db: Database, query: EpisodesQuery): Promise<EpisodesPage> {
  const { component, code, from, to, limit, now } = query;
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const componentId = component === undefined ? undefined : (await componentOf(db, component)).id;
  // one more than asked for tells whether there is another page
  const rows = await findEpisodes(db, { componentId, code, from, to, after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const episodes = shown.map(toPublicEpisode);
  const forecasts = await readForecasts(db, episodes, now);
  return {
    episodes: episodes.map((episode) => {
      const forecast = forecasts.get(episode.id);
      return { ...episode, forecast: forecast === undefined ? null : remaining(forecast, episode, now) };
    }),
    next: last === undefined ? null : encodeCursor(last),
  };
}

function remaining(forecast: Forecast, { startedAt }: PublicEpisode, now: number): RemainingTime {
  const elapsed = now - Date.parse(startedAt);
  const [, median = null, p90 = null, longer = null] = stepAt(forecast, elapsed / SECOND) ?? [];
  const left = (seconds: number | null) => (seconds === null ? null : seconds * SECOND - elapsed);
  return {
    asOf: new Date(now).toISOString(),
    cases: forecast.cases,
    of: forecast.of,
    longer,
    medianRemainingMs: left(median),
    p90RemainingMs: left(p90),
  };
}

export interface ErrorDaysQuery {
  /** A component's slug or id; all of them without it. */
  readonly component?: string | undefined;
  /** UTC days, today included. */
  readonly days: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A day as the API lists it: the same counts once more by code. */
export interface ListedDay extends ErrorDay {
  readonly codes: Readonly<Record<"502" | "503" | "504", number>>;
}

export interface ErrorDays {
  /** First and last UTC day, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  readonly components: readonly {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    /** Oldest first; days without any check are left out. */
    readonly days: readonly ListedDay[];
  }[];
}

function toListedDay(row: ErrorDayRow): ListedDay {
  const { badGateway, serviceUnavailable, gatewayTimeout } = row;
  return {
    ...toErrorDay(row),
    codes: { "502": badGateway, "503": serviceUnavailable, "504": gatewayTimeout },
  };
}

/**
 * Counts of 502, 503 and 504 by component and day.
 * @throws GatewatchError NOT_FOUND for an unknown component
 */
export async function readErrorDays(db: Database, query: ErrorDaysQuery): Promise<ErrorDays> {
  const window = lastDays(query.days, query.now);
  const components =
    query.component === undefined
      ? (await readPublicCatalog(db)).components
      : [await componentOf(db, query.component)];
  const rows = await findErrorDays(db, {
    componentIds: components.map((component) => component.id),
    from: new Date(window.from),
    quiet: true,
  });
  return {
    from: dayName(window.from),
    to: dayName(window.to),
    components: components.map(({ id, slug, name }) => ({
      id,
      slug,
      name,
      days: rows.filter((row) => row.componentId === id).map(toListedDay),
    })),
  };
}
