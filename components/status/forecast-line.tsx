"use client";

import type { Forecast } from "#lib/model/forecast.ts";
import { useNow } from "#components/ui/now.tsx";
import { useAlive, useTimeZone } from "#components/ui/time-zone.ts";

import { forecastWords } from "./forecast-words.ts";
import { formatDate, sameDay } from "./format.ts";

interface ForecastProps {
  readonly forecast: Forecast;
  /** When the failure began, ISO 8601. */
  readonly since: string;
  /** Only the answer, without what it rests on. */
  readonly brief?: boolean;
}

/**
 * How long it usually lasts. An open page counts down and looks up what is known for the time that
 * has passed; the server's HTML names times of day, which stay true while it lies in a cache.
 */
export function ForecastLine({ forecast, since, brief = false }: ForecastProps) {
  const now = useNow();
  const zone = useTimeZone();
  const alive = useAlive();
  const clock = (at: number): string =>
    `${formatDate(at, sameDay(at, now, zone) ? "time" : "moment", zone)} ${zone}`;
  const { answer, basis } = forecastWords(forecast, {
    since: Date.parse(since),
    now,
    clock: alive ? null : clock,
  });
  return (
    <span className="forecast">
      {brief || basis === "" ? <b>{`${answer}.`}</b> : <b>{answer}</b>}
      {brief || basis === "" ? null : `; ${basis}.`}
    </span>
  );
}
