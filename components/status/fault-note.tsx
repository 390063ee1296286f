"use client";

import type { CurrentFault } from "#lib/public/types.ts";
import { Moment, Since } from "#components/ui/time.tsx";

import { CauseLine, EvidenceList } from "./cause-note.tsx";
import { adviceFor, isNamed } from "./fault-words.ts";
import { ForecastLine } from "./forecast-line.tsx";
import { faultPhrase, SOME_GET_THROUGH } from "./words.ts";

/** "nginx answers 502 Bad Gateway since 14:02 (6 min)"; `subject` where no gateway is known. */
export function FaultLine({ fault, subject }: { fault: CurrentFault; subject?: string }) {
  return (
    <>
      {faultPhrase(fault, subject)} since <Moment at={fault.since} /> (<Since at={fault.since} />)
    </>
  );
}

/** What is wrong with a component, in its row: what and since when, why, how long, and what to do. */
export function FaultNote({ fault }: { fault: CurrentFault }) {
  const { cause, forecast, outcome, since } = fault;
  return (
    <div className="row-fault">
      <p>
        <FaultLine fault={fault} />
        {fault.someGetThrough ? `. ${SOME_GET_THROUGH}` : ""}
      </p>
      {cause === null || !isNamed(cause) ? null : (
        <p>
          <CauseLine cause={cause} />
        </p>
      )}
      {forecast === null ? null : (
        <p>
          <ForecastLine forecast={forecast} since={since} />
        </p>
      )}
      <details>
        <summary>What you can do</summary>
        <div>
          <p>{adviceFor(outcome)}</p>
          {cause === null || cause.evidence.length === 0 ? null : (
            <>
              <p>What the cause rests on:</p>
              <EvidenceList cause={cause} />
            </>
          )}
        </div>
      </details>
    </div>
  );
}
