import { ANY_502, ANY_ERROR, GATEWAY, GATEWAY_AND_503, signedBy, type Fault, type Gateway } from "./clue.ts";

// nginx has one page for every 502. What comes late had been connected: a refusal takes a round trip
const NGINX_FAULTS: readonly Fault[] = [
  {
    statuses: [504],
    kind: "upstream_response_timeout",
    kinds: ["upstream_response_timeout", "upstream_connect_timeout"],
  },
  { statuses: [502], waited: { atLeast: 1_000 }, kinds: ["upstream_closed_early", "upstream_reset"] },
  { statuses: [502], kinds: ANY_502 },
];

// a server with pages of its own has passed an empty answer on, e.g. Caddy's
const EMPTY = { "content-length": /^0$/ };

/** Web servers that are gateways as well. */
export const SERVER_GATEWAYS: readonly Gateway[] = [
  {
    name: "OpenResty",
    source: "https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens",
    clues: [
      { statuses: ANY_ERROR, body: signedBy("openresty(/[\\w.]+)?") },
      { statuses: GATEWAY, headers: { server: /^openresty\b/i }, unless: EMPTY },
    ],
    faults: NGINX_FAULTS,
  },
  {
    name: "Tengine",
    source: "https://github.com/alibaba/tengine/blob/master/src/http/ngx_http_special_response.c",
    clues: [
      {
        statuses: ANY_ERROR,
        body: /Powered by Tengine|<hr><center>Tengine(\/[\d.]+)?<\/center>|Sorry for the inconvenience\.<br\/>\s*Please report this message and include the following information to us\./i,
      },
      { statuses: GATEWAY, headers: { server: /^Tengine\b/i }, unless: EMPTY },
    ],
    faults: NGINX_FAULTS,
  },
  {
    name: "nginx",
    source: "https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens",
    clues: [
      { statuses: ANY_ERROR, body: signedBy("nginx(/[\\d.]+)?( \\([^<)]*\\))?") },
      // some distributions' page of their own (Fedora, RHEL)
      {
        statuses: GATEWAY_AND_503,
        body: /nginx error!|The page you are looking for is temporarily unavailable/,
      },
      { statuses: GATEWAY, headers: { server: /^nginx\b/ }, unless: EMPTY },
    ],
    faults: NGINX_FAULTS,
  },
  {
    name: "Apache httpd",
    source: "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html",
    clues: [
      // it signs what it wrote itself; the line alone where the markup is gone
      {
        statuses: ANY_ERROR,
        body: /<address>Apache\b[^<]* Server at |^Apache\b[^<\n]* Server at \S+ Port \d+$/m,
      },
      // a name that cannot be resolved is a 500 here
      {
        statuses: [500, 502],
        body: /The proxy server could not handle the request[\s\S]*Reason: (<strong>)?[A-Z]/,
      },
      {
        statuses: [502],
        body: /<p>The proxy server received an invalid\s+response from an upstream server\.<br \/>/,
      },
      {
        statuses: [503],
        body: /<title>503 Service (Temporarily )?Unavailable<\/title>[\s\S]*temporarily unable to service your\s+request due to maintenance downtime or capacity\s+problems/,
      },
      {
        statuses: [504],
        // its heading has no number; others have taken the sentence over
        body: /<h1>Gateway Time-?out<\/h1>\s*<p>The gateway did not receive a timely response\s+from the upstream server/,
      },
      { statuses: GATEWAY, headers: { server: /^Apache\b/ }, unless: EMPTY },
    ],
    faults: [
      { statuses: [500, 502], body: /DNS lookup failure for/, kind: "upstream_name_not_found" },
      {
        statuses: [500, 502],
        body: /Error during SSL Handshake with remote server/,
        kind: "upstream_tls_failure",
      },
      {
        statuses: [502],
        body: /Corrupt status line|Malformed|Unknown Transfer-Encoding|Bad Header/i,
        kind: "upstream_invalid_response",
      },
      // one sentence for closed, reset and too slow; only the last comes on a full second
      {
        statuses: [502],
        body: /Error reading from remote server/,
        waited: { onFullSecond: true },
        kind: "upstream_response_timeout",
      },
      {
        statuses: [502],
        body: /Error reading from remote server/,
        kinds: ["upstream_closed_early", "upstream_reset"],
      },
      // without a reason it has given up on the answer's header
      {
        statuses: [502],
        body: /received an invalid\s+response from an upstream server\.<br \/>\s*<\/p>/,
        kind: "upstream_header_too_big",
        kinds: ["upstream_header_too_big", "upstream_invalid_response"],
      },
      { statuses: [504], kind: "upstream_response_timeout" },
      // it does not get a connection: refused at once (and then left alone for a minute), or no answer to it
      {
        statuses: [503],
        waited: { under: 250 },
        kind: "upstream_refused",
        kinds: ["upstream_refused", "no_live_upstream"],
      },
      { statuses: [503], waited: { atLeast: 250 }, kind: "upstream_connect_timeout" },
    ],
  },
  {
    name: "lighttpd",
    // the page, the only one with this prologue before such a title, and what each status stands for:
    // tried with 1.4.69 of Debian 12; the titles: http_status.c
    source: "https://github.com/lighttpd/lighttpd1.4/blob/master/src/http_status.c",
    clues: [
      {
        statuses: ANY_ERROR,
        body: /xhtml1-transitional\.dtd">\s*<html xmlns="http:\/\/www\.w3\.org\/1999\/xhtml" xml:lang="en" lang="en">\n <head>\n {2}<title>5\d\d\b[^<]*<\/title>\n <\/head>\n <body>\n {2}<h1>5\d\d\b/,
      },
      { statuses: GATEWAY_AND_503, headers: { server: /^lighttpd\b/ }, body: /<h1>5\d\d[^<]*<\/h1>/ },
      { statuses: GATEWAY, headers: { server: /^lighttpd\b/ } },
    ],
    faults: [
      {
        statuses: [504],
        kind: "upstream_response_timeout",
        kinds: ["upstream_response_timeout", "upstream_connect_timeout"],
      },
      // gw_backend.c: "all handlers are down", also right after the only one refused
      { statuses: [503], kind: "no_live_upstream", kinds: ["no_live_upstream", "upstream_refused"] },
      { statuses: [502], kinds: ["upstream_invalid_response", "upstream_header_too_big"] },
      // before anything of a header has come; it says so as well when it fails itself
      { statuses: [500], kinds: ["upstream_closed_early", "upstream_reset"] },
    ],
  },
  {
    name: "IIS ARR",
    source:
      "https://learn.microsoft.com/en-us/iis/extensions/troubleshooting-application-request-routing/troubleshooting-502-errors-in-arr",
    clues: [
      // also the page of Azure's Application Gateway v1, which is built on it
      {
        statuses: [502],
        body: /502 - Web server received an invalid response while acting as a gateway or proxy server/,
      },
      { statuses: [502], body: /HTTP Error 502\.[345] - Bad Gateway/ },
      { statuses: [502], headers: { server: /^Microsoft-IIS\//, "x-powered-by": /\bARR\// } },
      { statuses: GATEWAY, headers: { "x-powered-by": /^ARR\/\d/ } },
    ],
    faults: [
      // WinHTTP's codes, which the detailed page shows: https://learn.microsoft.com/windows/win32/winhttp/error-messages
      { statuses: [502], body: /0x80072efd/i, kinds: ["upstream_refused", "upstream_connect_timeout"] },
      // by ARR's documentation also the time to resolve, connect or send
      {
        statuses: [502],
        body: /0x80072ee2|The operation timed out/i,
        kind: "upstream_response_timeout",
        kinds: ["upstream_response_timeout", "upstream_connect_timeout"],
      },
      { statuses: [502], body: /0x80072ee7/i, kind: "upstream_name_not_found" },
      { statuses: [502], body: /0x80072f(7d|8f|0d|05|06)/i, kind: "upstream_tls_failure" },
      { statuses: [502], body: /0x80072efe/i, kinds: ["upstream_closed_early", "upstream_reset"] },
      // ARR's documentation made it by closing in the middle of an answer
      {
        statuses: [502],
        body: /0x80072f78/i,
        kind: "upstream_invalid_response",
        kinds: ["upstream_invalid_response", "upstream_closed_early"],
      },
      { statuses: [502], body: /HTTP Error 502\.4/, kind: "no_live_upstream" },
      { statuses: [502], kinds: ANY_502 },
    ],
  },
];
