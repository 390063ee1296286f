import { effectiveStatus, type ComponentStatus } from "#lib/model/status.ts";
import type { Span } from "#lib/model/uptime.ts";
import type { Database } from "#lib/store/client.ts";
import {
  readPublicCatalog,
  readPublicHead,
  readWatches,
  type PublicCatalog,
  type PublicHead,
  type Watch,
} from "#lib/store/public-catalog.ts";
import { readComponentsInMaintenance, readOpenSayings } from "#lib/store/public-incidents.ts";

import { freshnessOf, isStale } from "./freshness.ts";
import { indicatorOf } from "./indicator.ts";
import type { Freshness, Indicator, PublicPageInfo } from "./types.ts";

type ComponentRow = PublicCatalog["components"][number];

/** A component with the status that strangers are shown. */
export interface ShownComponent {
  readonly row: ComponentRow;
  readonly status: ComponentStatus;
  readonly since: Date;
  /** The moment from which its history is not known any more; null while it is being watched. */
  readonly silentSince: Date | null;
}

/** How everything stands right now: the part that all public reads have in common. */
export interface Standing {
  readonly version: string;
  readonly page: PublicPageInfo;
  readonly freshness: Freshness;
  readonly indicator: Indicator;
  readonly sample: boolean;
  readonly groups: PublicCatalog["groups"];
  readonly components: readonly ShownComponent[];
}

/** What people have said of a component: statuses from open incidents, and maintenance. */
interface Said {
  readonly incidents: readonly ComponentStatus[];
  readonly inMaintenance: boolean;
}

/**
 * The status to show. The stored one already joins checks, incidents and maintenance; but when
 * the checks have gone silent only what people said still counts.
 */
export function shownStatus(
  stored: { readonly status: ComponentStatus; readonly statusSince: Date },
  watch: Watch | undefined,
  said: Said,
  now: number,
): Omit<ShownComponent, "row"> {
  if (isStale(watch, now)) {
    const status = effectiveStatus({ measured: "unknown", ...said });
    const since = watch?.lastSlotAt ?? stored.statusSince;
    if (status === "unknown" || status === "operational") {
      // "operational" was said of a component whose failing is not being looked at: not a claim to make
      return { status: "unknown", since, silentSince: since };
    }
    return { status, since: stored.statusSince, silentSince: null };
  }
  return { status: stored.status, since: stored.statusSince, silentSince: null };
}

/** A component's spans as shown: what came after its checks went silent is not known. */
export function shownSpans(component: ShownComponent, spans: readonly Span[]): readonly Span[] {
  const { silentSince } = component;
  if (silentSince === null) return spans;
  const until = silentSince.getTime();
  return spans.map((span) =>
    span.endsAt === null ? { ...span, endsAt: Math.max(span.startsAt, until) } : span,
  );
}

function pageInfo(head: PublicHead): PublicPageInfo {
  const { settings } = head;
  return {
    id: settings?.pageId ?? "00000000-0000-0000-0000-000000000000",
    name: settings?.name ?? "Status",
    url: settings?.url ?? null,
    timeZone: settings?.timeZone ?? "Etc/UTC",
    supportUrl: settings?.supportUrl ?? null,
    updatedAt: head.changedAt.toISOString(),
  };
}

/** The page's name and version, for reads that need nothing of how it stands. */
export async function readHead(db: Database): Promise<Pick<Standing, "version" | "page">> {
  const head = await readPublicHead(db);
  return { version: head.version.toString(), page: pageInfo(head) };
}

/**
 * Reads how everything stands at `now` (epoch milliseconds). Cost does not grow with history.
 * @param known the head, from a caller that reads more beside this and needs it read first
 */
export async function readStanding(db: Database, now: number, known?: PublicHead): Promise<Standing> {
  const head = known ?? (await readPublicHead(db));
  const [catalog, watches, sayings, inMaintenance] = await Promise.all([
    readPublicCatalog(db),
    readWatches(db),
    readOpenSayings(db),
    readComponentsInMaintenance(db),
  ]);
  const live = new Set(catalog.components.map((component) => component.id));
  const watchOf = new Map(watches.map((watch) => [watch.componentId, watch]));
  const covered = new Set(inMaintenance);
  const components = catalog.components.map((row) => {
    const incidents = sayings
      .filter((saying) => saying.componentId === row.id)
      .map((saying) => saying.status);
    const said = { incidents, inMaintenance: covered.has(row.id) };
    return { row, ...shownStatus(row, watchOf.get(row.id), said, now) };
  });
  return {
    version: head.version.toString(),
    page: pageInfo(head),
    freshness: freshnessOf(
      watches.filter((watch) => live.has(watch.componentId)),
      now,
    ),
    indicator: indicatorOf(components.map((component) => component.status)),
    sample: catalog.components.some((component) => component.managedBy === "sample"),
    groups: catalog.groups,
    components,
  };
}

/** True when a component belongs on the page: some are wished there only while in trouble. */
export function isOnPage(component: ShownComponent): boolean {
  return !component.row.onlyShowIfDegraded || component.status !== "operational";
}
