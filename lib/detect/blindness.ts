/** What there is outside to ask: no reason to doubt ourselves, nothing answers, or it is not known yet. */
export type Outside = "clear" | "silent" | "waiting";

/** What a sample of a region's checks came to, looked at again because the region is in doubt. */
export interface Sample {
  /** How many checks were asked. */
  readonly asked: number;
  /** How many of them fail, and how many are fine; the others have not come back yet. */
  readonly failing: number;
  readonly fine: number;
}

export type Sight = "sees" | "blind" | "undecided";

/** From this share of the sample on, a region that nothing outside answers is blind. */
export const BLIND_SHARE = 0.6;
/** Fewer checks than this prove nothing, unless there are no more. */
const LEAST_CHECKS = 3;

/**
 * Whether a region has lost its own network: nothing outside answers, and most of its checks, of
 * those that it did not believe to be down already, fail when they are looked at again now. Both
 * have to be so: a target's outage leaves the outside, a canary's outage leaves the targets.
 * @param over true when what has not come back yet is not waited for any longer
 */
export function judgeSight(outside: Outside, sample: Sample, over = false): Sight {
  if (outside === "clear") return "sees";
  if (outside === "waiting") return over ? "sees" : "undecided";
  // decided as soon as those that are still out cannot change it: failures take longer than answers
  const asked = over ? sample.failing + sample.fine : sample.asked;
  const needed = Math.ceil(BLIND_SHARE * asked);
  if (asked > 0 && sample.failing >= needed) return "blind";
  return over || sample.fine > asked - needed ? "sees" : "undecided";
}

/**
 * How many checks, and how many targets among them, it takes to speak of "most checks": with
 * canaries that somebody has chosen a region may have one check only; without, three of two targets.
 */
export function isEnough(
  eligible: { readonly checks: number; readonly targets: number },
  chosen: boolean,
): boolean {
  return eligible.checks > 0 && (chosen || (eligible.checks >= LEAST_CHECKS && eligible.targets > 1));
}

/** The last look of another region at a check that fails here, due after it began to fail here. */
export interface OtherLook {
  readonly failing: boolean;
}

/**
 * What the other regions say: when at least half of what they see of the failing checks fails as
 * well, it is not us. Regions that are there and have not looked yet are waited for.
 */
export function judgeOthers(looks: readonly OtherLook[], othersLook: boolean): Outside {
  if (!othersLook) return "clear";
  if (looks.length === 0) return "waiting";
  const failing = looks.filter((look) => look.failing).length;
  return failing * 2 >= looks.length ? "clear" : "silent";
}

/** What tells one target from another: its host, as far as the target names one. */
export function hostOfTarget(target: unknown): string {
  if (typeof target === "object" && target !== null) {
    const { url, host } = target as { url?: unknown; host?: unknown };
    if (typeof url === "string" && URL.canParse(url)) return new URL(url).host;
    if (typeof host === "string") return host;
  }
  return JSON.stringify(target);
}
