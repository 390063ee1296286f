import { formatLatency } from "#components/status/format.ts";
import type { Outcome } from "#lib/model/outcome.ts";

import { OutcomeMarker } from "./evidence-view.tsx";
import { logTime } from "./log-words.ts";
import { HINT, ROWS } from "./styles.ts";

/** One look, as a row. */
export interface ListedLook {
  /** Where it is opened. */
  readonly href: string;
  /** ISO 8601. */
  readonly at: string;
  readonly outcome: Outcome;
  readonly component: string;
  readonly check: string;
  readonly region: string;
  readonly totalMs: number;
  readonly gateway: string | null;
  /** A sentence; null for a look that left none. */
  readonly summary: string | null;
}

const ROW =
  "grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5 py-2.5 text-ink no-underline hover:bg-sunk " +
  "sm:grid-cols-[4.5rem_15.5rem_minmax(0,1fr)_auto] sm:gap-x-4";

function Row({ look, timeZone }: { readonly look: ListedLook; readonly timeZone: string }) {
  return (
    <a href={look.href} className={ROW}>
      <time
        dateTime={look.at}
        title={logTime(look.at, "exact", timeZone)}
        className="order-2 text-right text-sm text-ink-soft sm:order-none sm:text-left sm:leading-6"
      >
        {logTime(look.at, "time", timeZone)}
      </time>
      <span className="order-1 sm:order-none">
        <OutcomeMarker outcome={look.outcome} />
      </span>
      <span className="order-3 wrap-anywhere sm:order-none">
        <span className="font-semibold underline decoration-line-strong underline-offset-3">
          {look.component}
        </span>{" "}
        <span className="text-ink-soft">{look.check}</span>
      </span>
      <span className="order-4 text-right text-sm whitespace-nowrap text-ink-soft sm:order-none sm:leading-6">
        {look.region} · {formatLatency(look.totalMs)}
      </span>
      {look.summary === null ? null : (
        <span className="order-5 col-span-full text-sm wrap-anywhere text-ink-soft sm:order-none sm:col-start-2">
          {look.summary}
        </span>
      )}
    </a>
  );
}

/** Looks, newest first, under the day that they fall on. */
export function LogList({
  looks,
  timeZone,
}: {
  readonly looks: readonly ListedLook[];
  readonly timeZone: string;
}) {
  const days = Map.groupBy(looks, ({ at }) => logTime(at, "day", timeZone));
  return [...days].map(([day, ofDay]) => (
    <section key={day} aria-label={day}>
      <h3 className={`${HINT} mt-3 font-bold`}>{day}</h3>
      <ol className={ROWS}>
        {ofDay.map((look) => (
          <li key={look.href}>
            <Row look={look} timeZone={timeZone} />
          </li>
        ))}
      </ol>
    </section>
  ));
}
