/**
 * What a check does not see because of how it is set, as a sentence for visitors and for the team; null
 * when it sees all that its kind can see. Says nothing of addresses or values.
 * @param target as it is stored
 */
export function watchNote(kind: string, target: unknown): string | null {
  if (kind !== "http" || typeof target !== "object" || target === null) return null;
  return "reuseConnection" in target && target.reuseConnection === true ? REUSED : null;
}

// the 5 minutes are lib/probe/kept-connections.ts's
const REUSED =
  "Keeps its connection between looks: trouble with connecting and TLS is not seen each time, but when a new connection is made, every 5 minutes at the latest.";
