import { isDeepStrictEqual } from "node:util";

import { explain } from "#lib/classify/cause.ts";
import type { Cause } from "#lib/model/verdict.ts";
import { readCauseFacts } from "#lib/store/cause-facts.ts";
import type { Database } from "#lib/store/client.ts";
import {
  findEpisodesToDiagnose,
  saveCause,
  type EpisodeToDiagnose,
  type WhichEpisodes,
} from "#lib/store/diagnosis.ts";

/**
 * Thinks over why episodes happen, and writes down what has changed. Any number of workers may do
 * it at once; done twice it changes nothing.
 * @param now the moment that open episodes are looked at from
 * @param which those of some checks, which have just changed, or all that are due
 * @returns how many causes are told differently from before
 */
export async function diagnoseEpisodes(db: Database, now: Date, which: WhichEpisodes): Promise<number> {
  let changed = 0;
  for (const episode of await findEpisodesToDiagnose(db, which, now)) {
    if (await diagnose(db, episode, now)) changed += 1;
  }
  return changed;
}

async function diagnose(db: Database, episode: EpisodeToDiagnose, now: Date): Promise<boolean> {
  const facts = await readCauseFacts(db, episode, now);
  if (facts === null) return false;
  const cause = explain(facts);
  const changed = readsDifferently(episode.cause, cause);
  return (await saveCause(db, episode, { cause, changed, at: now })) && changed;
}

/**
 * Whether people would notice. Sentences count minutes and requests, which grow with every look:
 * while cause, confidence and reasons stay, the words stay as well, and no page is made anew.
 */
function readsDifferently(before: unknown, after: Cause): boolean {
  return !isDeepStrictEqual(gist(before), gist(after));
}

function gist(cause: unknown): unknown {
  if (typeof cause !== "object" || cause === null) return null;
  const { kind, confidence, evidence } = cause as Partial<Cause>;
  return {
    kind,
    confidence: Math.round((confidence ?? 0) * 10),
    rules: Array.isArray(evidence) ? evidence.map(({ rule, weight }) => [rule, weight]) : [],
  };
}
