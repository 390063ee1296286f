import { centred, codeSearch, type Capture } from "./capture.ts";

const issue = (thread: string): string => `https://github.com/${thread}`;
const white = '<body bgcolor="white">';
const haproxy = (title: string, text: string): string =>
  `<html><body><h1>${title}</h1>\n${text}\n</body></html>`;
const padding = "<!-- a padding to disable MSIE and Chrome friendly error page -->\n";
const plain = { "content-type": "text/plain" };

/**
 * The fifth set: gathered by somebody who had seen neither the table nor its rules, and of the earlier
 * sets only how they are written.
 * Answers of threads that an earlier set or a training case has as well were taken out after the first run.
 * What a source does not quote is left out; header names are written in small letters, and where the
 * length that is quoted tells how lines end, they end so. This file and
 * fifth-proxies.ts: what one runs oneself. Clouds and hosts: fifth-clouds.ts; nobody's: fifth-others.ts.
 */
export const FIFTH_CAPTURES: readonly Capture[] = [
  {
    source: issue("badges/pypipins/issues/9"),
    status: 502,
    headers: {
      server: "nginx/0.7.67",
      date: "Wed, 29 Jan 2014 14:21:35 GMT",
      "content-type": "text/html",
      "content-length": "173",
      connection: "keep-alive",
    },
    body: "",
    gateway: "nginx",
    kind: "open",
  },
  {
    source: issue("robvanbakel/gotiny-api/issues/2"),
    status: 504,
    body: centred("504 Gateway Time-out", "nginx/1.14.2", white),
    gateway: "nginx",
    kind: "open",
  },
  {
    source: issue("rvagg/nodei.co/issues/60"),
    status: 504,
    headers: {
      server: "nginx/1.18.0 (Ubuntu)",
      date: "Wed, 05 Nov 2025 14:30:45 GMT",
      "content-type": "text/html",
      "content-length": "176",
    },
    body: centred("504 Gateway Time-out", "nginx/1.18.0 (Ubuntu)", "<body>", "\r\n"),
    gateway: "nginx",
    kind: "open",
  },
  {
    source: issue("QutEcoacoustics/baw-server/issues/766"),
    status: 502,
    body: centred("502 Bad Gateway", "nginx"),
    tookMs: 22,
    gateway: "nginx",
    kind: "open",
  },
  {
    source: issue("foojayio/discoapi/issues/85"),
    status: 503,
    body: centred("503 Service Temporarily Unavailable", "nginx"),
    gateway: "nginx",
  },
  {
    source: issue("obpo-project/obpo-plugin/issues/8"),
    status: 502,
    body: centred("502 Bad Gateway", "openresty/1.19.9.1"),
    gateway: "OpenResty",
    kind: "open",
  },
  {
    source: issue("delimitrou/DeathStarBench/issues/75"),
    status: 500,
    body: centred("500 Internal Server Error", "openresty/1.15.8.1rc1"),
    gateway: "OpenResty",
    kind: "open",
  },
  {
    source: issue("bungle/iresty/issues/1"),
    status: 500,
    body: centred("500 Internal Server Error", "openresty/1.9.7.4", white) + padding.repeat(6),
    gateway: "OpenResty",
    kind: "open",
  },
  {
    source: issue("Webhose/webzio-python/issues/4"),
    status: 502,
    body: '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>502 Proxy Error</title>\n</head><body>\n<h1>Proxy Error</h1>\n<p>The proxy server received an invalid\nresponse from an upstream server.<br />\nThe proxy server could not handle the request <em><a href="/filterWebContent">GET&nbsp;/filterWebCont\nent</a></em>.<p>\nReason: <strong>Error reading from remote server</strong></p></p>\n<hr>\n<address>Apache Server at webhose.io Port 80</address>\n</body></html>\n',
    gateway: "Apache httpd",
    kind: "open",
  },
  {
    source: issue("ProjectSidewalk/SidewalkWebpage/issues/3239"),
    fromScreen: true,
    status: 502,
    headers: {
      server: "Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips PHP/5.4.16",
      "content-type": "text/html; charset=iso-8859-1",
    },
    body: "Proxy Error\nThe proxy server received an invalid response from an upstream server.\nThe proxy server could not handle the request",
    gateway: "Apache httpd",
    kind: "open",
  },
  {
    source: issue("Novik/ruTorrent/issues/61"),
    status: 500,
    body: '<!DOCTYPE HTML PUBLIC "-//\nIETF//DTD HTML 2.0//EN"> <html><head> <title>500 Internal Server Error</\ntitle> </head><body> <h1>Internal Server Error</h1> <p>The server \nencountered an internal error or misconfiguration and was unable to complete \nyour request.</p> <p>Please contact the server administrator, [no address \ngiven] and inform them of the time the error occurred, and anything you might \nhave done that may have caused the error.</p> <p>More information about \nthis error may be available in the server error log.</p> <hr> \n<address>Apache/2.2.8 (Ubuntu) PHP/5.2.4-2ubuntu5.7 with Suhosin-Patch \nmod_scgi/1.12 Server at rapget Port 80</address> </body></html>',
    gateway: "Apache httpd",
    kind: "open",
  },
  {
    source: issue("EdwardBetts/osm-wikidata/issues/671"),
    fromScreen: true,
    status: 503,
    body: "503 Service Unavailable\n\nService Unavailable\nThe server is temporarily unable to service your request due to maintenance downtime or capacity problems. Please try again later.\n\nApache/2.4.59 (Debian) Server at osm.wikidata.link Port 443",
    gateway: "Apache httpd",
    kind: "open",
  },
  {
    source: issue("balena-io/open-balena/issues/132"),
    status: 503,
    headers: { "cache-control": "no-cache", connection: "close", "content-type": "text/html" },
    body: haproxy("503 Service Unavailable", "No server is available to handle this request."),
    gateway: "HAProxy",
    kind: "open",
  },
  {
    source: issue("openshift/federation-dev/issues/84"),
    status: 503,
    body: haproxy("503 Service Unavailable", "No server is available to handle this request."),
    gateway: "HAProxy",
    kind: "open",
  },
  {
    source: issue("bcgov/healthgateway/issues/2782"),
    status: 504,
    body: haproxy("504 Gateway Time-out", "The server didn't respond in time."),
    gateway: "HAProxy",
    kind: "upstream_response_timeout",
  },
  {
    // passed on by Cloudflare
    source: issue("hyperobject/crossorigin.me/issues/84"),
    status: 503,
    headers: {
      date: "Mon, 27 Feb 2017 02:52:52 GMT",
      "content-type": "text/html",
      "set-cookie":
        "__cfduid=dea13a35cc9da2b3d4bf45354c35728541488163968; expires=Tue, 27-Feb-18 02:52:48 GMT; path=/; domain=.crossorigin.me; HttpOnly",
      "cache-control": "no-cache",
      server: "cloudflare-nginx",
      "cf-ray": "337857c52a2510e7-ORD",
    },
    body: '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n<script type="text/javascript">\n//<![CDATA[\ntry{if (!window.CloudFlare) {var CloudFlare=[{verbose:0,p:0,byc:0,owlid:"cf",bag2:1,mirage2:0,oracle:0,paths:{cloudflare:"/cdn-cgi/nexp/dok3v=1613a3a185/"}',
    gateway: "HAProxy",
    kind: "open",
  },
  {
    source: issue("magento/devdocs/issues/1042"),
    fromScreen: true,
    status: 503,
    body: "Error 503 Backend fetch failed\n\nBackend fetch failed\n\nGuru Meditation:\n\nXID: 32771\n\nVarnish cache server",
    gateway: "Varnish",
    kind: "open",
  },
  {
    source: codeSearch('"API-down ownership boundary" "Server: Caddy"'),
    status: 502,
    headers: { server: "Caddy", "content-length": "0" },
    body: "",
    gateway: "Caddy",
    kind: "open",
  },
  {
    source: codeSearch('"Calling Kuard through Proxy" "server: Caddy"'),
    status: 502,
    headers: { server: "Caddy", "content-length": "0", date: "Sun, 07 Mar 2021 16:45:15 GMT" },
    body: "",
    gateway: "Caddy",
    kind: "open",
  },
  {
    source: codeSearch('"CN=claw.events" "Server: Caddy" "502 Bad Gateway"'),
    status: 502,
    headers: { server: "Caddy", date: "Mon, 13 Apr 2026 18:43:03 GMT" },
    body: "",
    tookMs: 588,
    gateway: "Caddy",
    kind: "open",
  },
  {
    source: codeSearch('"whoami-k8sprov.docker.localhost" "no available server"'),
    status: 503,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
      date: "Fri, 22 Nov 2024 10:24:24 GMT",
      "content-length": "20",
    },
    body: "no available server\n",
    gateway: "Traefik",
    kind: "no_live_upstream",
  },
  {
    source: issue("envoyproxy/envoy/issues/37268"),
    status: 503,
    headers: {
      "content-length": "211",
      ...plain,
      date: "Wed, 20 Nov 2024 19:17:54 GMT",
      server: "envoy",
    },
    body: "",
    gateway: "Envoy",
    kind: "open",
  },
  {
    source: issue("emissary-ingress/emissary/issues/1035"),
    status: 504,
    headers: { "content-length": "24", ...plain, date: "Wed, 12 Dec 2018 19:01:26 GMT", server: "envoy" },
    body: "",
    gateway: "Envoy",
  },
  {
    source: codeSearch('"edsservice/myservice" "no healthy upstream"'),
    status: 503,
    headers: { "content-length": "19", ...plain, date: "Fri, 07 Jun 2019 03:28:08 GMT", server: "envoy" },
    body: "no healthy upstream",
    gateway: "Envoy",
    kind: "no_live_upstream",
  },
  {
    // the same in Istio 0.1.6
    source: issue("istio/old_issues_repo/issues/39"),
    status: 503,
    headers: { "content-length": "57", ...plain, date: "Sat, 01 Jul 2017 13:17:37 GMT", server: "envoy" },
    body: "upstream connect error or disconnect/reset before headers",
    gateway: "Envoy",
    kind: "open",
  },
  {
    // quoted with line breaks that the length it gives rules out
    source: codeSearch('"18899" "delayed connect" "content-length: 190"'),
    status: 503,
    headers: { "content-length": "190", ...plain },
    body: "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, transport failure reason: delayed connect error: Connection refused",
    gateway: "Envoy",
    kind: "upstream_refused",
  },
];
