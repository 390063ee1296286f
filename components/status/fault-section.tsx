"use client";

import type { CurrentFault, Freshness, UpstreamSaying } from "#lib/public/types.ts";
import { Moment, Since } from "#components/ui/time.tsx";

import { CauseLine, Evidence } from "./cause-note.tsx";
import { useDoubt } from "./doubt.ts";
import { adviceFor } from "./fault-words.ts";
import { ForecastLine } from "./forecast-line.tsx";
import type { Connection } from "./use-live.ts";
import { answererWords, faultSentence } from "./words.ts";

interface FaultSectionProps {
  readonly fault: CurrentFault;
  readonly upstream: UpstreamSaying | null;
  readonly supportUrl: string | null;
  readonly freshness: Freshness;
  readonly connection: Connection;
}

/**
 * Everything that is known of a failure that goes on, for the person who has met it. Nothing while
 * it is not known whether it still does.
 */
export function FaultSection({ fault, upstream, supportUrl, freshness, connection }: FaultSectionProps) {
  const doubtful = useDoubt(freshness, connection);
  const { cause, forecast, outcome, since } = fault;
  if (doubtful) return null;
  const answerer = answererWords(fault);
  return (
    <section className="section" aria-labelledby="fault">
      <h2 id="fault">What is going on</h2>
      <dl className="answers">
        <div>
          <dt>What happens</dt>
          <dd>
            {faultSentence(fault)} Since <Moment at={since} /> (<Since at={since} />
            ).
            {answerer === null ? null : <span className="soft"> {answerer}</span>}
          </dd>
        </div>
        <div>
          <dt>Why</dt>
          <dd>
            {cause === null ? <b>Not known yet.</b> : <CauseLine cause={cause} />}
            {cause === null ? null : <Evidence cause={cause} />}
          </dd>
        </div>
        {forecast === null ? null : (
          <div>
            <dt>How long it takes</dt>
            <dd>
              <ForecastLine forecast={forecast} since={since} />
            </dd>
          </div>
        )}
        <div>
          <dt>What you can do</dt>
          <dd>
            {adviceFor(outcome)}
            {supportUrl === null ? null : (
              <>
                {" "}
                <a href={supportUrl} rel="noopener">
                  Get help
                </a>
              </>
            )}
          </dd>
        </div>
        {upstream === null ? null : (
          <div>
            <dt>What it depends on</dt>
            <dd>
              <UpstreamLine upstream={upstream} />
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** What a provider says of itself, where, and when it was read. */
export function UpstreamLine({ upstream }: { upstream: UpstreamSaying }) {
  const { name, url, indicator, description, since, checkedAt } = upstream;
  return (
    <>
      <a href={url} rel="noopener">
        {name}
      </a>{" "}
      says of itself: <b>{description}</b>
      {since === null || indicator === "none" ? null : (
        <>
          {" "}
          since <Moment at={since} />
        </>
      )}{" "}
      <span className="soft">
        (read at <Moment at={checkedAt} />)
      </span>
    </>
  );
}
