"use client";

import { OUTCOME_LABELS } from "#lib/model/outcome.ts";
import { HEALTH_STATUS } from "#lib/model/status.ts";
import type { MinorityFault, RegionLine, SilentRegion } from "#lib/public/types.ts";
import { StatusIcon } from "#components/ui/status-icon.tsx";
import { Moment, Since } from "#components/ui/time.tsx";
import { TONES } from "#components/ui/tone.ts";

import { formatList } from "./format.ts";

interface NoticesProps {
  readonly silent: readonly SilentRegion[];
  readonly minorities: readonly MinorityFault[];
  /** True where the component is not the page's own subject. */
  readonly linked?: boolean;
}

/** What the regions' votes say beside the status: who gives no data, and what only a few of them see. */
export function RegionNotices({ silent, minorities, linked = false }: NoticesProps) {
  if (silent.length === 0 && minorities.length === 0) return null;
  return (
    <ul className="plain region-notices" aria-label="Regions">
      {silent.map(({ region, since, blind }) => (
        <li key={region} className={`region-line ${TONES.unknown}`}>
          <StatusIcon status="unknown" />
          <span>
            No data from {region} since <Moment at={since} /> (<Since at={since} />)
            {blind ? ": it has lost its own network." : "."}
          </span>
        </li>
      ))}
      {minorities.map((fault) => (
        <li key={fault.componentId} className={`region-line ${TONES.degraded_performance}`}>
          <StatusIcon status="degraded_performance" />
          <span>
            {linked ? (
              <>
                <a href={`/components/${fault.slug}`}>{fault.component}</a>:{" "}
              </>
            ) : null}
            {OUTCOME_LABELS[fault.outcome]}, {seenFrom(fault)}, since <Moment at={fault.since} /> (
            <Since at={fault.since} />)
          </span>
        </li>
      ))}
    </ul>
  );
}

/** "seen from one region only: eu-west", "seen from 2 of 5 regions only: eu-west and us-east". */
export function seenFrom({ regions, of }: Pick<MinorityFault, "regions" | "of">): string {
  const few = regions.length === 1 ? "one region" : `${regions.length} of ${of} regions`;
  return `seen from ${few} only: ${formatList(regions)}`;
}

/** A line for each region: what it sees, and since when. Nothing where only one looks. */
export function RegionLines({ lines }: { lines: readonly RegionLine[] }) {
  if (lines.length < 2) return null;
  return (
    <section className="section" aria-labelledby="regions">
      <h2 id="regions">Seen from</h2>
      <ul className="plain">
        {lines.map(({ region, health, outcome, since }) => (
          <li key={region} className={`region-line ${TONES[HEALTH_STATUS[health]]}`}>
            <StatusIcon status={HEALTH_STATUS[health]} />
            <span>
              <b>{region}</b>: {health === "unknown" ? "No data" : OUTCOME_LABELS[outcome]} since{" "}
              <Moment at={since} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
