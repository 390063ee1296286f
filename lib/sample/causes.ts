import type { Cause, FaultKind } from "#lib/model/verdict.ts";

/**
 * What the sample's past failures are said to come from, in the shape and with the names of the
 * rules that a running Gatewatch writes (docs/diagnosis.md).
 */
export const CAUSES = {
  outOfMemory: {
    kind: "overload",
    confidence: 0.72,
    summary: "The service probably ran out of memory: answers had been getting slower before it stopped.",
    evidence: [
      {
        rule: "answers-slowed-down",
        text: "Answers had been getting slower for minutes before the errors began.",
        weight: 3,
      },
      {
        rule: "from-one-moment-on",
        text: "From one moment on everything fails in the same way.",
        weight: -0.6,
      },
    ],
  },
  busyIndex: {
    kind: "overload",
    confidence: 0.86,
    summary: "The servers cannot keep up: what is still answered takes seconds instead of milliseconds.",
    evidence: [
      {
        rule: "answers-slowed-down",
        text: "Answers had been getting slower for minutes before the errors began.",
        weight: 3,
      },
      {
        rule: "slow-answers-in-between",
        text: "What is still answered takes seconds instead of milliseconds.",
        weight: 1.6,
      },
    ],
  },
  badRelease: {
    kind: "configuration",
    confidence: 0.88,
    summary: "Something was set up wrongly: it fails since a new version went out.",
    evidence: [
      {
        rule: "from-one-moment-on",
        text: "From one moment on everything fails in the same way.",
        weight: 1.2,
      },
      { rule: "fails-at-once", text: "Every failure comes at once, without waiting.", weight: 1 },
      {
        rule: "no-slower-than-ever",
        text: "Up to the start answers were as fast as ever.",
        weight: 0.4,
      },
    ],
  },
  unclear: {
    kind: "unknown",
    confidence: 0.5,
    summary: "Why it fails is not clear: it was over before there was enough to go by.",
    evidence: [],
  },
} as const satisfies Record<string, Cause>;

/** A short failure's cause: time-outs are slowness that goes on; what closes early is not told apart. */
export function usualCause(kind: FaultKind | null): Cause {
  if (kind === "upstream_response_timeout") return CAUSES.busyIndex;
  return kind === "upstream_refused" ? CAUSES.outOfMemory : CAUSES.unclear;
}
