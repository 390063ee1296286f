import type { Log } from "#lib/base/log.ts";
import type { Transition } from "#lib/model/belief.ts";

import { createBatchWriter, type BatchWriter } from "./batch-writer.ts";
import { applyTransitions } from "./check-states.ts";
import type { Database } from "./client.ts";
import { storeResults, type NewResult } from "./results.ts";

/** Writes results in bulk, a few times a second, and keeps up to 200,000 while the database is away. */
export function createResultWriter(db: Database, log: Log): BatchWriter<NewResult> {
  return createBatchWriter({
    name: "results",
    write: (results) => storeResults(db, results),
    // a batch is handled in one go, before and after: twice as many looks would be late twice as much
    gatherMs: 100,
    maxBatch: 2_000,
    maxPending: 200_000,
    log,
  });
}

/** Writes transitions nearly at once; what fails together is told together. */
export function createTransitionWriter(db: Database, log: Log): BatchWriter<Transition> {
  return createBatchWriter({
    name: "transitions",
    write: (transitions) => applyTransitions(db, transitions),
    gatherMs: 20,
    maxBatch: 50,
    maxPending: 200_000,
    log,
  });
}
