import {
  answersWith,
  evidenceOf,
  failsWith,
  isDeliberate,
  isKind,
  isOneOfSeveral,
  nearby,
} from "./cause-look.ts";
import { fails, median } from "./cause-history.ts";
import type { CauseRule, Seen } from "./cause-rule.ts";
import { count } from "./cause-words.ts";

/** The failures, or the one that there is evidence of, all of this outcome. */
function allAre({ facts, history }: Seen, outcome: string): boolean {
  return facts.outcome === outcome && history.failures.every((look) => look.outcome === outcome);
}

function typicalTime(seen: Seen): number {
  const times = seen.history.failures.map((look) => look.totalMs);
  return median(times) ?? evidenceOf(seen)?.timings.total ?? 0;
}

const UNREACHABLE = new Set(["EHOSTUNREACH", "EHOSTDOWN"]);
/** Linux repeats an unanswered SYN after 1 s and then after twice the time (RFC 6298, 2.1). */
const SYN_STEPS = [1_000, 3_000, 7_000];

function isOnSynStep(ms: number | null): boolean {
  return ms !== null && SYN_STEPS.some((step) => ms >= step - 20 && ms <= step + 250);
}

const TRANSPORT = new Set([
  "connect_timeout",
  "connection_reset",
  "response_timeout",
  "connection_refused",
  "dns_failure",
  "tls_failure",
]);

