"use client";

import { MINUTE } from "#lib/base/clock.ts";
import type { Freshness } from "#lib/public/types.ts";
import { useNow } from "#components/ui/now.tsx";
import { Moment } from "#components/ui/time.tsx";
import { useAlive } from "#components/ui/time-zone.ts";

import { formatDuration } from "./format.ts";
import type { Connection } from "./use-live.ts";

/**
 * How old what is shown is. The server's HTML names the minute, because nobody knows when it is
 * read; an open page counts.
 */
export function FreshnessLine({ freshness, connection }: { freshness: Freshness; connection: Connection }) {
  const alive = useAlive();
  const { checkedAt, stale } = freshness;
  if (checkedAt === null) return <p className="fresh">Not checked yet.</p>;
  if (connection !== "live") {
    return (
      <p className="fresh is-lost">
        {connection === "lost" ? "Connection lost, retrying." : "Live data is not available."} Last known as
        of <Moment at={checkedAt} />.
      </p>
    );
  }
  if (stale) {
    return (
      <p className="fresh is-lost">
        No check has reported since <Moment at={checkedAt} />.
      </p>
    );
  }
  return <p className="fresh">{alive ? <Checked at={checkedAt} /> : <CheckedAt at={checkedAt} />}</p>;
}

function CheckedAt({ at }: { at: string }) {
  return (
    <>
      Checked at <Moment at={at} />.
    </>
  );
}

/** `at` is rounded down to its minute, so the check itself is up to a minute younger. */
function Checked({ at }: { at: string }) {
  const age = useNow() - Date.parse(at);
  if (age < MINUTE) return <>Checked less than a minute ago.</>;
  return age < 2 * MINUTE ? (
    <>Checked about a minute ago.</>
  ) : (
    <>Checked {formatDuration(age - MINUTE)} ago.</>
  );
}
