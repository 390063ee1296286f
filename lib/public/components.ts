import { uptime, type Span } from "#lib/model/uptime.ts";

import { summariseDays } from "./days.ts";
import { currentFault } from "./episodes.ts";
import type { Forecasts } from "./forecasts.ts";
import { shownSpans, type ShownComponent } from "./standing.ts";
import type { PublicComponent, PublicEpisode } from "./types.ts";
import type { Window } from "./window.ts";

const IN_TROUBLE = new Set(["degraded_performance", "partial_outage", "major_outage"]);

/** A component with its bar over the window and what it fails with now. */
export function toPublicComponent(
  component: ShownComponent,
  history: {
    readonly spans: readonly Span[];
    readonly openEpisodes: readonly PublicEpisode[];
    readonly forecasts: Forecasts;
  },
  window: Window,
): PublicComponent {
  const { row } = component;
  const spans = shownSpans(component, history.spans);
  const own = history.openEpisodes.filter((episode) => episode.componentId === row.id);
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    status: component.status,
    statusSince: component.since.toISOString(),
    sample: row.managedBy === "sample",
    uptime: uptime(spans, window.from, window.to).ratio,
    ...summariseDays(spans, window),
    // an episode that stayed open while nobody looks, or under planned work, is no news of now
    fault: IN_TROUBLE.has(component.status) ? currentFault(own, history.forecasts) : null,
  };
}
