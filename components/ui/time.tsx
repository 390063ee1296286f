"use client";

import { formatAgo, formatDate, formatDuration, sameDay } from "#components/status/format.ts";

import { useNow } from "./now.tsx";
import { useTimeZone } from "./time-zone.ts";

/** A moment: only the time when it is of today, otherwise with its date; the full date on hover. */
export function Moment({ at, always }: { at: string; always?: "date" | undefined }) {
  const zone = useTimeZone();
  const now = useNow();
  const style = always === undefined && sameDay(at, now, zone) ? "time" : "moment";
  return (
    <time dateTime={at} title={formatDate(at, "full", zone)}>
      {formatDate(at, style, zone)}
    </time>
  );
}

/** A day with its year, for what lies far away; the full date on hover. */
export function Day({ at }: { at: string }) {
  const zone = useTimeZone();
  return (
    <time dateTime={at} title={formatDate(at, "full", zone)}>
      {formatDate(at, "day", zone)}
    </time>
  );
}

/** From one moment to another: the second date only when it is another day. */
export function Range({ from, to }: { from: string; to: string }) {
  const zone = useTimeZone();
  return (
    <>
      <time dateTime={from} title={formatDate(from, "full", zone)}>
        {formatDate(from, "moment", zone)}
      </time>
      {" – "}
      <time dateTime={to} title={formatDate(to, "full", zone)}>
        {formatDate(to, sameDay(from, to, zone) ? "time" : "moment", zone)}
      </time>
    </>
  );
}

/** How long ago something was, or how long it has lasted when `ago` is false. */
export function Since({ at, ago = false }: { at: string; ago?: boolean }) {
  const passed = Math.max(0, useNow() - Date.parse(at));
  return <>{ago ? formatAgo(passed) : formatDuration(passed)}</>;
}
