import type { PublicIncident, StatusPage } from "#lib/public/types.ts";

/** A day with incidents, or a run of days without; `from` is the older end. */
export type RecentRun =
  | { readonly kind: "day"; readonly day: string; readonly incidents: readonly PublicIncident[] }
  | { readonly kind: "quiet"; readonly from: string; readonly to: string };

/** Joins neighbouring days on which nothing happened: fourteen times "no incidents" says it no better. */
export function recentRuns(recent: StatusPage["recent"]): RecentRun[] {
  const runs: RecentRun[] = [];
  for (const { day, incidents } of recent) {
    const last = runs.at(-1);
    if (incidents.length > 0) runs.push({ kind: "day", day, incidents });
    else if (last?.kind === "quiet") runs[runs.length - 1] = { ...last, from: day };
    else runs.push({ kind: "quiet", from: day, to: day });
  }
  return runs;
}
