import type { HttpObservation, Observation, Phase } from "#lib/model/observation.ts";

/** An HTTP answer as the probe reports it; what a test does not name is plain. */
export function answered(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  bodyStart = "",
  more: Partial<HttpObservation> = {},
): Observation {
  return {
    startedAt: "2026-01-02T03:04:05.678Z",
    phase: "done",
    timings: { dns: null, connect: 1, tls: null, firstByte: 10, total: 12 },
    error: null,
    http: {
      status,
      version: "1.1",
      headers,
      bodyStart,
      bodyBytes: Buffer.byteLength(bodyStart),
      bodyCapped: false,
      bodyMatched: null,
      url: "http://127.0.0.1/",
      redirects: 0,
      ...more,
    },
    remote: "127.0.0.1:80",
    certificate: null,
  };
}

/** A probe that failed below HTTP. */
export function failed(code: string, phase: Phase): Observation {
  return { ...answered(0), phase, error: { code, message: "as the system says it" }, http: null };
}