/** How connections fail. */
export const CONNECTION_RULES: readonly CauseRule[] = [
  {
    id: "way-is-barred",
    family: "connection",
    weights: { firewall: 3.4, network: 0.8, overload: -1, configuration: -0.4 },
    reason:
      "ICMP “administratively prohibited” arrives as EHOSTUNREACH at once (Linux icmp_err_convert); a host that is gone takes its router about 3 s to miss (RFC 4861, 10).",
    tell: (seen) =>
      failsWith(seen, UNREACHABLE) && typicalTime(seen) < 1_000
        ? "a device on the way answers at once that there is no passing"
        : null,
  },
  {
    id: "host-is-gone",
    family: "connection",
    weights: { network: 3, firewall: -0.4 },
    reason: "The last router asked for the host for some seconds and nobody answered.",
    tell: (seen) =>
      failsWith(seen, UNREACHABLE) && typicalTime(seen) >= 1_000
        ? "the last router on the way finds no such host"
        : null,
  },
  {
    id: "refuses",
    family: "connection",
    weights: { configuration: 0.8, firewall: 0.6, overload: -0.6, network: -0.6 },
    reason: "A reset to a SYN: nothing listens on this port, or a packet filter says so (RFC 9293, 3.5.2).",
    tell: (seen) =>
      allAre(seen, "connection_refused") && !failsWith(seen, UNREACHABLE)
        ? "connections are refused: nothing listens there, or a filter says so"
        : null,
  },
  {
    id: "upstream-refuses",
    family: "connection",
    weights: { configuration: 1.2, overload: -0.6, network: -0.4 },
    reason: "The gateway reaches the machine, and nothing listens on the port that it is told.",
    tell: (seen) =>
      isKind(seen, "upstream_refused") ? "the gateway finds nothing listening where it is told to go" : null,
  },
  {
    id: "no-server-behind",
    family: "connection",
    weights: { configuration: 1.2, network: -0.3 },
    reason:
      "A gateway's own 503 without Retry-After: none of its servers can be used (HAProxy: “No server is available”). Refused, taken out, or never there.",
    tell: (seen) => {
      const evidence = evidenceOf(seen);
      const own = evidence?.httpStatus === 503 && evidence.gateway !== null && !isDeliberate(seen);
      return isKind(seen, "no_live_upstream") || own
        ? "the gateway has no server left that it could ask"
        : null;
    },
  },
  {
    id: "packets-vanish",
    family: "connection",
    weights: { firewall: 1.6, network: 1, configuration: -0.4 },
    reason: "Every SYN goes without an answer: a filter that drops, or a way that ends.",
    tell: (seen) =>
      allAre(seen, "connect_timeout") && seen.history.share === null
        ? "no connection attempt gets any answer"
        : null,
  },
  {
    id: "cut-off-at-once",
    family: "connection",
    weights: { firewall: 1.8, configuration: 0.7, network: -0.6, overload: -0.8 },
    reason: "Filters that look into connections reset each one at the same point (RFC 9293, 3.10.7.1).",
    tell: (seen) =>
      allAre(seen, "connection_reset") && seen.history.constant && seen.history.fast
        ? "every connection is cut at the same point"
        : null,
  },
  {
    id: "resets-now-and-then",
    family: "connection",
    weights: { network: 2, configuration: -0.8, firewall: -0.8 },
    reason: "Some connections break and others do not, without any getting slower.",
    tell: (seen) => {
      const resets = nearby(seen, ({ outcome }) => outcome === "connection_reset");
      return resets >= 2 && seen.history.share !== null && !slowed(seen)
        ? `${count(resets, "connection")} near by broke while others went through`
        : null;
    },
  },
  {
    id: "attempts-lost-now-and-then",
    family: "connection",
    weights: { network: 1.6, overload: 0.4, configuration: -0.8, firewall: -0.8 },
    reason: "Some connection attempts get no answer and others do at once: packets get lost.",
    tell: (seen) => {
      const lost = nearby(seen, ({ outcome }) => outcome === "connect_timeout");
      return lost >= 1 && seen.history.share !== null && !slowed(seen)
        ? `${count(lost, "connection attempt")} near by got no answer while others did`
        : null;
    },
  },
  {
    id: "gateway-loses-some",
    family: "connection",
    weights: { network: 1.3, configuration: -0.6, firewall: -0.6 },
    reason:
      "502 for some requests, without any getting slower: the gateway's connections break now and then.",
    tell: (seen) => {
      const lost = nearby(seen, ({ outcome }) => outcome === "bad_gateway");
      return lost >= 2 && seen.history.share !== null && !slowed(seen) && !isOneOfSeveral(seen)
        ? `the gateway lost ${count(lost, "request")} near by on the way to the server behind it, and others not`
        : null;
    },
  },
  {
    id: "connects-on-second-try",
    family: "connection",
    weights: { network: 1.6, overload: 0.6 },
    reason: "Connecting took what Linux waits before it repeats a lost SYN: 1 s, 3 s, 7 s (RFC 6298).",
    tell: (seen) => {
      const repeated = nearby(seen, ({ connectMs }) => isOnSynStep(connectMs));
      return repeated === 0
        ? null
        : `${count(repeated, "connection")} came about only when the request for it was repeated`;
    },
  },
  {
    id: "fails-in-many-ways",
    family: "onset",
    weights: { network: 1.8, configuration: -1, firewall: -1 },
    reason: "Lost packets strike wherever they strike; a rule or a setting fails the same way each time.",
    tell: (seen) => {
      if (slowed(seen)) return null;
      const looks = seen.history.during.filter(fails);
      const ways = new Set(
        looks.filter(({ outcome }) => TRANSPORT.has(outcome)).map((look) => `${look.outcome}/${look.phase}`),
      );
      return ways.size >= 2 && looks.length >= 3 ? `connections fail in ${ways.size} different ways` : null;
    },
  },
  {
    id: "keeps-silent",
    family: "connection",
    weights: { overload: 1, network: 0.3, configuration: -0.4 },
    reason: "It accepts and does not answer: everything that could is busy, or stands still.",
    tell: (seen) =>
      seen.facts.outcome === "response_timeout" || isKind(seen, "upstream_response_timeout")
        ? "requests are taken, and no answer comes in time"
        : null,
  },
  {
    id: "gateway-waits-in-vain",
    family: "connection",
    weights: { overload: 0.8, network: 0.3 },
    reason: "504: the gateway waited for its upstream until its own patience ended.",
    tell: (seen) =>
      seen.facts.outcome === "gateway_timeout" &&
      !isKind(seen, "upstream_response_timeout", "upstream_connect_timeout")
        ? "the gateway waits for an answer until its time is over"
        : null,
  },
  {
    id: "round-time-limit",
    family: "connection",
    weights: { overload: 0.5, network: -0.5 },
    reason:
      "The wait ends on a limit that gateways come with (30, 60, 100 s): nothing broke, the server behind was still at work.",
    tell: (seen) => {
      const limit = evidenceOf(seen)?.roundTimeoutS ?? null;
      const answers = answersWith(seen, [504, 522, 524]) && !isKind(seen, "upstream_connect_timeout");
      return limit !== null && answers
        ? `the gateway gives up after ${limit} seconds, a usual time limit, while the server behind it still works on the answer`
        : null;
    },
  },
  {
    id: "gateway-cannot-connect",
    family: "connection",
    weights: { network: 0.9, firewall: 0.9, overload: 0.3 },
    reason: "The gateway's own connection attempts go without an answer.",
    tell: (seen) =>
      isKind(seen, "upstream_connect_timeout")
        ? "the gateway gets no connection to the server behind it in time"
        : null,
  },
];

/** Answers had become slower, so that time-outs have another explanation than lost packets. */
function slowed({ history }: Seen): boolean {
  const { climb, amongMs, usualMs } = history;
  return climb !== null || (amongMs !== null && usualMs !== null && amongMs > 3 * usualMs + 80);
}
