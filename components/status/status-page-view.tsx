"use client";

import { useId, type ReactNode } from "react";

import type { Freshness, PublicMaintenance, StatusPage } from "#lib/public/types.ts";

import { Banner } from "./banner.tsx";
import { ComponentGroup } from "./component-group.tsx";
import { useDoubt } from "./doubt.ts";
import { IncidentCard, MaintenanceCard } from "./incident-card.tsx";
import { PageFrame } from "./page-frame.tsx";
import { RegionNotices } from "./region-votes.tsx";
import { RecentIncidents } from "./recent-incidents.tsx";
import { useLivePage, type Connection } from "./use-live.ts";

/** From this many components on, groups that are fine start folded. */
const FOLDS_FROM = 25;

/**
 * `/`: rendered by the server from the compact model and kept up to date from the same shape, so
 * that the document carries the model once and no tree twice.
 */
export function StatusPageView({ initial, renderedAt }: { initial: StatusPage; renderedAt: number }) {
  const { page, connection, news } = useLivePage(initial);
  const components = page.groups.flatMap((group) => group.components);
  return (
    <PageFrame
      page={page.page}
      title={page.freshness.stale ? "Current state unknown" : page.indicator.description}
      current="status"
      renderedAt={renderedAt}
      sample={page.sample}
      news={news}
    >
      <Banner
        indicator={page.indicator}
        freshness={page.freshness}
        connection={connection}
        components={components}
      />
      <Body freshness={page.freshness} connection={connection}>
        <RegionNotices {...page.regions} linked />
        <OpenIncidents incidents={page.openIncidents} />
        <Maintenances title="Maintenance under way" maintenances={page.maintenances.filter(isUnderWay)} />
        {components.length === 0 ? <Empty /> : null}
        {page.groups.map((group) => (
          <ComponentGroup
            key={group.id ?? "none"}
            group={group}
            firstDay={page.firstDay}
            folds={components.length >= FOLDS_FROM && page.groups.length > 1}
          />
        ))}
        {components.length === 0 ? null : <Legend />}
        <Maintenances
          title="Planned maintenance"
          maintenances={page.maintenances.filter((maintenance) => !isUnderWay(maintenance))}
        />
        <RecentIncidents recent={page.recent} />
      </Body>
    </PageFrame>
  );
}

/** What is below the banner, without colours while it may no longer be true. */
function Body({
  freshness,
  connection,
  children,
}: {
  freshness: Freshness;
  connection: Connection;
  children: ReactNode;
}) {
  return (
    <div className={useDoubt(freshness, connection) ? "wrap stack is-old" : "wrap stack"}>{children}</div>
  );
}

function OpenIncidents({ incidents }: { incidents: StatusPage["openIncidents"] }) {
  if (incidents.length === 0) return null;
  return (
    <section aria-labelledby="open" className="section">
      <h2 id="open">Going on now</h2>
      {incidents.map((incident) => (
        <IncidentCard key={incident.id} incident={incident} />
      ))}
    </section>
  );
}

function isUnderWay(maintenance: PublicMaintenance): boolean {
  return maintenance.status !== "scheduled";
}

/** What is under way stands above the components, what is planned below: now comes before later. */
function Maintenances({
  title,
  maintenances,
}: {
  title: string;
  maintenances: readonly PublicMaintenance[];
}) {
  const id = useId();
  if (maintenances.length === 0) return null;
  return (
    <section aria-labelledby={id} className="section">
      <h2 id={id}>{title}</h2>
      {maintenances.map((maintenance) => (
        <MaintenanceCard key={maintenance.id} maintenance={maintenance} />
      ))}
    </section>
  );
}

function Empty() {
  return (
    <section className="empty">
      <h2>No components yet</h2>
      <p>As soon as something is watched, its state, its last 90 days and its gateway errors appear here.</p>
    </section>
  );
}

const LEGEND = [
  ["do", "Fine"],
  ["dd", "Degraded"],
  ["dp", "Partial outage"],
  ["dm", "Major outage"],
  ["dw", "Maintenance"],
  ["dn", "No data"],
] as const;

function Legend() {
  return (
    <ul className="legend" aria-label="What the marks of the days mean">
      {LEGEND.map(([tone, words]) => (
        <li key={tone}>
          <svg viewBox="0 0 8 24" aria-hidden="true">
            <path className={tone} d={`M0 ${LEGEND_Y[tone]}h8`} />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  );
}

/** The middle of each mark, as in barPaths. */
const LEGEND_Y = { do: 18, dw: 18, dd: 16, dp: 14, dm: 12, dn: 22.5 } as const;
