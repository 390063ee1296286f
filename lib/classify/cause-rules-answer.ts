import {
  answersWith,
  bodyMatch,
  evidenceOf,
  failsWith,
  isKind,
  nearby,
  retryAfterSeconds,
  saysOverloaded,
} from "./cause-look.ts";
import type { CauseRule } from "./cause-rule.ts";
import { count } from "./cause-words.ts";

const REDIRECTS = new Set(["REDIRECT_LOOP", "REDIRECT_LIMIT", "REDIRECT_INVALID"]);
const UNTRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

// of the system's resolver, and of checks of kind dns
const NO_SUCH_NAME = new Set(["ENOTFOUND", "DNS_NXDOMAIN", "DNS_NODATA"]);
const NO_WORD_OF_NAME = new Set([
  "EAI_AGAIN",
  "EAI_FAIL",
  "DEADLINE",
  "ETIMEDOUT",
  "DNS_SERVFAIL",
  "DNS_REFUSED",
  "DNS_TIMEOUT",
  "DNS_UNREACHABLE",
  "DNS_ERROR",
]);

/** Pages of access rules, which say themselves that they are one. */
const ACCESS_RULE =
  /error code:? 10(?:0[6-9]|1[0-2]|20)\b|\bError 10(?:0[6-9]|1[0-2]|20)\b|cf-error-code">10(?:0[6-9]|1[0-2]|20)|Request blocked\.?\s*We can't connect to the server|Incapsula incident ID|Sucuri WebSite Firewall|mod_security|The requested URL was rejected\. Please consult/i;
const ACCESS_DENIED =
  /access (?:to this (?:page|site|resource) (?:has been|is) )?denied|you have been blocked|request blocked|blocked by/i;

