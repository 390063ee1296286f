import type { Outcome } from "#lib/model/outcome.ts";

const PATHS = {
  502: "M2 2h12v12H2z",
  503: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z",
  504: "M8 .5 15.5 8 8 15.5.5 8z",
} as const;
export type GatewayCode = keyof typeof PATHS;

/** The shape of a gateway code: a square for 502, a ring for 503, a diamond for 504. */
export function CodeMark({ code }: { code: GatewayCode }) {
  return (
    <svg className={`mark c${code}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[code]} />
    </svg>
  );
}

/** The gateway code of an outcome, or null when it has none. */
export function gatewayCode(outcome: Outcome): GatewayCode | null {
  switch (outcome) {
    case "bad_gateway":
      return 502;
    case "service_unavailable":
      return 503;
    case "gateway_timeout":
      return 504;
    default:
      return null;
  }
}
