import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { startDelivery } from "#lib/agent/client-deliver.ts";
import { createLink } from "#lib/agent/client-link.ts";
import { createAgentQueue, type AgentQueue } from "#lib/agent/client-queue.ts";
import { openSpool } from "#lib/agent/client-spool.ts";
import { MAX_AGE_MS } from "#lib/agent/wire.ts";
import { SECOND } from "#lib/base/clock.ts";
import { GatewatchError, isGatewatchError, messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";
import { readEnvironment, type Environment } from "#lib/config/env.ts";
import { targetResolver } from "#lib/config/placeholders.ts";
import { createStandings } from "#lib/detect/standings.ts";
import { dataDirectory } from "#lib/embedded/data-directory.ts";
import { lockDataDirectory } from "#lib/embedded/lock.ts";
import { hasNetwork } from "#lib/probe/canary.ts";
import { startClaims } from "#lib/schedule/claims.ts";
import { runSlot } from "#lib/schedule/run-slot.ts";
import type { Slot } from "#lib/schedule/slot.ts";
import { SHARDS } from "#lib/schedule/slots.ts";
import { createSteadySpecs } from "#lib/schedule/steady.ts";
import { askCanaries, type OutsideWorld } from "#lib/sight/canaries.ts";
import type { ServiceProcess } from "#lib/supervise/run-service.ts";

import { openAgentPipeline } from "./agent-pipeline.ts";

/** What an agent may keep on disk while the server is away: days of a few hundred checks. */
const SPOOL_BYTES = 64 * 1024 * 1024;
const GREET_AGAIN_MS = 5 * SECOND;
const STOP_WITHIN_MS = 8 * SECOND;

/**
 * Starts an agent on the environment's variables.
 * @throws GatewatchError CONFIG_INVALID that names the variable; NOT_SIGNED_IN or NOT_PERMITTED when the
 *   server does not take the token
 */
export async function startAgent({
  version,
  log,
}: {
  readonly version: string;
  readonly log: Log;
}): Promise<ServiceProcess> {
  const { server, token, insecure } = settings(readEnvironment());
  const link = createLink({ server, token, insecure });
  const directory = join(dataDirectory(), "agent");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = await lockDataDirectory(directory);
  const standings = createStandings();
  const queue = createAgentQueue({ link, version, log, belief: (number) => standings.belief(number) });
  const spool = await openSpool({
    directory,
    maxBytes: SPOOL_BYTES,
    maxAgeMs: MAX_AGE_MS,
    log,
    now: Date.now,
  });
  const stopping = new AbortController();
  const region = await greet(queue, log, stopping.signal).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const pipeline = openAgentPipeline({
    region,
    spool,
    standings,
    outside: outsideOf(queue),
    noteSight: (blind) => queue.tellSight(blind),
    resolveTarget: targetResolver(),
    clock: queue.clock,
    log,
  });
  const delivery = startDelivery({ spool, link, log, onDelivered: (records) => pipeline.delivered(records) });
  const steady = createSteadySpecs();
  const context = { readWatched: () => queue.readWatched(), pipeline, steady, clock: queue.clock, log };
  const claims = startClaims<Slot>({
    boss: queue,
    queue: "slots",
    log,
    pollMs: SECOND,
    batchSize: SHARDS,
    handle: (slot, leave) => runSlot(slot, leave, context),
  });
  const stop = async (withinMs: number): Promise<void> => {
    stopping.abort();
    const share = Math.min(withinMs, STOP_WITHIN_MS) / 4;
    await Promise.race([claims.stop(share), sleep(share * 2, undefined, { ref: false })]);
    await pipeline.drain(share);
    await delivery.stop(share);
    await spool.close();
    await lock.release();
  };
  return { detail: region, stop };
}

function settings(environment: Environment): { server: string; token: string; insecure: boolean } {
  const { GATEWATCH_SERVER: server, GATEWATCH_AGENT_TOKEN: token } = environment;
  if (server === undefined || token === undefined) {
    throw new GatewatchError(
      "CONFIG_INVALID",
      `${server === undefined ? "GATEWATCH_SERVER" : "GATEWATCH_AGENT_TOKEN"} is not set: an agent needs the page's address and an API key of its region`,
    );
  }
  return { server, token, insecure: environment.GATEWATCH_AGENT_INSECURE === "on" };
}

/** Asks the server who we are; one that is away is waited for, one that says no is not. */
async function greet(queue: AgentQueue, log: Log, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await queue.greet()).region;
    } catch (error) {
      if (!isGatewatchError(error, "UNAVAILABLE") || signal.aborted) throw error;
      if (attempt === 1) log.warn("waiting for the server", { reason: messageOf(error) });
      await sleep(GREET_AGAIN_MS);
    }
  }
}

/**
 * What an agent in doubt asks: the page's canaries. Without any, its own interfaces and the server;
 * a server that answers is no proof that the targets could.
 */
function outsideOf(queue: AgentQueue): OutsideWorld {
  return {
    ask: async () => {
      const canaries = queue.canaries();
      return (await askCanaries(canaries)) ?? (hasNetwork() && queue.isOnline() ? "clear" : "silent");
    },
    chosen: () => queue.canaries().length > 0,
  };
}
