"use client";

import type { ErrorsPage } from "#lib/public/types.ts";

import { CodeMark } from "./code-mark.tsx";
import { EpisodeList } from "./episode-list.tsx";
import { ErrorMap } from "./error-map.tsx";
import { formatCount, formatExactDuration } from "./format.ts";
import { PageFrame } from "./page-frame.tsx";
import { PageTitle } from "./page-title.tsx";

const TEXT = {
  title: "502/504 history",
  lead: "When a gateway answered in place of the service behind it: 502 means it got no valid answer from there, 504 that it got none in time.",
  none: "No 502 or 504 has been seen in this time.",
} as const;

/** `/errors`: the gateway errors of the window as figures, maps and episodes. */
export function ErrorsView({ model, renderedAt }: { model: ErrorsPage; renderedAt: number }) {
  return (
    <PageFrame
      page={model.page}
      title={TEXT.title}
      current="errors"
      renderedAt={renderedAt}
      sample={model.sample}
    >
      <PageTitle title={TEXT.title}>
        <p className="lead">{TEXT.lead}</p>
        <Totals model={model} />
      </PageTitle>
      <div className="wrap stack">
        {model.components.length === 0 ? null : (
          <section className="section" aria-labelledby="map">
            <h2 id="map">Last {model.days} days by component</h2>
            <CodeLegend />
            <ul className="rows">
              {model.components.map((component) => (
                <ErrorMap key={component.id} component={component} firstDay={model.firstDay} />
              ))}
            </ul>
          </section>
        )}
        <section className="section" aria-labelledby="episodes">
          <h2 id="episodes">Episodes</h2>
          {model.episodes.length === 0 ? (
            <p className="soft">{TEXT.none}</p>
          ) : (
            <EpisodeList episodes={model.episodes} />
          )}
        </section>
      </div>
    </PageFrame>
  );
}

function Totals({ model }: { model: ErrorsPage }) {
  const { badGateway, gatewayTimeout, episodes, medianDurationMs } = model.totals;
  return (
    <dl className="figures">
      <div>
        <dt>
          <CodeMark code={502} /> Checks with 502
        </dt>
        <dd>{formatCount(badGateway)}</dd>
      </div>
      <div>
        <dt>
          <CodeMark code={504} /> Checks with 504
        </dt>
        <dd>{formatCount(gatewayTimeout)}</dd>
      </div>
      <div>
        <dt>Episodes</dt>
        <dd>{formatCount(episodes)}</dd>
      </div>
      {medianDurationMs === null ? null : (
        <div>
          <dt>Half of them shorter than</dt>
          <dd>{formatExactDuration(medianDurationMs)}</dd>
        </div>
      )}
    </dl>
  );
}

function CodeLegend() {
  return (
    <ul className="legend codes" aria-label="What the marks mean">
      <li>
        <CodeMark code={502} /> 502 Bad Gateway
      </li>
      <li>
        <CodeMark code={504} /> 504 Gateway Timeout
      </li>
      <li>
        <CodeMark code={503} /> 503 Service Unavailable
      </li>
      <li>Larger: more checks</li>
      <li>· a day without errors; empty: no data</li>
    </ul>
  );
}
