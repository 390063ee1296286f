import { outcomeOf, type Health } from "#lib/model/outcome.ts";
import type { RegionVote } from "#lib/model/quorum.ts";

import type { Transaction } from "./client.ts";

/** Keeps what each region believes with the check's open episode; the last of it stays when the episode ends. */
export async function saveEpisodeVotes(
  tx: Pick<Transaction, "$executeRaw">,
  checkId: string,
  votes: readonly RegionVote[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE error_episodes SET votes = ${JSON.stringify(votes)}::jsonb
    WHERE check_id = ${checkId}::uuid AND ended_at IS NULL`;
}

/** A stored state as its region's vote. */
export function voteOf(state: {
  readonly region: string;
  readonly health: Health;
  readonly outcome: number;
}): RegionVote {
  return { region: state.region, health: state.health, outcome: outcomeOf(state.outcome) };
}
