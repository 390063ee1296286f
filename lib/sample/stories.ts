import type { Outcome } from "#lib/model/outcome.ts";
import type { Cause, FaultKind } from "#lib/model/verdict.ts";

import { CAUSES } from "./causes.ts";

/** An incident of the past, told by what was wrong and for how long. */
export interface Story {
  readonly name: string;
  readonly daysAgo: number;
  /** Hour of the day, UTC. */
  readonly hour: number;
  readonly minutes: number;
  /** Slugs. */
  readonly components: readonly string[];
  readonly outcome: Outcome;
  readonly kind: FaultKind | null;
  readonly cause: Cause | null;
  readonly updates: {
    readonly investigating: string;
    readonly identified: string;
    readonly monitoring: string;
    readonly resolved: string;
  };
}

export const INCIDENTS: readonly Story[] = [
  {
    name: "Checkout answers 502 Bad Gateway",
    daysAgo: 3,
    hour: 13.5,
    minutes: 38,
    components: ["sample-checkout-api"],
    outcome: "bad_gateway",
    kind: "upstream_refused",
    cause: CAUSES.outOfMemory,
    updates: {
      investigating: "Payments fail with **502 Bad Gateway**. Baskets are kept; please do not pay twice.",
      identified:
        "The proxy answers, the service behind it refuses connections: it ran out of memory and does not come back by itself.",
      monitoring: "The service runs again with more memory, and payments go through.",
      resolved: "No failed payment for a quarter of an hour. Nobody was charged twice.",
    },
  },
  {
    name: "Search times out",
    daysAgo: 9,
    hour: 8.25,
    minutes: 52,
    components: ["sample-search"],
    outcome: "gateway_timeout",
    kind: "upstream_response_timeout",
    cause: CAUSES.busyIndex,
    updates: {
      investigating: "Searches end in **504 Gateway Timeout**. Browsing by category works.",
      identified: "An index is being rebuilt and queries wait for it.",
      monitoring: "The rebuild was stopped; searches answer in time again.",
      resolved: "The index will be rebuilt at night, beside the one in use.",
    },
  },
  {
    name: "Pictures load slowly",
    daysAgo: 26,
    hour: 17,
    minutes: 85,
    components: ["sample-images"],
    outcome: "slow",
    kind: null,
    cause: null,
    updates: {
      investigating: "Product pictures take seconds to appear.",
      identified: "A cache was emptied by mistake and is filling up again.",
      monitoring: "Most pictures come from the cache again.",
      resolved: "Response times are back to normal.",
    },
  },
  {
    name: "Shop and checkout unreachable during a release",
    daysAgo: 58,
    hour: 10.75,
    minutes: 21,
    components: ["sample-web-shop", "sample-checkout-api"],
    outcome: "bad_gateway",
    kind: "upstream_closed_early",
    cause: CAUSES.badRelease,
    updates: {
      investigating: "Both answer **502 Bad Gateway** since a release a few minutes ago.",
      identified: "New servers close connections before they answer: a setting is missing in the release.",
      monitoring: "The release was taken back.",
      resolved: "The release went out again with the setting, and stays.",
    },
  },
];

interface MaintenanceStory {
  readonly name: string;
  readonly hour: number;
  readonly minutes: number;
  readonly components: readonly string[];
}

export const PAST_MAINTENANCE: MaintenanceStory & { readonly daysAgo: number } = {
  name: "Move of the reporting database",
  daysAgo: 16,
  hour: 4,
  minutes: 50,
  components: ["sample-reports", "sample-email"],
};

export const COMING_MAINTENANCE: MaintenanceStory & { readonly inDays: number } = {
  name: "Update of the sign-in service",
  inDays: 5,
  hour: 3,
  minutes: 60,
  components: ["sample-sign-in"],
};

export const MAINTENANCE_TEXTS = {
  scheduled: "The listed components may not answer for a few minutes at a time.",
  inProgress: "The work has begun.",
  completed: "The work is done; everything runs.",
} as const;
