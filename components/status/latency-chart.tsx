"use client";

import type { LatencyPoint } from "#lib/public/types.ts";
import { Moment } from "#components/ui/time.tsx";

import { CHART_HEIGHT, CHART_WIDTH, latencyChart, type Chart } from "./chart-paths.ts";
import { formatCount, formatDay, formatLatency } from "./format.ts";

interface ChartProps {
  readonly title: string;
  /** Whole hours, shown in the visitor's zone, or UTC days. */
  readonly unit: "hour" | "day";
  readonly points: readonly LatencyPoint[];
}

/** Response times over time: the median as a line, the 95th percentile above it, failures from below. */
export function LatencyChart({ title, unit, points }: ChartProps) {
  const chart = latencyChart(points);
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      {chart === null ? (
        <p className="soft">No answered check in this time.</p>
      ) : (
        <Drawing chart={chart} unit={unit} points={points} title={title} />
      )}
      {points.some((point) => point.checks > 0) ? (
        <PointTable points={points} unit={unit} title={title} />
      ) : null}
    </figure>
  );
}

function Drawing({ chart, unit, points, title }: ChartProps & { chart: Chart }) {
  const middle = points[Math.floor(points.length / 2)];
  return (
    <div className="chart-box">
      <div className="chart-y" aria-hidden="true">
        <span>{formatLatency(chart.top)}</span>
        <span>{formatLatency(chart.top / 2)}</span>
        <span>0</span>
      </div>
      <svg
        viewBox={`0 0 ${CHART_WIDTH} ${CHART_HEIGHT}`}
        preserveAspectRatio="none"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an image file would be one request a chart
        role="img"
        aria-label={`${title}: ${describe(points)}`}
      >
        <path
          className="grid"
          d={`M0 0H${CHART_WIDTH}M0 ${CHART_HEIGHT / 2}H${CHART_WIDTH}M0 ${CHART_HEIGHT}H${CHART_WIDTH}`}
        />
        <path className="failures" d={chart.failures} strokeWidth={CHART_WIDTH / points.length / 2} />
        <path className="band" d={chart.band} />
        <path className="p95" d={chart.p95} />
        <path className="p50" d={chart.p50} />
      </svg>
      <div className="chart-x" aria-hidden="true">
        {[points[0], middle, points.at(-1)].map((point) =>
          point === undefined ? null : <Label key={point.at} at={point.at} unit={unit} />,
        )}
      </div>
    </div>
  );
}

function Label({ at, unit }: { at: string; unit: ChartProps["unit"] }) {
  return <span>{unit === "hour" ? <Moment at={at} /> : formatDay(at.slice(0, 10), "month-day")}</span>;
}

function describe(points: readonly LatencyPoint[]): string {
  const medians = points.flatMap(({ p50 }) => (p50 === null ? [] : [p50]));
  const slow = Math.max(...points.map(({ p95 }) => p95 ?? 0));
  const failures = points.reduce((sum, point) => sum + point.failures, 0);
  return `median between ${formatLatency(Math.min(...medians))} and ${formatLatency(Math.max(...medians))}, 95th percentile up to ${formatLatency(slow)}, ${formatCount(failures)} failed checks`;
}

function PointTable({ points, unit, title }: ChartProps) {
  return (
    <details className="as-table">
      <summary>
        As a table<span className="sr-only">: {title}</span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{unit === "hour" ? "Hour" : "Day (UTC)"}</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">Checks</th>
            <th scope="col">Failed</th>
          </tr>
        </thead>
        <tbody>
          {points
            .filter((point) => point.checks > 0)
            .toReversed()
            .map((point) => (
              <tr key={point.at}>
                <th scope="row">
                  <Label at={point.at} unit={unit} />
                </th>
                <td>{formatLatency(point.p50)}</td>
                <td>{formatLatency(point.p95)}</td>
                <td>{formatCount(point.checks)}</td>
                <td>{formatCount(point.failures)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}
