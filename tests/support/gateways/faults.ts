import { classify } from "#lib/classify/classify.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { FaultKind, Verdict } from "#lib/model/verdict.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";

import {
  closedPort,
  startBlackhole,
  startFakeUpstream,
  type Behaviour,
  type FakeUpstream,
} from "../fake-upstream.ts";

import { startNameless } from "./nameless.ts";
import type { GatewayOptions } from "./program.ts";
import { startGateway, type GatewayName, type RunningGateway } from "./start.ts";

/** What can go wrong behind a gateway, and the kind that it is. */
export const FAULTS = {
  closed: "upstream_closed_early",
  reset: "upstream_reset",
  "bad-header": "upstream_invalid_response",
  garbage: "upstream_invalid_response",
  "huge-header": "upstream_header_too_big",
  hang: "upstream_response_timeout",
  refused: "upstream_refused",
  blackhole: "upstream_connect_timeout",
  "tls-untrusted": "upstream_tls_failure",
  "tls-plain": "upstream_tls_failure",
  "no-name": "upstream_name_not_found",
  "none-live": "no_live_upstream",
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof FAULTS;

/** One look through a gateway at a fault behind it. */
export interface Seen {
  readonly observation: Observation;
  readonly verdict: Verdict;
}

const BEHAVIOURS = {
  closed: "close-early",
  reset: "reset",
  // a space is none of the characters of a name (RFC 9110, 5.6.2)
  "bad-header": { status: 200, headers: { "not a name": "x" } },
  garbage: "garbage",
  "huge-header": "huge-header",
  hang: "hang",
} as const satisfies Partial<Record<FaultName, Behaviour>>;

/** Looks once at a URL, as a check would. */
export async function lookAt(url: string): Promise<Seen> {
  const check = { kind: "http", target: { url }, timeoutMs: 8_000, slowMs: null };
  const observation = await runProbe(check);
  return { observation, verdict: classify(observation, expectationsOf(check)) };
}

type Options = Omit<GatewayOptions, "upstream">;
type Through = (options: GatewayOptions) => Promise<RunningGateway>;

/**
 * Shows a program every fault that is asked for and says what a check sees of it. Faults that only need
 * another behaviour share one process.
 */
export async function lookThrough(
  name: GatewayName,
  faults: readonly FaultName[],
  options: Options = {},
  through: Through = (setting) => startGateway(name, setting),
): Promise<Map<FaultName, Seen>> {
  const seen = new Map<FaultName, Seen>();
  const lanes = [
    behaviourLane(faults, options, through, seen),
    ...faults.flatMap((fault) => {
      const lane = LANES[fault];
      return lane === undefined ? [] : [lane(options, through).then((look) => void seen.set(fault, look))];
    }),
  ];
  await Promise.all(lanes);
  return seen;
}

async function behaviourLane(
  faults: readonly FaultName[],
  options: Options,
  through: Through,
  seen: Map<FaultName, Seen>,
): Promise<void> {
  const asked = faults.filter((fault): fault is keyof typeof BEHAVIOURS => fault in BEHAVIOURS);
  if (asked.length === 0) return;
  const upstream = await startFakeUpstream();
  await using(
    () => through({ ...options, upstream }),
    upstream,
    async (gateway) => {
      for (const fault of asked) {
        upstream.behave(BEHAVIOURS[fault]);
        seen.set(fault, await lookAt(gateway.url));
      }
    },
  );
}

type Lane = (options: Options, through: Through) => Promise<Seen>;

const LANES: Partial<Record<FaultName, Lane>> = {
  refused: async (options, through) => {
    const upstream = await startFakeUpstream();
    return using(
      () => through({ ...options, upstream }),
      upstream,
      async (gateway) => {
        // it was there when the gateway started
        await upstream.refuse();
        return lookAt(gateway.url);
      },
    );
  },
  blackhole: async (options, through) => {
    const hole = await startBlackhole();
    return using(
      () => through({ ...options, upstream: hole }),
      hole,
      (gateway) => lookAt(gateway.url),
    );
  },
  "tls-untrusted": async (options, through) => {
    const upstream = await startFakeUpstream({ tls: "self-signed" });
    return tls(options, through, upstream);
  },
  "tls-plain": async (options, through) => tls(options, through, await startFakeUpstream()),
  "no-name": async (options, through) => {
    const names = await startNameless();
    const upstream = { host: "no-such.invalid", port: 80 };
    return using(
      () => through({ ...options, upstream, resolverPort: names.port }),
      names,
      (gateway) => lookAt(gateway.url),
    );
  },
  "none-live": async (options, through) => {
    const upstream = [{ port: await closedPort() }, { port: await closedPort() }];
    const nothing = { close: async (): Promise<void> => {} };
    return using(
      () => through({ ...options, upstream, ejects: true }),
      nothing,
      async (gateway) => {
        // each server is tried before it is left out
        for (let tries = 0; tries < 3; tries++) await lookAt(gateway.url);
        return lookAt(gateway.url);
      },
    );
  },
};

function tls(options: Options, through: Through, upstream: FakeUpstream): Promise<Seen> {
  return using(
    () => through({ ...options, upstream, upstreamTls: true }),
    upstream,
    (gateway) => lookAt(gateway.url),
  );
}

/** Starts a gateway, uses it, and closes it and what stands behind it, whatever happens. */
async function using<T>(
  start: () => Promise<RunningGateway>,
  behind: { close(): Promise<void> },
  use: (gateway: RunningGateway) => Promise<T>,
): Promise<T> {
  try {
    const gateway = await start();
    try {
      return await use(gateway);
    } finally {
      await gateway.close();
    }
  } finally {
    await behind.close();
  }
}
