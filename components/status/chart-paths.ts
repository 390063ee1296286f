/** Response times as SVG paths. Drawn in a box of fixed size that is stretched to its place. */
import type { LatencyPoint } from "#lib/public/types.ts";

export const CHART_WIDTH = 1000;
export const CHART_HEIGHT = 200;

// their halves are round as well: the middle of the axis is labelled too
const NICE_STEPS = [1, 1.5, 2, 3, 4, 6, 8, 10] as const;

/** The smallest round number that is not below `value`; 1 for nothing. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = NICE_STEPS.find((candidate) => candidate * power >= value) ?? 10;
  return step * power;
}

export interface Chart {
  /** Milliseconds at the upper edge. */
  readonly top: number;
  readonly p50: string;
  readonly p95: string;
  /** The area between the two, one polygon a stretch without gaps. */
  readonly band: string;
  /** A stroke from the bottom for each point with failures, as high as their share. */
  readonly failures: string;
}

interface Place {
  readonly x: number;
  readonly p50: number;
  readonly p95: number;
}

/** Stretches of neighbouring points that have both figures; a gap in the data stays a gap in the line. */
function stretches(
  points: readonly LatencyPoint[],
  x: (index: number) => number,
  y: (ms: number) => number,
): Place[][] {
  const found: Place[][] = [];
  let open: Place[] | undefined;
  for (const [index, { p50, p95 }] of points.entries()) {
    if (p50 === null || p95 === null) {
      open = undefined;
      continue;
    }
    if (open === undefined) found.push((open = []));
    open.push({ x: x(index), p50: y(p50), p95: y(p95) });
  }
  return found;
}

const round = (value: number): number => Math.round(value * 10) / 10;

// a lone point gets a line of no length, which round caps show as a dot
const line = (places: readonly Place[], of: "p50" | "p95"): string =>
  `M${places.map((place) => `${place.x} ${place[of]}`).join("L")}${places.length === 1 ? "h.1" : ""}`;

const area = (places: readonly Place[]): string =>
  `M${[...places.map((place) => `${place.x} ${place.p95}`), ...places.toReversed().map((place) => `${place.x} ${place.p50}`)].join("L")}z`;

/** The drawing of a series, or null when it holds no answered check at all. */
export function latencyChart(points: readonly LatencyPoint[]): Chart | null {
  const slowest = Math.max(0, ...points.map((point) => point.p95 ?? 0));
  if (slowest === 0) return null;
  const top = niceCeiling(slowest);
  const step = CHART_WIDTH / Math.max(1, points.length);
  const x = (index: number): number => round((index + 0.5) * step);
  const lines = stretches(points, x, (ms) => round(CHART_HEIGHT * (1 - ms / top)));
  return {
    top,
    p50: lines.map((places) => line(places, "p50")).join(""),
    p95: lines.map((places) => line(places, "p95")).join(""),
    band: lines.map(area).join(""),
    failures: points
      .map(({ checks, failures }, index) =>
        failures === 0
          ? ""
          : `M${x(index)} ${CHART_HEIGHT}v${-round(Math.max(0.06, failures / Math.max(1, checks)) * CHART_HEIGHT)}`,
      )
      .join(""),
  };
}
