import type { Spool } from "#lib/agent/client-spool.ts";
import type { AgentRecord } from "#lib/agent/wire.ts";
import type { Clock } from "#lib/base/clock.ts";
import type { Log } from "#lib/base/log.ts";
import type { Change } from "#lib/detect/decide.ts";
import type { Standings } from "#lib/detect/standings.ts";
import { openLooking, recordOf } from "#lib/look.ts";
import { createKeptConnections } from "#lib/probe/kept-connections.ts";
import type { Pipeline } from "#lib/schedule/pipeline.ts";
import type { OutsideWorld } from "#lib/sight/canaries.ts";
import { openSight, type SightOptions } from "#lib/sight/open-sight.ts";

export interface AgentPipelineOptions {
  readonly region: string;
  readonly spool: Spool;
  readonly standings: Standings;
  readonly outside: OutsideWorld;
  readonly noteSight: SightOptions["note"];
  readonly resolveTarget: (target: unknown) => unknown;
  readonly clock: Clock;
  readonly log: Log;
}

export interface AgentPipeline extends Pipeline {
  /** Told what the server has: what it believes is worth adopting again. */
  delivered(records: readonly AgentRecord[]): void;
}

/** An agent's way of a look: the same stages as lib/pipeline.ts, with the spool where that has the database. */
export function openAgentPipeline(options: AgentPipelineOptions): AgentPipeline {
  const { spool, standings, clock, log } = options;
  const kept = createKeptConnections();
  // no calls of jobs: they reach the server, which judges them itself
  const { probe, judge } = openLooking(options.resolveTarget, () => ({ kept }));
  /** What keeps a belief from being overwritten until the server has been told of it. */
  const underWay = new Map<number, (() => void)[]>();
  const sight = openSight({
    region: options.region,
    outside: options.outside,
    standings,
    write: keep,
    note: options.noteSight,
    log,
    now: () => clock.now(),
  });

  async function keep(checkNumber: number, { from, to, at }: Change): Promise<void> {
    const { outcome, since, lastSlotAt } = from;
    underWay.set(checkNumber, [...(underWay.get(checkNumber) ?? []), standings.hold(checkNumber)]);
    await spool.add({
      type: "change",
      checkNumber,
      from: { outcome, since, lastSlotAt },
      to: to.outcome,
      at,
    });
  }

  return {
    adopt: (watched) => {
      for (const { spec, belief } of watched) standings.adopt(spec.number, belief);
      standings.keepOnly(new Set(watched.map(({ spec }) => spec.number)));
      kept.keepOnly(new Set(watched.map(({ spec }) => spec.id)));
      sight.watch(watched.map(({ spec }) => spec));
    },
    look: async (order) => {
      const { check, at, confirms } = order;
      const observation = await probe(order);
      if (order.signal.aborted) return null;
      const verdict = judge(order, observation);
      const outcome = await sight.weigh({ check, at, outcome: verdict.outcome });
      await spool.add({ type: "look", ...recordOf(order, observation, { ...verdict, outcome }) });
      const decision = standings.judge(check, { outcome, at, confirms });
      for (const change of decision.changes) await keep(check.number, change);
      // counted on the server's clock: this machine's own may be off
      return decision.confirm ? { since: at, from: Math.max(at, clock.now()) } : null;
    },
    suspects: (checkNumber, since) => standings.suspects(checkNumber, since),
    onLookAgain: (again) => sight.onLookAgain(again),
    drain: async () => {
      sight.stop();
      kept.close();
    },
    delivered: (records) => {
      for (const { type, checkNumber } of records) {
        if (type === "change") underWay.get(checkNumber)?.shift()?.();
      }
      if (!spool.isEmpty()) return;
      // nothing is on its way; what the spool dropped past its limits never will be
      for (const release of [...underWay.values()].flat()) release();
      underWay.clear();
    },
  };
}
