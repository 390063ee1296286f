import { StatusMarker } from "#components/admin/marker.tsx";
import { Since } from "#components/ui/time.tsx";
import { OUTCOME_LABELS, type Health, type Outcome } from "#lib/model/outcome.ts";
import { HEALTH_STATUS } from "#lib/model/status.ts";

import { HINT } from "./styles.ts";

/** What one region believes of one check. */
export interface ListedVote {
  readonly check: string;
  readonly region: string;
  readonly health: Health;
  readonly outcome: Outcome;
  /** ISO 8601. */
  readonly since: string;
}

/** Each region's vote on each check of a component. */
export function VoteList({ votes }: { readonly votes: readonly ListedVote[] }) {
  if (votes.length === 0) return <p className={HINT}>No region has looked yet.</p>;
  return (
    <ul className="mt-2 grid gap-2">
      {votes.map(({ check, region, health, outcome, since }) => (
        <li key={`${check}/${region}`} className="flex flex-wrap items-center gap-x-3">
          <StatusMarker status={HEALTH_STATUS[health]}>
            {health === "unknown" ? "No data" : OUTCOME_LABELS[outcome]}
          </StatusMarker>
          <span className="wrap-anywhere">
            {check}, from {region}
          </span>
          <span className={HINT}>
            for <Since at={since} />
          </span>
        </li>
      ))}
    </ul>
  );
}
