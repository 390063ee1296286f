import type { CertificateFacts, Observation, Phase, ProbeError, Timings } from "./observation.ts";
import type { Outcome } from "./outcome.ts";
import type { AnsweredBy, Cause, FaultKind, Verdict } from "./verdict.ts";

/** What a failed look leaves behind for a person to read: the verdict, and what it rests on. */
export interface Evidence {
  /** ISO 8601: when the probe began. */
  readonly at: string;
  readonly outcome: Outcome;
  /** One sentence with the facts in it. */
  readonly summary: string;
  readonly gateway: string | null;
  readonly gatewayEvidence: readonly string[];
  readonly kind: FaultKind | null;
  // what older evidence does not have yet
  readonly kinds?: readonly FaultKind[];
  readonly answeredBy?: AnsweredBy | null;
  readonly hops?: readonly string[];
  readonly roundTimeoutS?: number | null;
  readonly cause: Cause | null;
  readonly phase: Phase;
  readonly error: ProbeError | null;
  readonly httpStatus: number | null;
  readonly httpVersion: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyStart: string;
  /** URL of the last hop, query removed. */
  readonly url: string | null;
  readonly remote: string | null;
  readonly timings: Timings;
  readonly certificate: CertificateFacts | null;
  readonly details?: Readonly<Record<string, string | number>>;
}

/** Puts an observation and its verdict into the shape that is stored; secrets are already redacted. */
export function evidenceOf(observation: Observation, verdict: Verdict): Evidence {
  const { http } = observation;
  return {
    at: observation.startedAt,
    outcome: verdict.outcome,
    summary: verdict.summary,
    gateway: verdict.gateway,
    gatewayEvidence: verdict.gatewayEvidence,
    kind: verdict.kind,
    ...(verdict.kinds === undefined ? {} : { kinds: verdict.kinds }),
    answeredBy: verdict.answeredBy,
    ...(verdict.hops === undefined ? {} : { hops: verdict.hops }),
    roundTimeoutS: verdict.roundTimeoutS,
    cause: verdict.cause,
    phase: observation.phase,
    error: observation.error,
    httpStatus: http?.status ?? null,
    httpVersion: http?.version ?? null,
    headers: http?.headers ?? {},
    bodyStart: http?.bodyStart ?? "",
    url: http?.url ?? null,
    remote: observation.remote,
    timings: observation.timings,
    certificate: observation.certificate,
    ...(observation.details === undefined ? {} : { details: observation.details }),
  };
}
