import { ANY_ERROR, GATEWAY, type Fault, type Gateway } from "./clue.ts";

const ENVOY_ERRORS = /^\s*upstream connect error or disconnect\/reset before headers/;

// Envoy's words for why a stream was reset: resetReasonToString in source/common/http/utility.cc; what
// follows them is the text of errno or of BoringSSL, in old versions the number
const ENVOY_FAULTS: readonly Fault[] = [
  {
    statuses: ANY_ERROR,
    body: /TLS.error|WRONG_VERSION_NUMBER|CERTIFICATE_VERIFY_FAILED/i,
    kind: "upstream_tls_failure",
  },
  { statuses: ANY_ERROR, body: /connect error: (111\b|Connection refused)/i, kind: "upstream_refused" },
  {
    statuses: ANY_ERROR,
    body: /connect error: (110\b|Connection timed out)/i,
    kind: "upstream_connect_timeout",
  },
  {
    statuses: ANY_ERROR,
    body: /connect error: (113\b|No route to host|101\b|Network is unreachable)/i,
    kinds: ["upstream_connect_timeout", "upstream_refused"],
  },
  {
    statuses: ANY_ERROR,
    body: /reset reason: connection timeout/,
    kind: "upstream_connect_timeout",
  },
  {
    statuses: ANY_ERROR,
    body: /reset reason: (connection termination|HTTP\/1 premature upstream half close)/,
    kind: "upstream_closed_early",
  },
  {
    statuses: ANY_ERROR,
    body: /reset reason: remote (reset|refused stream reset)/,
    kind: "upstream_reset",
  },
  // also a header over its limit: the reason is the codec's, and says no more
  {
    statuses: ANY_ERROR,
    body: /reset reason: protocol error/,
    kind: "upstream_invalid_response",
    kinds: ["upstream_invalid_response", "upstream_header_too_big"],
  },
  {
    statuses: ANY_ERROR,
    body: /reset reason: (remote |local )?connection failure/,
    kinds: ["upstream_refused", "upstream_tls_failure", "upstream_connect_timeout"],
  },
  { statuses: [503], body: /^\s*no healthy upstream/, kind: "no_live_upstream" },
  // the filter dynamic_forward_proxy
  { statuses: [503], body: /^\s*DNS resolution failure/, kind: "upstream_name_not_found" },
  // source/common/router/router.cc: the whole time or one try's, in the same words
  { statuses: [504], kind: "upstream_response_timeout" },
];

const ENVOY_SOURCE = "https://github.com/envoyproxy/envoy/blob/main/source/common/http/utility.cc";
const ENVOY_BODY =
  /^\s*(upstream connect error or disconnect\/reset before headers|no healthy upstream\s*$|upstream request timeout\s*$)/;

/** Envoy, alone and in a mesh. */
export const ENVOY_GATEWAYS: readonly Gateway[] = [
  {
    // before Envoy: the same program, which the mesh tells by its server header
    name: "Istio",
    source: ENVOY_SOURCE,
    clues: [
      { statuses: ANY_ERROR, headers: { server: /^istio-envoy$/ }, body: ENVOY_BODY },
      {
        statuses: GATEWAY,
        headers: { server: /^istio-envoy$/ },
        absent: ["x-envoy-upstream-service-time"],
      },
      {
        statuses: [503],
        headers: { server: /^istio-envoy$/, "content-type": /^text\/plain$/ },
        absent: ["x-envoy-upstream-service-time"],
      },
    ],
    faults: ENVOY_FAULTS,
  },
  {
    name: "Envoy",
    source: ENVOY_SOURCE,
    clues: [
      { statuses: ANY_ERROR, body: ENVOY_ERRORS },
      { statuses: [503], body: /^\s*no healthy upstream\s*$/ },
      { statuses: [504], body: /^\s*upstream request timeout\s*$/ },
      // with this header the answer came from the upstream
      { statuses: GATEWAY, headers: { server: /^envoy$/ }, absent: ["x-envoy-upstream-service-time"] },
      // and its own text has this type, without a charset
      {
        statuses: [503],
        headers: { server: /^envoy$/, "content-type": /^text\/plain$/ },
        absent: ["x-envoy-upstream-service-time"],
      },
    ],
    faults: ENVOY_FAULTS,
  },
];
