/**
 * The map of gateway errors: a column a day, a lane a code. 502 is a square in the upper lane, 504
 * a diamond in the lower one, 503 a small ring between them, so that lane, shape and colour each
 * tell them apart alone. The size of a mark grows with the number of checks.
 */
import { DAY } from "#lib/base/clock.ts";
import type { ErrorDay } from "#lib/public/types.ts";

import { dayLetter } from "./bar-paths.ts";

/** Days in one piece of the map; three pieces stand side by side or, on a phone, one below the other. */
export const PIECE_DAYS = 30;
export const COLUMN = 10;
export const MAP_HEIGHT = 38;
const LANES = { badGateway: 9, serviceUnavailable: 19, gatewayTimeout: 29 } as const;

export interface ErrorMark {
  readonly code: 502 | 503 | 504;
  readonly d: string;
}

export interface MapPiece {
  /** Index of the first day. */
  readonly from: number;
  readonly days: number;
  readonly marks: readonly ErrorMark[];
  /** Days with data but without errors, as a row of dots; days without data stay empty. */
  readonly quiet: string;
}

/** Half the width of a mark: one check is small, twenty and more fill the column. */
export function markRadius(count: number): number {
  if (count >= 20) return 4.5;
  return count >= 4 ? 3.5 : 2.5;
}

function square(x: number, y: number, r: number): string {
  return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
}

function diamond(x: number, y: number, r: number): string {
  // as much ink as the square of the same radius
  const reach = r * 1.25;
  return `M${x} ${y - reach}l${reach} ${reach}l${-reach} ${reach}l${-reach} ${-reach}z`;
}

function ring(x: number, y: number, r: number): string {
  const radius = r * 0.7;
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
}

interface MapInput {
  readonly firstDay: string;
  /** DayLetters of the component. */
  readonly days: string;
  readonly errors: readonly ErrorDay[];
}

/** The pieces of one component's map, oldest first. Errors outside the window are left out. */
export function mapPieces({ firstDay, days, errors }: MapInput): MapPiece[] {
  const start = Date.parse(`${firstDay}T00:00:00Z`);
  const byDay = new Map(
    errors.map((error) => [Math.round((Date.parse(`${error.day}T00:00:00Z`) - start) / DAY), error]),
  );
  const pieces: MapPiece[] = [];
  for (let from = 0; from < days.length; from += PIECE_DAYS) {
    const count = Math.min(PIECE_DAYS, days.length - from);
    pieces.push({ from, days: count, ...drawPiece(from, count, days, byDay) });
  }
  return pieces;
}

function drawPiece(
  from: number,
  count: number,
  days: string,
  byDay: ReadonlyMap<number, ErrorDay>,
): Pick<MapPiece, "marks" | "quiet"> {
  const paths = { 502: "", 503: "", 504: "" };
  let quiet = "";
  for (let index = 0; index < count; index += 1) {
    const error = byDay.get(from + index);
    const x = index * COLUMN + COLUMN / 2;
    if (error === undefined) {
      if (dayLetter(days, from + index) !== "-") quiet += `M${x - 1} ${LANES.serviceUnavailable}h2`;
      continue;
    }
    const { badGateway, serviceUnavailable, gatewayTimeout } = error;
    if (badGateway > 0) paths[502] += square(x, LANES.badGateway, markRadius(badGateway));
    if (serviceUnavailable > 0)
      paths[503] += ring(x, LANES.serviceUnavailable, markRadius(serviceUnavailable));
    if (gatewayTimeout > 0) paths[504] += diamond(x, LANES.gatewayTimeout, markRadius(gatewayTimeout));
  }
  const marks = ([502, 503, 504] as const).flatMap((code) =>
    paths[code] === "" ? [] : [{ code, d: paths[code] }],
  );
  return { marks, quiet };
}

/** Checks by code over the whole window, and the days on which each was seen. */
export function errorTotals(
  errors: readonly ErrorDay[],
): Readonly<Record<502 | 503 | 504, { checks: number; days: number }>> {
  const total = (of: (error: ErrorDay) => number) => ({
    checks: errors.reduce((sum, error) => sum + of(error), 0),
    days: errors.filter((error) => of(error) > 0).length,
  });
  return {
    502: total((error) => error.badGateway),
    503: total((error) => error.serviceUnavailable),
    504: total((error) => error.gatewayTimeout),
  };
}
