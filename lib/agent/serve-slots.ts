import type { PgBoss } from "pg-boss";
import { v5 as uuidv5 } from "uuid";

import { SECOND } from "#lib/base/clock.ts";
import { parseInput } from "#lib/base/parse.ts";
import { createSlotQueue, offerSlots, SHARDS, slotQueue } from "#lib/schedule/slots.ts";
import type { Slot } from "#lib/schedule/slot.ts";
import { countPresent } from "#lib/store/agents.ts";
import { markBlind, markSeeing, readCanaries } from "#lib/store/blindness.ts";
import { readWatchedChecks } from "#lib/store/checks.ts";
import type { Database } from "#lib/store/client.ts";
import type { RegionRow } from "#lib/store/regions.ts";
import { recordSighting } from "#lib/store/workers.ts";

import { slotsRequestSchema, type SlotsAnswer } from "./wire.ts";

export interface AgentDesk {
  readonly db: Database;
  readonly boss: PgBoss;
  /** Of the agent's key: what the agent says itself has no say in it. */
  readonly region: RegionRow;
  /** Id of that key. */
  readonly keyId: string;
  readonly now: number;
}

/** Kinds that are nobody's to look at from elsewhere: the job calls the page itself. */
export const NOT_FOR_AGENTS: ReadonlySet<string> = new Set(["push"]);

/** Whoever has shown no sign of life for so long takes no slots. */
const ALIVE_MS = 15 * SECOND;
const offered = new Map<string, number>();

/**
 * What a worker asks of pg-boss, asked by an agent: notes that it lives, settles what it is done
 * with, and hands out slots of its region with the checks as they stand.
 * @throws GatewatchError INPUT_INVALID
 */
export async function serveSlots(desk: AgentDesk, input: unknown): Promise<SlotsAnswer> {
  const { db, boss, region, keyId, now } = desk;
  const request = parseInput(slotsRequestSchema, input);
  const { id, startedAt, ...rest } = request.agent;
  // made from the key as well: no agent can pass for a worker, or for another key's agent
  const sighting = { ...rest, id: uuidv5(id, keyId), regionId: region.id, startedAt: new Date(startedAt) };
  await recordSighting(db, sighting, new Date(now));
  if (request.blind === null) await markSeeing(db, region.id);
  else if (request.blind !== undefined) {
    await markBlind(db, region.id, new Date(Math.min(request.blind.since, now)), request.blind.reason);
  }

  const queue = slotQueue(region.name);
  await offer(desk, queue);
  for (const job of request.complete) await boss.complete(queue, job);
  for (const job of request.fail) await boss.fail(queue, job);
  const held = request.touch.length === 0 ? [] : settledOf(await boss.touch(queue, request.touch));
  const jobs =
    request.take === 0 ? [] : await boss.fetch<Slot>(queue, { batchSize: await share(desk, request.take) });
  const watched = request.checks ? await readWatchedChecks(db, region) : null;
  return {
    now: Date.now(),
    region: region.name,
    canaries: [...(await readCanaries(db))],
    jobs: jobs.map(({ id, retryCount, data }) => ({ id, retryCount, slot: data })),
    held,
    checks: watched?.filter(({ spec }) => !NOT_FOR_AGENTS.has(spec.kind)) ?? null,
  };
}

/** All of a region ask equally often, so none gets more than its share while the others are there. */
async function share({ db, region, now }: AgentDesk, wanted: number): Promise<number> {
  const present = await countPresent(db, region, new Date(now - ALIVE_MS));
  return Math.min(wanted, Math.ceil(SHARDS / Math.max(1, present)));
}

async function offer({ boss, region, now }: AgentDesk, queue: string): Promise<void> {
  if (!offered.has(queue)) await createSlotQueue(boss, region.name);
  offered.set(queue, await offerSlots(boss, region.name, SHARDS, now, offered.get(queue) ?? 0));
}

function settledOf(answer: object): string[] {
  const ids: unknown = Reflect.get(answer, "settled");
  return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
}