/** What the answer itself says: certificates, names, statuses, pages. */
export const ANSWER_RULES: readonly CauseRule[] = [
  {
    id: "certificate-expired",
    family: "certificate",
    weights: { configuration: 7 },
    proof: true,
    reason: "The date stands in the certificate; somebody has to renew it.",
    tell: (seen) => {
      if (!failsWith(seen, new Set(["CERT_HAS_EXPIRED"]))) return null;
      const until = evidenceOf(seen)?.certificate?.validTo.slice(0, 10);
      return `its certificate expired${until === undefined ? "" : ` on ${until}`}`;
    },
  },
  {
    id: "certificate-wrong-name",
    family: "certificate",
    weights: { configuration: 7 },
    proof: true,
    reason: "A trusted certificate of somebody's, installed where another name is served (RFC 9525).",
    tell: (seen) =>
      failsWith(seen, new Set(["ERR_TLS_CERT_ALTNAME_INVALID"]))
        ? "its certificate is for another name"
        : null,
  },
  {
    id: "certificate-untrusted",
    family: "certificate",
    weights: { configuration: 4 },
    reason: "Self-signed or with an incomplete chain; a box that intercepts TLS would look the same.",
    tell: (seen) =>
      failsWith(seen, UNTRUSTED) ? "its certificate comes from nobody that browsers trust" : null,
  },
  {
    id: "tls-does-not-fit",
    family: "certificate",
    weights: { configuration: 2.6 },
    reason: "Both sides speak, and find no common version, or one of them does not speak TLS at all.",
    tell: (seen) =>
      seen.facts.outcome === "tls_failure" && /^(?:EPROTO|ERR_SSL_)/.test(evidenceOf(seen)?.error?.code ?? "")
        ? "the two sides find no common way to encrypt"
        : null,
  },
  {
    id: "upstream-tls-failure",
    family: "certificate",
    weights: { configuration: 2.6 },
    reason:
      "The gateway names TLS towards its origin as what failed (Cloudflare 525, 526, Envoy's TLS error).",
    tell: (seen) =>
      isKind(seen, "upstream_tls_failure")
        ? "the gateway cannot make a secure connection to the server behind it"
        : null,
  },
  {
    id: "name-does-not-exist",
    family: "name",
    weights: { configuration: 2.6, network: -0.4 },
    reason: "NXDOMAIN is an answer: the name servers work and know no such name (RFC 8020).",
    tell: (seen) => (failsWith(seen, NO_SUCH_NAME) ? "its name does not exist" : null),
  },
  {
    id: "name-servers-fail",
    family: "name",
    weights: { network: 3, configuration: 0.4 },
    reason: "SERVFAIL and silence: the name servers, or the way to them, do not work (RFC 1035, RFC 8914).",
    tell: (seen) =>
      seen.facts.outcome === "dns_failure" && failsWith(seen, NO_WORD_OF_NAME)
        ? "the name servers do not give an answer"
        : null,
  },
  {
    id: "upstream-name-not-found",
    family: "name",
    weights: { configuration: 2.6 },
    reason: "The gateway is told to send requests to a name that does not exist.",
    tell: (seen) =>
      isKind(seen, "upstream_name_not_found")
        ? "the gateway looks for the server behind it under a name that does not exist"
        : null,
  },
  {
    id: "access-rule-page",
    family: "answer",
    weights: { firewall: 6 },
    proof: true,
    reason:
      "The page of an access rule says that it is one: Cloudflare 1006 to 1012 and 1020, CloudFront's geo restriction, Imperva, Sucuri, ModSecurity, F5.",
    tell: (seen) =>
      answersWith(seen, [403, 406, 451]) && bodyMatch(seen, ACCESS_RULE)
        ? "the answer is the page of an access rule that blocks requests"
        : null,
  },
  {
    id: "access-denied-page",
    family: "answer",
    weights: { firewall: 1.4 },
    reason: "Akamai, S3 and many others write “Access Denied”; so do applications.",
    tell: (seen) =>
      answersWith(seen, [403, 406]) && !bodyMatch(seen, ACCESS_RULE) && bodyMatch(seen, ACCESS_DENIED)
        ? "the answer says that access is denied"
        : null,
  },
  {
    id: "forbidden",
    family: "answer",
    weights: { firewall: 2.8, configuration: 0.8 },
    reason: "403 refuses to whoever asks, 451 for legal reasons (RFC 9110, 15.5.4; RFC 7725).",
    tell: (seen) => (answersWith(seen, [403, 451]) ? "requests are answered with “forbidden”" : null),
  },
  {
    id: "wants-credentials",
    family: "answer",
    weights: { configuration: 2.4 },
    reason: "401 and 407: what is sent along, or what is asked for, has changed.",
    tell: (seen) => (answersWith(seen, [401, 407]) ? "it suddenly asks for credentials" : null),
  },
  {
    id: "not-found",
    family: "answer",
    weights: { configuration: 2.4, overload: -1, network: -1 },
    reason: "404, 410, 405, 421 and 400 are given by whoever does not know the name or path that it serves.",
    tell: (seen) =>
      answersWith(seen, [400, 404, 405, 410, 415, 421, 426])
        ? "something answers, but does not know what it is asked for"
        : null,
  },
  {
    id: "redirects-astray",
    family: "answer",
    weights: { configuration: 5.5 },
    proof: true,
    reason:
      "Redirects in a circle are written down somewhere: often http to https behind a proxy that ends TLS.",
    tell: (seen) => (failsWith(seen, REDIRECTS) ? "its redirects lead nowhere" : null),
  },
  {
    id: "header-too-big",
    family: "answer",
    weights: { configuration: 4.2 },
    reason: "A limit on one side and a header on the other (nginx: “upstream sent too big header”).",
    tell: (seen) =>
      isKind(seen, "upstream_header_too_big") || failsWith(seen, new Set(["HPE_HEADER_OVERFLOW"]))
        ? "the header of its answers is larger than is accepted"
        : null,
  },
  {
    id: "not-http",
    family: "answer",
    weights: { configuration: 2.4 },
    reason: "Another protocol on this port: a wrong port, or TLS and plain text mixed up.",
    tell: (seen) =>
      isKind(seen, "upstream_invalid_response") ||
      (seen.facts.outcome === "invalid_response" && !failsWith(seen, new Set(["HPE_HEADER_OVERFLOW"])))
        ? "what answers does not speak HTTP"
        : null,
  },
  {
    id: "unexpected-content",
    family: "answer",
    weights: { configuration: 1.6 },
    reason: "It answers in time and says something else than it should.",
    tell: (seen) =>
      seen.facts.outcome === "body_mismatch" || seen.facts.outcome === "unexpected_status"
        ? "it answers, but not with what is expected"
        : null,
  },
  {
    id: "says-overloaded",
    family: "answer",
    weights: { overload: 3.6 },
    reason: "The answer's own words: Envoy's `overflow`, IIS' “Server Too Busy”, a full queue.",
    tell: (seen) => (saysOverloaded(seen) ? "the answer itself says that there is too much to do" : null),
  },
  {
    id: "too-many-requests",
    family: "load",
    weights: { overload: 2.8, configuration: -0.5 },
    reason: "429: somebody counts requests and has had too many (RFC 6585).",
    tell: (seen) => {
      const limited = nearby(seen, ({ status }) => status === 429);
      return limited === 0
        ? null
        : `${count(limited, "request")} near by ${limited === 1 ? "was" : "were"} turned away as too many`;
    },
  },
  {
    id: "asks-to-retry-later",
    family: "load",
    weights: { overload: 2.6, network: -0.5, configuration: -0.5 },
    reason: "503 with Retry-After is how a server sheds load (RFC 9110, 15.6.4).",
    tell: (seen) => {
      const shed = nearby(seen, (look) => {
        const seconds = retryAfterSeconds(look);
        return look.status === 503 && seconds !== null && seconds < 600;
      });
      return shed === 0
        ? null
        : `${count(shed, "request")} near by ${shed === 1 ? "was" : "were"} asked to come back later`;
    },
  },
];
