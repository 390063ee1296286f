import { hostname } from "node:os";

import { SECOND, type Clock } from "#lib/base/clock.ts";
import { isGatewatchError } from "#lib/base/errors.ts";
import { uuidv7 } from "#lib/base/id.ts";
import type { Log } from "#lib/base/log.ts";
import type { Belief, WatchedCheck } from "#lib/model/belief.ts";
import { parseCanary, type Canary } from "#lib/model/canary.ts";
import type { Claimed, JobQueue } from "#lib/schedule/claims.ts";
import { SLOT_MS, type Slot } from "#lib/schedule/slot.ts";

import type { ServerLink } from "./client-link.ts";
import { SLOTS_PATH, slotsAnswerSchema, type SlotsAnswer, type SlotsRequest } from "./wire.ts";

/** What the server hands out, as the queue that a worker has of its own. */
export interface AgentQueue extends JobQueue {
  /** The region's checks as they stood when the server was last asked, with what is known here since. */
  readWatched(): Promise<readonly WatchedCheck[]>;
  /** The server's clock, as far as it is known: due times are counted on it. */
  readonly clock: Clock;
  canaries(): readonly Canary[];
  /** Whether the last call reached the server. */
  isOnline(): boolean;
  /** Tells the server that the region is blind, or sees again. @throws when the server does not hear it */
  tellSight(blind: { readonly since: number; readonly reason: string } | null): Promise<void>;
  /** Says hello. @throws what the link throws */
  greet(): Promise<SlotsAnswer>;
}

export interface QueueOptions {
  readonly link: ServerLink;
  readonly version: string;
  /** What this process believes of a check, which may be newer than what the server has. */
  readonly belief: (checkNumber: number) => Belief;
  readonly log: Log;
}

const LEAD_MS = 2 * SECOND;
/** A clock that is off by less is not worth a correction: the answer's way has a share in it. */
const OFF_BY_MS = 500;
const LOCAL = "local/";

/**
 * Takes slots from the server. While it is away the agent makes its own, one window after the other,
 * from the checks that it knows: what is seen then is handed in later. A server that answers and
 * does not take the token gets no looks.
 */
export function createAgentQueue({ link, version, belief, log }: QueueOptions): AgentQueue {
  const agent = { id: uuidv7(), hostname: hostname(), pid: process.pid, version, startedAt: Date.now() };
  /** Parts of windows that were handed out or made here, by when the window begins. */
  const begun = new Map<number, Set<number>>();
  let shards = 1;
  let asking: Promise<unknown> | null = null;
  let watched: readonly WatchedCheck[] | null = null;
  let canaries: readonly Canary[] = [];
  let offset = 0;
  let online = false;
  const clock: Clock = { now: () => Date.now() + offset };

  async function call(request: Partial<SlotsRequest>): Promise<SlotsAnswer> {
    const sentAt = Date.now();
    try {
      const answer = await link.post(SLOTS_PATH, { agent, ...request }, slotsAnswerSchema);
      learn(answer, (sentAt + Date.now()) / 2);
      if (!online) log.info("the server answers", { region: answer.region });
      online = true;
      return answer;
    } catch (error) {
      if (online) log.warn("the server cannot be asked", { error });
      online = false;
      throw error;
    }
  }

  function learn(answer: SlotsAnswer, at: number): void {
    const off = answer.now - at;
    if (Math.abs(off - offset) > OFF_BY_MS) {
      offset = off;
      log.info("this machine's clock differs from the server's; due times follow the server", { ms: off });
    }
    canaries = answer.canaries.flatMap((text) => parseCanary(text) ?? []);
    if (answer.checks !== null) watched = answer.checks;
  }

  /** True the first time: this part of the window is being looked at from now on. */
  function begin({ from, shard }: Pick<Slot, "from" | "shard">): boolean {
    const parts = begun.get(from) ?? new Set();
    if (parts.has(shard)) return false;
    begun.set(from, parts.add(shard));
    return true;
  }

  /** What of the windows that are under way or about to be nobody handed out. */
  function ownSlots(): Claimed<Slot>[] {
    const now = clock.now();
    const first = Math.floor(now / SLOT_MS) * SLOT_MS;
    for (const from of begun.keys()) if (from < first - SLOT_MS) begun.delete(from);
    return [first, first + SLOT_MS]
      .filter((from) => from - LEAD_MS <= now)
      .flatMap((from) => Array.from({ length: shards }, (_, shard) => ({ region: "", shard, shards, from })))
      .filter(begin)
      .map((slot) => ({ id: `${LOCAL}${slot.from}/${slot.shard}`, retryCount: 0, data: slot }));
  }

  /** Asks for the checks as they stand, once for all slots that begin together. */
  async function refresh(): Promise<void> {
    asking ??= settle({ checks: true }).finally(() => (asking = null));
    await asking;
  }

  /** Settles jobs with the server; while it is away it notices by the missing heartbeat. */
  async function settle(request: Partial<SlotsRequest>): Promise<void> {
    await call(request).catch((error: unknown) => {
      if (!isGatewatchError(error, "UNAVAILABLE")) throw error;
    });
  }

  return {
    fetch: async (_, { batchSize }) => {
      try {
        const { jobs } = await call({ take: batchSize });
        for (const { slot } of jobs) {
          shards = slot.shards;
          begin(slot);
        }
        return jobs.map(({ slot, ...job }) => ({ ...job, data: slot }));
      } catch (error) {
        if (watched === null || !isGatewatchError(error, "UNAVAILABLE")) throw error;
        return ownSlots();
      }
    },
    touch: async (_, jobs) => {
      const theirs = jobs.filter(({ id }) => !id.startsWith(LOCAL));
      const all = { settled: jobs.map(({ id }) => id) };
      if (theirs.length === 0) return all;
      try {
        const { held } = await call({ touch: theirs.map(({ id, retryCount }) => ({ id, retryCount })) });
        return { settled: [...held, ...all.settled.filter((id) => id.startsWith(LOCAL))] };
      } catch (error) {
        if (!isGatewatchError(error, "UNAVAILABLE")) throw error;
        return all;
      }
    },
    complete: async (_, { id, retryCount }) =>
      id.startsWith(LOCAL) ? undefined : settle({ complete: [{ id, retryCount }] }),
    fail: async (_, { id, retryCount }) =>
      id.startsWith(LOCAL) ? undefined : settle({ fail: [{ id, retryCount }] }),
    readWatched: async () => {
      const before = watched;
      await refresh();
      return (watched ?? []).map(({ spec, belief: told }) => {
        const held = belief(spec.number);
        // nothing was heard: what is believed here is all there is
        const known = watched === before ? held : told;
        const lastSlotAt = Math.max(told.lastSlotAt ?? -1, held.lastSlotAt ?? -1);
        return { spec, belief: { ...known, lastSlotAt: lastSlotAt < 0 ? null : lastSlotAt } };
      });
    },
    clock,
    canaries: () => canaries,
    isOnline: () => online,
    tellSight: async (blind) => void (await call({ blind })),
    greet: () => call({ checks: true }),
  };
}
