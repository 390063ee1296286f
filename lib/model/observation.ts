/** The phases of a probe, in order; a failure names the one it happened in. */
export const PHASES = ["dns", "connect", "tls", "request", "first_byte", "body", "done"] as const;
export type Phase = (typeof PHASES)[number];

/** Milliseconds from the phase's own start to its end; null when it did not happen. */
export interface Timings {
  readonly dns: number | null;
  readonly connect: number | null;
  readonly tls: number | null;
  /** From the request's last byte sent to the response's first byte. */
  readonly firstByte: number | null;
  /** From the start of the probe to its end, redirects included. */
  readonly total: number;
}

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly altNames: string;
}

/** What a probe failed with, when it failed below the protocol's own answer. */
export interface ProbeError {
  /** Node's or OpenSSL's code (ECONNREFUSED, HPE_INVALID_CONSTANT, CERT_HAS_EXPIRED), or ours. */
  readonly code: string;
  readonly message: string;
}

/** Everything that a probe saw, before anybody says what it means. */
export interface Observation {
  /** ISO 8601 with milliseconds: when the probe began. */
  readonly startedAt: string;
  /** How far it came. */
  readonly phase: Phase;
  readonly timings: Timings;
  readonly error: ProbeError | null;
  readonly http: HttpObservation | null;
  /** Address and port that were spoken to. */
  readonly remote: string | null;
  readonly certificate: CertificateFacts | null;
  /** Redirects that were followed, in order; left out when there was none. */
  readonly redirects?: readonly FollowedRedirect[];
  /** Where it was when it ended: the URL of the last request, redacted; left out where there is no URL. */
  readonly url?: string;
  /** What other protocols tell, for people to read: `{ rcode: "SERVFAIL", resolver: "192.0.2.53" }`. */
  readonly details?: Readonly<Record<string, string | number>>;
  /** Only when a pool was looked at. */
  readonly pool?: PoolObservation;
}

/** One answer that sent the probe elsewhere. */
export interface FollowedRedirect {
  readonly status: number;
  /** Who answered so, redacted. */
  readonly url: string;
  readonly remote: string | null;
}

/** A pool's members, each looked at by itself, and its front door, looked at several times. */
export interface PoolObservation {
  readonly members: readonly { readonly name: string; readonly observation: Observation }[];
  readonly front: readonly Observation[];
}

export interface HttpObservation {
  readonly status: number;
  readonly version: string;
  /** Lower-case names; secrets are redacted by the probe. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first 2 KB, decoded and with secrets redacted. */
  readonly bodyStart: string;
  readonly bodyBytes: number;
  /** True when reading stopped at the cap. */
  readonly bodyCapped: boolean;
  /** Whether keyword and pattern expectations held; null when there were none or no body. */
  readonly bodyMatched: boolean | null;
  /** URL of the last hop, query removed. */
  readonly url: string;
  readonly redirects: number;
}
