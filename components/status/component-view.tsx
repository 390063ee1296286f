"use client";

import { COMPONENT_STATUS_LABELS } from "#lib/model/status.ts";
import type { ComponentPage, CurrentFault, LiveState, PublicComponent } from "#lib/public/types.ts";
import { StatusIcon } from "#components/ui/status-icon.tsx";
import { SampleTag } from "#components/ui/tag.tsx";
import { Moment, Since } from "#components/ui/time.tsx";
import { TONES } from "#components/ui/tone.ts";

import { DayBar } from "./day-bar.tsx";
import { useDoubt } from "./doubt.ts";
import { EpisodeList } from "./episode-list.tsx";
import { FaultSection, UpstreamLine } from "./fault-section.tsx";
import { IT_IS_US } from "./fault-words.ts";
import { ForecastLine } from "./forecast-line.tsx";
import { formatDay, formatExactDuration, formatLatency, formatUptime } from "./format.ts";
import { FreshnessLine } from "./freshness-line.tsx";
import { LatencyChart } from "./latency-chart.tsx";
import { overlayComponent } from "./live-model.ts";
import { NewsBar } from "./news-bar.tsx";
import { PageFrame } from "./page-frame.tsx";
import { RegionLines, RegionNotices } from "./region-votes.tsx";
import { IncidentList } from "./recent-incidents.tsx";
import { useLiveState, type Connection } from "./use-live.ts";
import { faultPhrase } from "./words.ts";

/** `/components/[slug]`: one component, now and over the last 90 days. */
export function ComponentView({ model, renderedAt }: { model: ComponentPage; renderedAt: number }) {
  const { live, connection } = useLiveState();
  const component = overlayComponent(model.component, model, live);
  const { fault } = component;
  return (
    <PageFrame
      page={model.page}
      title={component.name}
      current={null}
      renderedAt={renderedAt}
      sample={component.sample}
    >
      <Head model={model} component={component} live={live} connection={connection} />
      <div className="wrap stack">
        {fault === null ? null : (
          <FaultSection
            fault={fault}
            upstream={model.upstream}
            supportUrl={model.page.supportUrl}
            freshness={live?.freshness ?? model.freshness}
            connection={connection}
          />
        )}
        <RegionNotices
          {...model.regions}
          minorities={model.regions.minority === null ? [] : [model.regions.minority]}
        />
        <Uptimes model={model} component={component} />
        <section className="section" aria-labelledby="latency">
          <h2 id="latency">Response times</h2>
          <p className="chart-key">
            <span className="key-p50">
              Median (p50), last 24 hours: {formatLatency(model.latency24h.p50)}
            </span>
            <span className="key-p95">95th percentile (p95): {formatLatency(model.latency24h.p95)}</span>
            <span className="key-fail">Failed checks, as a share</span>
          </p>
          <div className="charts">
            <LatencyChart title="Last 24 hours" unit="hour" points={model.hours} />
            <LatencyChart title="Last 90 days" unit="day" points={model.daily} />
          </div>
        </section>
        <section className="section" aria-labelledby="episodes">
          <h2 id="episodes">Failures of the last 90 days</h2>
          {model.episodes.length === 0 ? (
            <p className="soft">None.</p>
          ) : (
            <EpisodeList episodes={model.episodes} named={false} />
          )}
        </section>
        <section className="section" aria-labelledby="incidents">
          <h2 id="incidents">Incidents</h2>
          {model.incidents.length === 0 ? (
            <p className="soft">None in the last 90 days.</p>
          ) : (
            <IncidentList incidents={model.incidents} />
          )}
        </section>
        <RegionLines lines={model.regions.lines} />
        <Checks checks={model.checks} />
        {model.upstream === null || fault !== null ? null : (
          <section className="section" aria-labelledby="upstream">
            <h2 id="upstream">What it depends on</h2>
            <p>
              <UpstreamLine upstream={model.upstream} />
            </p>
          </section>
        )}
      </div>
      <NewsBar live={live} version={model.version} />
    </PageFrame>
  );
}

interface HeadProps {
  readonly model: ComponentPage;
  readonly component: PublicComponent;
  readonly live: LiveState | undefined;
  readonly connection: Connection;
}

function Head({ model, component, live, connection }: HeadProps) {
  const { name, description, sample, fault } = component;
  const freshness = live?.freshness ?? model.freshness;
  const doubtful = useDoubt(freshness, connection);
  const status = doubtful ? "unknown" : component.status;
  return (
    <section className={`banner ${TONES[status]}`} aria-labelledby="name">
      <div className="wrap banner-in">
        <StatusIcon status={status} />
        <div>
          {model.group === null ? null : <p className="kicker">{model.group}</p>}
          <h1 id="name">
            {name} <SampleTag shown={sample} />
          </h1>
          {description === null ? null : <p>{description}</p>}
          <p className="banner-line">
            {doubtful && !freshness.stale ? "Last known: " : ""}
            {COMPONENT_STATUS_LABELS[freshness.stale ? "unknown" : component.status]}
            {doubtful ? "" : <StatusSince component={component} />}
          </p>
          {fault === null || doubtful ? null : <HeadFault fault={fault} />}
        </div>
        <FreshnessLine freshness={freshness} connection={connection} />
      </div>
    </section>
  );
}

/** The three answers that everybody wants first: whose fault, what, how long. */
function HeadFault({ fault }: { fault: CurrentFault }) {
  return (
    <>
      <p className="banner-line">
        <b>{IT_IS_US}</b> {faultPhrase(fault)}.
      </p>
      {fault.forecast === null || fault.forecast.steps.length === 0 ? null : (
        <p className="banner-line">
          <ForecastLine forecast={fault.forecast} since={fault.since} brief />
        </p>
      )}
    </>
  );
}

function StatusSince({ component }: { component: PublicComponent }) {
  return (
    <>
      {" "}
      since <Moment at={component.statusSince} /> (<Since at={component.statusSince} />)
    </>
  );
}

const SPANS: Readonly<Record<number, string>> = { 1: "24 hours", 7: "7 days", 30: "30 days", 90: "90 days" };

function Uptimes({ model, component }: { model: ComponentPage; component: PublicComponent }) {
  return (
    <section className="section" aria-labelledby="uptime">
      <h2 id="uptime">Uptime</h2>
      <dl className="figures">
        {model.uptimes.map(({ days, ratio }) => (
          <div key={days}>
            <dt>{SPANS[days] ?? `${days} days`}</dt>
            <dd>{formatUptime(ratio)}</dd>
          </div>
        ))}
      </dl>
      <div className="lone-bar">
        <DayBar component={component} firstDay={model.firstDay} />
        <p className="axis-line" aria-hidden="true">
          <span>{formatDay(model.firstDay, "month-day")}</span>
          <span>Today</span>
        </p>
      </div>
    </section>
  );
}

function Checks({ checks }: { checks: ComponentPage["checks"] }) {
  if (checks.length === 0) return null;
  return (
    <section className="section" aria-labelledby="checks">
      <h2 id="checks">How it is watched</h2>
      <ul className="plain">
        {checks.map(({ name, kind, intervalMs, note }) => (
          <li key={name}>
            <b>{name}</b>{" "}
            <span className="soft">
              {kind.toUpperCase()}, every {formatExactDuration(intervalMs)}
              {note === undefined ? null : `. ${note}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
