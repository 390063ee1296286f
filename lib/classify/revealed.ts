import type { HttpObservation } from "#lib/model/observation.ts";
import type { FaultKind } from "#lib/model/verdict.ts";

import { BROKEN_ANSWER } from "./clue.ts";

/** What a gateway says itself of what happened behind it, in the headers that docs/diagnosis.md recommends. */
export interface Revealed {
  readonly kind: FaultKind | null;
  readonly kinds: readonly FaultKind[];
  /** The header as it came. */
  readonly evidence: string;
}

const UPSTREAM = "x-gateway-upstream";
const ERROR = "x-gateway-error";
const FLAGS = "x-gateway-flags";

/**
 * Reads the headers by which a gateway was set up to reveal what failed; null when there are none, or
 * when they say that nothing did.
 * @param waited how long the answer took, in milliseconds; null when it is not known
 */
export function revealedBy({ headers, status }: HttpObservation, waited: number | null): Revealed | null {
  const [error, flags, upstream] = [headers[ERROR], headers[FLAGS], headers[UPSTREAM]];
  const found =
    (error === undefined ? null : fromText(error)) ??
    (flags === undefined ? null : fromFlags(flags)) ??
    (upstream === undefined ? null : fromFields(fieldsOf(upstream), status, waited));
  if (found === null) return null;
  const name = error !== undefined ? ERROR : flags !== undefined ? FLAGS : UPSTREAM;
  return {
    kind: found.length === 1 ? (found[0] ?? null) : null,
    kinds: found,
    evidence: `${name}: ${(headers[name] ?? "").slice(0, 200)}`,
  };
}

/** The words that Go's net, crypto/tls and net/http (Caddy) and Apache's notes have for a failure. */
const WORDS: readonly (readonly [RegExp, readonly FaultKind[]])[] = [
  // a resolver that refuses is no upstream that refuses
  [/\blookup \S|no such host|DNS lookup failure/i, ["upstream_name_not_found"]],
  [/no upstreams available/i, ["no_live_upstream"]],
  [/x509:|\btls:|certificate|SSL Handshake/i, ["upstream_tls_failure"]],
  [/connection refused/i, ["upstream_refused"]],
  [/\bdial\b.*(i\/o timeout|deadline exceeded)|connection timed out/i, ["upstream_connect_timeout"]],
  [/no route to host|network is unreachable/i, ["upstream_connect_timeout", "upstream_refused"]],
  [/connection reset by peer|broken pipe/i, ["upstream_reset"]],
  [/\bEOF\b|server closed idle connection|prematurely closed/i, ["upstream_closed_early"]],
  [/headers? (exceeded|too large|too big)|response headers exceeded/i, ["upstream_header_too_big"]],
  [/malformed|invalid header|Corrupt status line|bad status line/i, ["upstream_invalid_response"]],
  [
    /awaiting (response )?headers|deadline exceeded|i\/o timeout|Client\.Timeout/i,
    ["upstream_response_timeout"],
  ],
];

function fromText(text: string): readonly FaultKind[] | null {
  return WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Envoy's response flags: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage */
const FLAG_KINDS: Readonly<Record<string, readonly FaultKind[]>> = {
  UH: ["no_live_upstream"],
  NC: ["no_live_upstream"],
  DF: ["upstream_name_not_found"],
  UT: ["upstream_response_timeout"],
  SI: ["upstream_response_timeout"],
  UPE: ["upstream_invalid_response"],
  UC: ["upstream_closed_early", "upstream_reset"],
  UR: ["upstream_reset"],
  UF: ["upstream_refused", "upstream_connect_timeout", "upstream_tls_failure"],
};

function fromFlags(flags: string): readonly FaultKind[] | null {
  for (const flag of flags.split(",")) {
    const kinds = FLAG_KINDS[flag.trim()];
    if (kinds !== undefined) return kinds;
  }
  return null;
}

type Fields = Readonly<Record<string, string>>;

/** `status=502; connect=-; header=-` as fields. nginx lists several tries after commas: the last one counts. */
function fieldsOf(value: string): Fields {
  const pairs = value.split(";").map((field) => {
    const [name = "", ...rest] = field.split("=");
    return [name.trim(), rest.join("=").split(",").at(-1)?.trim() ?? ""] as const;
  });
  return Object.fromEntries(pairs);
}

function fromFields(fields: Fields, status: number, waited: number | null): readonly FaultKind[] | null {
  return "usable" in fields ? fromHaproxy(fields, status, waited) : fromNginx(fields);
}

/** nginx leaves its variables empty when it had nobody to ask, and puts "-" for what did not come about. */
function fromNginx({ status, connect, header, received, tried, to }: Fields): readonly FaultKind[] | null {
  if (status === "") return ["upstream_name_not_found"];
  if (status === undefined || header !== "-") return null;
  if (tried === "none") return ["no_live_upstream"];
  if (connect === "-") {
    if (status === "504") return ["upstream_connect_timeout"];
    // the time to connect includes the handshake
    return to === "http" ? ["upstream_refused"] : ["upstream_refused", "upstream_tls_failure"];
  }
  if (status === "504") return ["upstream_response_timeout"];
  const bytes = Number(received);
  // a header fills the buffer, which is a page of 4 or 8 KB unless somebody sets another
  if (bytes >= 4_096) return ["upstream_header_too_big"];
  return bytes > 0
    ? ["upstream_invalid_response", "upstream_closed_early"]
    : ["upstream_closed_early", "upstream_reset"];
}

/** HAProxy waits a second between tries at one server, and its whole time to connect in each that hangs. */
function fromHaproxy(fields: Fields, status: number, waited: number | null): readonly FaultKind[] | null {
  const { usable, connect, header, retries, tls } = fields;
  if (header !== "-1") return null;
  if (tls !== undefined && tls !== "") return ["upstream_tls_failure"];
  if (connect !== "-1") {
    return status === 504 ? ["upstream_response_timeout"] : BROKEN_ANSWER;
  }
  if (usable === "0" && Number(retries) === 0) return ["no_live_upstream"];
  if (waited === null) return ["upstream_refused", "upstream_connect_timeout"];
  return waited > (Number(retries) + 0.5) * 1_000 ? ["upstream_connect_timeout"] : ["upstream_refused"];
}
