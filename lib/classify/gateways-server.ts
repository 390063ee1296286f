import { ANY_ERROR, GATEWAY, GATEWAY_AND_503, type Gateway } from "./clue.ts";

/** Gateways that people run themselves. */
export const SERVER_GATEWAYS: readonly Gateway[] = [
  {
    name: "Envoy",
    source:
      "https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/response_code_details",
    clues: [
      { statuses: ANY_ERROR, body: /^upstream connect error or disconnect\/reset before headers/ },
      { statuses: [503], body: /^no healthy upstream$/ },
      { statuses: [504], body: /^upstream request timeout$/ },
      // with this header the answer came from the upstream
      {
        statuses: GATEWAY,
        headers: { server: /^(istio-)?envoy$/ },
        absent: ["x-envoy-upstream-service-time"],
      },
    ],
    faults: [
      { statuses: ANY_ERROR, body: /transport failure reason:.*TLS.error/i, kind: "upstream_tls_failure" },
      { statuses: ANY_ERROR, body: /connect error: 111\b/, kind: "upstream_refused" },
      { statuses: ANY_ERROR, body: /reset reason: connection timeout/, kind: "upstream_connect_timeout" },
      { statuses: ANY_ERROR, body: /reset reason: connection termination/, kind: "upstream_closed_early" },
      { statuses: ANY_ERROR, body: /reset reason: remote reset/, kind: "upstream_reset" },
      { statuses: ANY_ERROR, body: /reset reason: protocol error/, kind: "upstream_invalid_response" },
      { statuses: [503], body: /^no healthy upstream$/, kind: "no_live_upstream" },
      { statuses: [504], body: /^upstream request timeout$/, kind: "upstream_response_timeout" },
    ],
  },
  {
    name: "OpenResty",
    source: "https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens",
    clues: [
      { statuses: ANY_ERROR, body: /<hr><center>openresty(\/[\d.]+)?<\/center>/ },
      { statuses: GATEWAY, headers: { server: /^openresty\b/ } },
    ],
  },
  {
    name: "nginx",
    source: "https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens",
    clues: [
      { statuses: ANY_ERROR, body: /<hr><center>nginx(\/[\d.]+)?( \([^<)]*\))?<\/center>/ },
      { statuses: GATEWAY, headers: { server: /^nginx\b/ } },
    ],
  },
  {
    name: "Apache httpd",
    source: "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html",
    clues: [
      { statuses: GATEWAY_AND_503, body: /<address>Apache\b[^<]* Server at / },
      // a name that cannot be resolved is a 500 here
      { statuses: [500, 502], body: /The proxy server could not handle the request[\s\S]*Reason: <strong>/ },
      {
        statuses: [503],
        headers: { server: /^Apache\b/ },
        body: /temporarily unable to service your\s+request due to maintenance downtime or capacity\s+problems/,
      },
      { statuses: [504], body: /The gateway did not receive a timely response\s+from the upstream server/ },
      { statuses: GATEWAY, headers: { server: /^Apache\b/ } },
    ],
    // "Error reading from remote server" is silent on whether it closed, reset or took too long
    faults: [
      { statuses: [500, 502], body: /DNS lookup failure for/, kind: "upstream_name_not_found" },
      {
        statuses: [500, 502],
        body: /Error during SSL Handshake with remote server/,
        kind: "upstream_tls_failure",
      },
    ],
  },
  {
    name: "HAProxy",
    // the texts: src/http.c; what each status stands for: the manual's list of statuses it emits itself
    source: "https://docs.haproxy.org/2.6/configuration.html",
    clues: [
      {
        statuses: [502],
        body: /<h1>502 Bad Gateway<\/h1>\s*The server returned an invalid or incomplete response\./,
      },
      {
        statuses: [503],
        body: /<h1>503 Service Unavailable<\/h1>\s*No server is available to handle this request\./,
      },
      { statuses: [504], body: /<h1>504 Gateway Time-out<\/h1>\s*The server didn't respond in time\./ },
    ],
    // a connection that does not come about is a 503 here, so a 504 is a missing answer
    faults: [
      { statuses: [504], body: /The server didn't respond in time\./, kind: "upstream_response_timeout" },
    ],
  },
  {
    name: "Varnish",
    source: "https://varnish-cache.org/docs/trunk/phk/503aroundtheworld.html",
    clues: [{ statuses: ANY_ERROR, body: /Guru Meditation:[\s\S]*Varnish cache server/ }],
  },
  {
    name: "Traefik",
    source: "https://github.com/traefik/traefik/blob/master/pkg/proxy/httputil/proxy.go",
    clues: [
      { statuses: [503], headers: { "content-type": /^text\/plain/ }, body: /^no available server\n?$/ },
      {
        statuses: GATEWAY,
        headers: { "content-type": /^text\/plain; charset=utf-8$/ },
        absent: ["server", "x-powered-by", "etag", "via"],
        body: /^(Bad Gateway|Gateway Timeout)$/,
      },
    ],
    faults: [{ statuses: [503], body: /^no available server/, kind: "no_live_upstream" }],
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
    faults: [{ statuses: [503], body: /^$/, kind: "no_live_upstream" }],
  },
];
