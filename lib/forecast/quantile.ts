import type { PastEpisode } from "#lib/model/forecast.ts";

/**
 * How far the curve may stay below a quantile whose place is then taken by the longest episode
 * seen. The longest of 7 is passed by one in 8 new ones: 0.875 instead of 0.9.
 */
const REACH = 0.03;

/**
 * The whole length, in milliseconds, below which an episode ends with probability `q`, given that
 * it has lasted `elapsedMs` already; null when too few lasted as long to say.
 *
 * Kaplan-Meier's product over the episodes that lasted longer than `elapsedMs`, with the episode in
 * question itself among those at risk and never ending: S(x) = Π 1 − 1/(n + 1), n at risk besides
 * it. Without it the estimate for a new episode is too short when there are few. Without open
 * episodes the k-th of n comes to k/(n + 1): by exchangeability exactly the probability that one
 * more is not longer, whatever the distribution. Between two episodes lengths are interpolated
 * geometrically.
 *
 * Sources: E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", J. Am.
 * Stat. Assoc. 53 (1958); k/(n + 1): W. Weibull, "A statistical theory of the strength of
 * materials" (1939), S. S. Wilks, "Determination of sample sizes for setting tolerance limits",
 * Ann. Math. Stat. 12 (1941).
 */
export function quantileAfter(past: readonly PastEpisode[], elapsedMs: number, q: number): number | null {
  let atRisk = longerThan(past, elapsedMs).length;
  let survival = 1;
  let before = { at: elapsedMs, over: 0 };
  for (const { lastedMs, ended } of longerThan(past, elapsedMs).toSorted(byLength)) {
    if (ended) {
      survival *= atRisk / (atRisk + 1);
      const here = { at: lastedMs, over: 1 - survival };
      if (here.over >= q) return between(before, here, q);
      before = here;
    }
    atRisk -= 1;
  }
  return before.over > 0 && q - before.over <= REACH ? before.at : null;
}

/** The episodes that lasted longer than that, as far as is known. */
export function longerThan(past: readonly PastEpisode[], elapsedMs: number): readonly PastEpisode[] {
  return past.filter(({ lastedMs }) => lastedMs > elapsedMs);
}

/** Of equal lengths those that ended come first: one still going on is known to be longer. */
function byLength(a: PastEpisode, b: PastEpisode): number {
  return a.lastedMs - b.lastedMs || Number(b.ended) - Number(a.ended);
}

interface Point {
  readonly at: number;
  readonly over: number;
}

function between(a: Point, b: Point, q: number): number {
  const share = (q - a.over) / (b.over - a.over);
  return a.at <= 0 ? a.at + (b.at - a.at) * share : a.at * (b.at / a.at) ** share;
}
