/** How a page that is open takes in what has changed. Pure; the polling is in use-live.ts. */
import { COMPONENT_STATUS_LABELS, type ComponentStatus } from "#lib/model/status.ts";
import type { LiveState, PublicComponent, StatusPage } from "#lib/public/types.ts";

import { formatList, plural } from "./format.ts";

/** More changes at once than this are counted instead of listed. */
const LISTED_CHANGES = 3;

/** True when the polled state is of a later version than the page, which then is to be fetched again. */
export function isNewer(live: { readonly version: string }, page: { readonly version: string }): boolean {
  return BigInt(live.version) > BigInt(page.version);
}

/**
 * The page with what the poll knows better: freshness always, statuses and banner unless the page
 * itself is of a later version (two web processes may be a moment apart).
 */
export function withLive(page: StatusPage, live: LiveState | undefined): StatusPage {
  if (live === undefined || isNewer(page, live)) return page;
  const states = new Map(live.components.map(([id, status, since]) => [id, { status, since }]));
  return {
    ...page,
    freshness: live.freshness,
    indicator: live.indicator,
    groups: page.groups.map((group) => ({
      ...group,
      components: group.components.map((component) => overlay(component, states.get(component.id))),
    })),
  };
}

function overlay(
  component: PublicComponent,
  state: { readonly status: ComponentStatus; readonly since: string } | undefined,
): PublicComponent {
  if (state === undefined || state.status === component.status) return component;
  // the fault belonged to the old status; the new one comes with the page
  return { ...component, status: state.status, statusSince: state.since, fault: null };
}

/** One component of a page of some version, with the status that a poll knows better. */
export function overlayComponent(
  component: PublicComponent,
  page: Pick<StatusPage, "version">,
  live: LiveState | undefined,
): PublicComponent {
  if (live === undefined || isNewer(page, live)) return component;
  const state = live.components.find(([id]) => id === component.id);
  return overlay(component, state === undefined ? undefined : { status: state[1], since: state[2] });
}

/** Statuses by component id, with names, for the next comparison. */
export type Statuses = ReadonlyMap<string, { readonly name: string; readonly status: ComponentStatus }>;

/** What there is to compare of a page. */
export function statusesOf(page: Pick<StatusPage, "groups">): Statuses {
  return new Map(
    page.groups.flatMap((group) =>
      group.components.map(({ id, name, status }) => [id, { name, status }] as const),
    ),
  );
}

/**
 * One sentence for screen readers about what changed, or "" when nothing did: freshness and
 * figures change all the time and are not worth an interruption.
 */
export function announcement(before: Statuses, after: Statuses, banner: string): string {
  const changes = [...after].flatMap(([id, { name, status }]) => {
    const old = before.get(id);
    return old === undefined || old.status === status ? [] : [`${name}: ${COMPONENT_STATUS_LABELS[status]}`];
  });
  if (changes.length === 0) return "";
  const what =
    changes.length > LISTED_CHANGES ? `${plural(changes.length, "component")} changed` : formatList(changes);
  return `${what}. ${banner}.`;
}
