"use client";

import type { CurrentFault, Freshness, Indicator, PublicComponent } from "#lib/public/types.ts";
import { StatusIcon } from "#components/ui/status-icon.tsx";
import { TONES } from "#components/ui/tone.ts";

import { formatCount } from "./format.ts";
import { useDoubt } from "./doubt.ts";
import { FaultLine } from "./fault-note.tsx";
import { IT_IS_US } from "./fault-words.ts";
import { ForecastLine } from "./forecast-line.tsx";
import { FreshnessLine } from "./freshness-line.tsx";
import type { Connection } from "./use-live.ts";
import { LEVEL_STATUS } from "./words.ts";

/** More faults than this are in the list below anyway. */
const NAMED_FAULTS = 3;

const TEXT = {
  stale: "Current state unknown",
  empty: "Nothing is watched yet",
  lastKnown: "Last known",
} as const;

interface BannerProps {
  readonly indicator: Indicator;
  readonly freshness: Freshness;
  readonly connection: Connection;
  readonly components: readonly PublicComponent[];
}

/**
 * The answer that people came for: icon, words and colour. It claims nothing that is not known:
 * without fresh results it is neither green nor red.
 */
export function Banner({ indicator, freshness, connection, components }: BannerProps) {
  const doubtful = useDoubt(freshness, connection);
  const status = doubtful ? "unknown" : LEVEL_STATUS[indicator.level];
  const faults = components.flatMap(({ name, slug, fault }) =>
    fault === null ? [] : [{ name, slug, fault }],
  );
  return (
    <section className={`banner ${TONES[status]}`} aria-labelledby="now">
      <div className="wrap banner-in">
        <StatusIcon status={status} />
        <div>
          <h1 id="now">{components.length === 0 ? TEXT.empty : headline(indicator, freshness, doubtful)}</h1>
          {!doubtful && faults.length > 0 ? <Faults faults={faults} /> : null}
        </div>
        <FreshnessLine freshness={freshness} connection={connection} />
      </div>
    </section>
  );
}

function headline(indicator: Indicator, freshness: Freshness, doubtful: boolean): string {
  if (freshness.stale) return TEXT.stale;
  return doubtful ? `${TEXT.lastKnown}: ${indicator.description}` : indicator.description;
}

function Faults({ faults }: { faults: readonly { name: string; slug: string; fault: CurrentFault }[] }) {
  const more = faults.length - NAMED_FAULTS;
  return (
    <>
      <p className="banner-line">{IT_IS_US}</p>
      <ul className="banner-faults">
        {faults.slice(0, NAMED_FAULTS).map(({ name, slug, fault }) => (
          <li key={slug}>
            <a href={`/components/${slug}`}>{name}</a>
            {fault.gateway === null ? " " : ": "}
            <FaultLine fault={fault} subject="" />
            {fault.forecast === null || fault.forecast.steps.length === 0 ? null : (
              <ForecastLine forecast={fault.forecast} since={fault.since} brief />
            )}
          </li>
        ))}
        {more > 0 ? <li>and {formatCount(more)} more below</li> : null}
      </ul>
    </>
  );
}
