import { ANY_502, ANY_ERROR, BROKEN_ANSWER, GATEWAY, GATEWAY_AND_503, type Gateway } from "./clue.ts";

/** Reverse proxies that people run themselves, and that proxy and nothing else. */
export const PROXY_GATEWAYS: readonly Gateway[] = [
  {
    name: "HAProxy",
    // the texts: src/http.c; what each status stands for: the manual's list of statuses it emits itself
    source: "https://docs.haproxy.org/2.6/configuration.html",
    clues: [
      {
        statuses: [502],
        body: /502 Bad Gateway(<\/h1>)?\s*The server returned an invalid or incomplete response\./,
      },
      {
        statuses: [503],
        body: /503 Service Unavailable(<\/h1>)?\s*No server is available to handle this request\./,
      },
      { statuses: [504], body: /504 Gateway Time-out(<\/h1>)?\s*The server didn't respond in time\./ },
    ],
    faults: [
      // a connection that does not come about is a 503 here, so a 504 is a missing answer
      { statuses: [504], body: /The server didn't respond in time\./, kind: "upstream_response_timeout" },
      // it waits a second between tries at the same server (3 more by default): what comes at once was not tried
      {
        statuses: [503],
        waited: { under: 100 },
        kind: "no_live_upstream",
        kinds: ["no_live_upstream", "upstream_name_not_found", "upstream_refused"],
      },
      // three waits, also on a busy machine
      {
        statuses: [503],
        waited: { atLeast: 2_950, under: 3_400 },
        kind: "upstream_refused",
        kinds: ["upstream_refused", "upstream_tls_failure"],
      },
      {
        statuses: [503],
        waited: { onFullSecond: true, under: 3_400 },
        kind: "upstream_refused",
        kinds: ["upstream_refused", "upstream_tls_failure", "upstream_connect_timeout"],
      },
      { statuses: [503], waited: { atLeast: 3_400 }, kind: "upstream_connect_timeout" },
      { statuses: [503], kinds: ["upstream_refused", "upstream_connect_timeout", "upstream_tls_failure"] },
      { statuses: [502], kinds: BROKEN_ANSWER },
    ],
  },
  {
    name: "Varnish",
    source: "https://varnish-cache.org/docs/trunk/phk/503aroundtheworld.html",
    clues: [
      { statuses: ANY_ERROR, body: /Guru Meditation:[\s\S]*(Varnish|Vinyl) cache server/i },
      // up to version 3
      { statuses: ANY_ERROR, body: /Guru Meditation:\s*<\/h3>\s*<p>XID: \d+<\/p>/ },
    ],
    faults: [
      // 3.5 s and 60 s are what it comes with
      { statuses: [503], waited: { atLeast: 3_475, under: 3_600 }, kind: "upstream_connect_timeout" },
      {
        statuses: [503],
        waited: { onFullSecond: true },
        kind: "upstream_response_timeout",
        kinds: ["upstream_response_timeout", "upstream_connect_timeout"],
      },
      {
        statuses: [503],
        body: /503 Service Unavailable/,
        kinds: ["upstream_closed_early", "upstream_invalid_response"],
      },
      { statuses: [503], kinds: ["upstream_refused", "no_live_upstream", ...BROKEN_ANSWER] },
    ],
  },
  {
    name: "Squid",
    source: "https://wiki.squid-cache.org/Features/CustomErrors",
    clues: [
      { statuses: ANY_ERROR, headers: { "x-squid-error": /^ERR_/ }, ownErrorsOnly: true },
      {
        statuses: ANY_ERROR,
        body: /The Squid Software Foundation and contributors|Generated [^<]* by [^<]*\(squid/,
      },
      {
        statuses: ANY_ERROR,
        body: /<title>ERROR: The requested URL could not be retrieved<\/title>|Unable to determine IP address from host name\b/i,
      },
      { statuses: GATEWAY_AND_503, headers: { server: /^squid\b/i }, ownErrorsOnly: true },
    ],
    faults: [
      {
        statuses: ANY_ERROR,
        headers: { "x-squid-error": /^ERR_CONNECT_FAIL 110\b/ },
        kind: "upstream_connect_timeout",
      },
      {
        statuses: ANY_ERROR,
        headers: { "x-squid-error": /^ERR_CONNECT_FAIL 111\b/ },
        kind: "upstream_refused",
      },
      {
        statuses: ANY_ERROR,
        headers: { "x-squid-error": /^ERR_CONNECT_FAIL/ },
        kinds: ["upstream_connect_timeout", "upstream_refused"],
      },
      {
        statuses: ANY_ERROR,
        headers: { "x-squid-error": /^ERR_ZERO_SIZE_OBJECT/ },
        kind: "upstream_closed_early",
      },
      {
        statuses: ANY_ERROR,
        headers: { "x-squid-error": /^ERR_(READ|WRITE)_ERROR (104|32)\b/ },
        kind: "upstream_reset",
      },
      // it left its peers out, having found them dead before (FwdState: "found no paths")
      {
        statuses: ANY_ERROR,
        headers: { "x-squid-error": /^(ERR_READ_ERROR 0\b|ERR_CANNOT_FORWARD)/ },
        kind: "no_live_upstream",
      },
      { statuses: ANY_ERROR, headers: { "x-squid-error": /^ERR_TOO_BIG/ }, kind: "upstream_header_too_big" },
      {
        statuses: ANY_ERROR,
        headers: { "x-squid-error": /^ERR_INVALID_RESP/ },
        kind: "upstream_invalid_response",
      },
      {
        statuses: ANY_ERROR,
        headers: { "x-squid-error": /^ERR_(READ_TIMEOUT|LIFETIME_EXP)/ },
        kind: "upstream_response_timeout",
      },
      {
        statuses: ANY_ERROR,
        headers: { "x-squid-error": /^ERR_SECURE_CONNECT_FAIL/ },
        kind: "upstream_tls_failure",
      },
      { statuses: ANY_ERROR, headers: { "x-squid-error": /^ERR_DNS_FAIL/ }, kind: "upstream_name_not_found" },
      // the same in the page's words
      {
        statuses: ANY_ERROR,
        body: /Unable to determine IP address from host name\b/,
        kind: "upstream_name_not_found",
      },
    ],
  },
  {
    name: "Apache Traffic Server",
    // the texts: configs/body_factory/default; what each stands for: tried with 9.2.5 of Debian 12
    source: "https://github.com/apache/trafficserver/tree/master/configs/body_factory/default",
    clues: [
      {
        statuses: ANY_ERROR,
        body: /<BODY BGCOLOR="white" FGCOLOR="black">\s*<H1>[^<]+<\/H1>\s*<HR>\s*<FONT FACE="Helvetica,Arial"><B>\s*Description:/i,
      },
      { statuses: GATEWAY, headers: { server: /^ATS\b|^ApacheTrafficServer\b/ } },
    ],
    faults: [
      {
        statuses: ANY_ERROR,
        body: /<H1>(Inactivity|Activity) Timeout/i,
        kind: "upstream_response_timeout",
      },
      { statuses: ANY_ERROR, body: /<H1>No Valid Host/i, kind: "no_live_upstream" },
      { statuses: ANY_ERROR, body: /<H1>Unknown Host/i, kind: "upstream_name_not_found" },
      { statuses: ANY_ERROR, body: /<H1>Server Connection Closed/i, kind: "upstream_closed_early" },
      // one page for closed, reset, no HTTP and too much of a header
      { statuses: ANY_ERROR, body: /<H1>Web Server Error/i, kinds: BROKEN_ANSWER },
      {
        statuses: ANY_ERROR,
        body: /<H1>Could Not Connect/i,
        kinds: ["upstream_refused", "upstream_connect_timeout", "upstream_reset", "upstream_closed_early"],
      },
    ],
  },
  {
    name: "Kong",
    // kong/error_handlers.lua; kong/runloop/balancer for a name that cannot be resolved and for no target
    source: "https://github.com/Kong/kong/blob/master/kong/error_handlers.lua",
    clues: [
      {
        statuses: GATEWAY_AND_503,
        body: /(An invalid response was received from the upstream server|The upstream server is currently unavailable|The upstream server is timing out|name resolution failed|failure to get a peer from the ring-balancer)/,
      },
      {
        statuses: GATEWAY_AND_503,
        headers: { server: /^kong\//i, "x-kong-response-latency": /./ },
        absent: ["x-kong-upstream-latency"],
        ownErrorsOnly: true,
      },
      { statuses: GATEWAY, headers: { server: /^kong\//i }, absent: ["x-kong-upstream-latency"] },
    ],
    faults: [
      { statuses: [503], body: /name resolution failed/, kind: "upstream_name_not_found" },
      { statuses: [503], body: /failure to get a peer/, kind: "no_live_upstream" },
      {
        statuses: [504],
        kind: "upstream_response_timeout",
        kinds: ["upstream_response_timeout", "upstream_connect_timeout"],
      },
      { statuses: [502], waited: { atLeast: 1_000 }, kinds: ["upstream_closed_early", "upstream_reset"] },
      { statuses: [502], kinds: ANY_502 },
    ],
  },
  {
    name: "Traefik",
    source: "https://github.com/traefik/traefik/blob/master/pkg/proxy/httputil/proxy.go",
    clues: [
      {
        statuses: [503],
        headers: { "content-type": /^text\/plain/ },
        absent: ["x-powered-by"],
        body: /^no available server\n?$/,
      },
      // also where it sets no type, as up to version 2: Go then adds this one
      {
        statuses: GATEWAY,
        headers: { "content-type": /^text\/plain; charset=utf-8$/ },
        absent: ["server", "x-powered-by", "etag", "via", "x-content-type-options"],
        body: /^(Bad Gateway|Gateway Timeout)$/,
      },
    ],
    faults: [
      { statuses: [503], body: /^no available server/, kind: "no_live_upstream" },
      // net.Error with Timeout(): dialling (30 s) or waiting for headers, which has no limit unless one is set
      { statuses: [504], waited: { atLeast: 29_900, under: 30_600 }, kind: "upstream_connect_timeout" },
      {
        statuses: [504],
        kind: "upstream_response_timeout",
        kinds: ["upstream_response_timeout", "upstream_connect_timeout"],
      },
      // ComputeStatusCode: EOF and errors of the network; a certificate or a broken answer makes it a 500
      {
        statuses: [502],
        kinds: ["upstream_refused", "upstream_closed_early", "upstream_reset", "upstream_name_not_found"],
      },
    ],
  },
  {
    name: "Caddy",
    source: "https://github.com/caddyserver/caddy/blob/master/modules/caddyhttp/reverseproxy/reverseproxy.go",
    clues: [
      {
        statuses: GATEWAY_AND_503,
        headers: { server: /^Caddy$/ },
        absent: ["via", "content-type"],
        body: /^$/,
      },
    ],
    faults: [
      { statuses: [503], body: /^$/, kind: "no_live_upstream" },
      // only waiting for an answer makes it a 504; dialling (3 s, 10 s in old versions) makes it a 502
      { statuses: [504], kind: "upstream_response_timeout" },
      { statuses: [502], waited: { onFullSecond: true }, kind: "upstream_connect_timeout" },
      {
        statuses: [502],
        waited: { atLeast: 1_000 },
        kinds: ["upstream_connect_timeout", "upstream_closed_early", "upstream_reset"],
      },
      { statuses: [502], kinds: ANY_502 },
    ],
  },
];
