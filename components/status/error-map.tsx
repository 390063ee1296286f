"use client";

import type { ErrorsPage } from "#lib/public/types.ts";
import { SampleTag } from "#components/ui/tag.tsx";

import { CodeMark } from "./code-mark.tsx";
import { COLUMN, errorTotals, MAP_HEIGHT, mapPieces, type MapPiece } from "./error-paths.ts";
import { addDays, formatCount, formatDay, formatList, plural } from "./format.ts";

type ErrorComponent = ErrorsPage["components"][number];

/** One component's gateway errors, day by day, with the figures beside it and a table behind it. */
export function ErrorMap({ component, firstDay }: { component: ErrorComponent; firstDay: string }) {
  const totals = errorTotals(component.errors);
  const summary = ([502, 504, 503] as const).flatMap((code) => {
    const { checks, days } = totals[code];
    return checks === 0 ? [] : [`${code} in ${plural(checks, "check")} on ${plural(days, "day")}`];
  });
  const words = summary.length === 0 ? "no gateway errors" : formatList(summary);
  return (
    <li className="map">
      <h3 className="row-name">
        <a href={`/components/${component.slug}`}>{component.name}</a> <SampleTag shown={component.sample} />
      </h3>
      <p className="map-totals">
        <CodeMark code={502} /> {formatCount(totals[502].checks)}{" "}
        <span className="sr-only">checks answered 502,</span>
        <CodeMark code={504} /> {formatCount(totals[504].checks)}{" "}
        <span className="sr-only">checks answered 504</span>
      </p>
      <div
        className="pieces"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- three drawings that are one picture
        role="img"
        aria-label={`${component.name}, last ${component.days.length} days: ${words}`}
      >
        {mapPieces({ firstDay, days: component.days, errors: component.errors }).map((piece) => (
          <Piece key={piece.from} piece={piece} firstDay={firstDay} />
        ))}
      </div>
      {component.errors.length === 0 ? null : <DayTable component={component} />}
    </li>
  );
}

function Piece({ piece, firstDay }: { piece: MapPiece; firstDay: string }) {
  return (
    <div className="piece">
      <svg viewBox={`0 0 ${piece.days * COLUMN} ${MAP_HEIGHT}`} aria-hidden="true">
        <path className="quiet" d={piece.quiet} />
        {piece.marks.map(({ code, d }) => (
          <path key={code} className={`c${code}`} d={d} />
        ))}
      </svg>
      <span>{formatDay(addDays(firstDay, piece.from), "month-day")}</span>
    </div>
  );
}

function DayTable({ component }: { component: ErrorComponent }) {
  return (
    <details className="as-table">
      <summary>
        By day<span className="sr-only">: {component.name}</span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            <th scope="col">502</th>
            <th scope="col">503</th>
            <th scope="col">504</th>
            <th scope="col">Checks</th>
          </tr>
        </thead>
        <tbody>
          {component.errors.toReversed().map((error) => (
            <tr key={error.day}>
              <th scope="row">{formatDay(error.day, "day")}</th>
              <td>{formatCount(error.badGateway)}</td>
              <td>{formatCount(error.serviceUnavailable)}</td>
              <td>{formatCount(error.gatewayTimeout)}</td>
              <td>{formatCount(error.checks)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
