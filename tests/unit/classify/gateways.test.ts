import { describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import { GATEWAYS } from "#lib/classify/gateways.ts";
import type { FaultKind } from "#lib/model/verdict.ts";

import { answered } from "./observations.ts";

type Case = readonly [
  title: string,
  gateway: string | null,
  kind: FaultKind | null,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
];

const nginxPage = (title: string, by: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${by}</center>\r\n</body>\r\n</html>\r\n`;
const haproxyPage = (title: string, text: string): string =>
  `<html><body><h1>${title}</h1>\n${text}\n</body></html>\n`;
const apachePage = (title: string, text: string): string =>
  `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html><head>\n<title>${title}</title>\n</head><body>\n${text}\n</body></html>\n`;
const envoy = (reason: string): string =>
  `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`;
const varnishPage = (title: string, guru: string): string =>
  `<!DOCTYPE html>\n<html>\n  <head>\n    <title>${title}</title>\n  </head>\n  <body>\n    <h1>Error ${title}</h1>\n    <p>${title.slice(4)}</p>\n    <h3>Guru ${guru}:</h3>\n    <p>XID: 3</p>\n    <hr>\n    <p>Varnish cache server</p>\n  </body>\n</html>\n`;
const html = { "content-type": "text/html" };
const plain = { "content-type": "text/plain; charset=utf-8" };

// nginx 1.22, HAProxy 2.6, Apache 2.4, Caddy 2.6 and Varnish 7.1: captured from the programs;
// the others after their documentation
const CASES: readonly Case[] = [
  [
    "nginx with its version",
    "nginx",
    null,
    502,
    { server: "nginx/1.22.1", ...html },
    nginxPage("502 Bad Gateway", "nginx/1.22.1"),
  ],
  [
    "nginx without its version",
    "nginx",
    null,
    504,
    { server: "nginx", ...html },
    nginxPage("504 Gateway Time-out", "nginx"),
  ],
  ["nginx, HEAD", "nginx", null, 502, { server: "nginx/1.22.1", ...html }, ""],
  [
    "nginx with a page of one's own",
    "nginx",
    null,
    502,
    { server: "nginx", ...html },
    "<h1>We will be back</h1>",
  ],
  [
    "nginx passing an application's JSON on",
    null,
    null,
    502,
    { server: "nginx" },
    '{"error":"billing is down"}',
  ],
  [
    "nginx passing an application's 503 on",
    null,
    null,
    503,
    { server: "nginx", ...html },
    "<h1>Maintenance</h1>",
  ],
  [
    "nginx behind Cloudflare",
    "nginx",
    null,
    503,
    { server: "cloudflare", "cf-ray": "8-FRA" },
    nginxPage("503 Service Temporarily Unavailable", "nginx"),
  ],
  [
    "OpenResty",
    "OpenResty",
    null,
    502,
    { server: "openresty/1.21.4.1" },
    nginxPage("502 Bad Gateway", "openresty/1.21.4.1"),
  ],
  [
    "HAProxy, closed early or garbage",
    "HAProxy",
    null,
    502,
    html,
    haproxyPage("502 Bad Gateway", "The server returned an invalid or incomplete response."),
  ],
  [
    "HAProxy, refused",
    "HAProxy",
    null,
    503,
    html,
    haproxyPage("503 Service Unavailable", "No server is available to handle this request."),
  ],
  [
    "HAProxy, hang",
    "HAProxy",
    "upstream_response_timeout",
    504,
    html,
    haproxyPage("504 Gateway Time-out", "The server didn't respond in time."),
  ],
  [
    "Apache, refused",
    "Apache httpd",
    null,
    503,
    { server: "Apache/2.4.71 (Debian)" },
    apachePage(
      "503 Service Unavailable",
      "<h1>Service Unavailable</h1>\n<p>The server is temporarily unable to service your\nrequest due to maintenance downtime or capacity\nproblems. Please try again later.</p>",
    ),
  ],
  [
    "Apache, closed early",
    "Apache httpd",
    null,
    502,
    { server: "Apache/2.4.71 (Debian)" },
    apachePage(
      "502 Proxy Error",
      "<h1>Proxy Error</h1>\n<p>The proxy server received an invalid\nresponse from an upstream server.<br />\nThe proxy server could not handle the request<p>Reason: <strong>Error reading from remote server</strong></p></p>",
    ),
  ],
  [
    "Apache, name not found",
    "Apache httpd",
    "upstream_name_not_found",
    500,
    { server: "Apache/2.4.71 (Debian)" },
    apachePage(
      "500 Proxy Error",
      "<h1>Proxy Error</h1>\nThe proxy server could not handle the request<p>Reason: <strong>DNS lookup failure for: no-such.invalid</strong></p><p />",
    ),
  ],
  ["Caddy, refused", "Caddy", null, 502, { server: "Caddy", "content-length": "0" }, ""],
  ["Caddy, no upstream", "Caddy", "no_live_upstream", 503, { server: "Caddy", "content-length": "0" }, ""],
  ["Caddy passing a page on", null, null, 502, { server: "Caddy", ...html }, "<h1>oops</h1>"],
  [
    "Varnish",
    "Varnish",
    null,
    503,
    { server: "Varnish", via: "1.1 varnish (Varnish/7.1)", "x-varnish": "2" },
    varnishPage("503 Backend fetch failed", "Meditation"),
  ],
  [
    "Fastly, first byte",
    "Fastly",
    "upstream_response_timeout",
    503,
    { server: "Varnish", "x-served-by": "cache-fra-etou8220100-FRA" },
    varnishPage("503 first byte timeout", "Mediation"),
  ],
  [
    "Fastly, no backends",
    "Fastly",
    "no_live_upstream",
    503,
    { "x-served-by": "cache-fra-etou8220100-FRA" },
    varnishPage("503 No healthy backends", "Mediation"),
  ],
  [
    "Envoy, refused",
    "Envoy",
    "upstream_refused",
    503,
    { server: "envoy", ...plain },
    envoy("remote connection failure, transport failure reason: delayed connect error: 111"),
  ],
  [
    "Istio, connection timeout",
    "Envoy",
    "upstream_connect_timeout",
    503,
    { server: "istio-envoy" },
    envoy("connection timeout"),
  ],
  [
    "Envoy, closed",
    "Envoy",
    "upstream_closed_early",
    503,
    { server: "envoy" },
    envoy("connection termination"),
  ],
  ["Envoy, reset", "Envoy", "upstream_reset", 503, { server: "envoy" }, envoy("remote reset")],
  [
    "Envoy, not HTTP",
    "Envoy",
    "upstream_invalid_response",
    502,
    { server: "envoy" },
    envoy("protocol error"),
  ],
  [
    "Envoy, TLS",
    "Envoy",
    "upstream_tls_failure",
    503,
    { server: "envoy" },
    envoy(
      "connection failure, transport failure reason: TLS error: 268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED",
    ),
  ],
  ["Envoy, pool empty", "Envoy", "no_live_upstream", 503, { server: "envoy" }, "no healthy upstream"],
  [
    "Envoy, time-out",
    "Envoy",
    "upstream_response_timeout",
    504,
    { server: "envoy" },
    "upstream request timeout",
  ],
  [
    "Envoy passing an answer on",
    null,
    null,
    502,
    { server: "envoy", "x-envoy-upstream-service-time": "3" },
    "oops",
  ],
  ["Traefik, refused", "Traefik", null, 502, plain, "Bad Gateway"],
  ["Traefik, pool empty", "Traefik", "no_live_upstream", 503, plain, "no available server\n"],
  [
    "an Express application saying the same",
    null,
    null,
    502,
    { ...plain, "x-powered-by": "Express", etag: 'W/"b"' },
    "Bad Gateway",
  ],
  [
    "Cloudflare 521",
    "Cloudflare",
    "upstream_refused",
    521,
    { server: "cloudflare", "cf-ray": "8-FRA" },
    "error code: 521",
  ],
  ["Cloudflare 524", "Cloudflare", "upstream_response_timeout", 524, { server: "cloudflare" }, ""],
  ["Cloudflare 526", "Cloudflare", "upstream_tls_failure", 526, { server: "cloudflare" }, ""],
  [
    "Cloudflare 530/1016",
    "Cloudflare",
    "upstream_name_not_found",
    530,
    { server: "cloudflare" },
    "error code: 1016",
  ],
  [
    "Cloudflare 502",
    "Cloudflare",
    null,
    502,
    { server: "cloudflare", "cf-ray": "8-FRA", ...html },
    '<div id="cf-wrapper"><div id="cf-error-details">',
  ],
  ["Cloudflare passing JSON on", null, null, 502, { server: "cloudflare", "cf-ray": "8-FRA" }, '{"error":1}'],
  [
    "CloudFront",
    "Amazon CloudFront",
    "upstream_name_not_found",
    502,
    { server: "CloudFront", "x-cache": "Error from cloudfront" },
    "<H1>502 ERROR</H1>\nCloudFront wasn't able to resolve the origin domain name.\nGenerated by cloudfront (CloudFront)",
  ],
  [
    "AWS ALB 502",
    "AWS Application Load Balancer",
    null,
    502,
    { server: "awselb/2.0" },
    "<center><h1>502 Bad Gateway</h1></center>",
  ],
  [
    "AWS ALB without targets",
    "AWS Application Load Balancer",
    "no_live_upstream",
    503,
    { server: "awselb/2.0" },
    "",
  ],
  [
    "API Gateway",
    "Amazon API Gateway",
    "upstream_response_timeout",
    504,
    { "x-amzn-errortype": "EndpointRequestTimedOutException" },
    '{"message":"Endpoint request timed out"}',
  ],
  [
    "Google",
    "Google Cloud Load Balancing",
    null,
    502,
    { via: "1.1 google" },
    "<h1>Error: Server Error</h1>\n<h2>The server encountered a temporary error and could not complete your request.</h2>",
  ],
  [
    "Google, regional",
    "Google Cloud Load Balancing",
    "no_live_upstream",
    503,
    { via: "1.1 google" },
    "no healthy upstream",
  ],
  [
    "Azure Application Gateway",
    "Azure Application Gateway",
    null,
    502,
    { server: "Microsoft-Azure-Application-Gateway/v2" },
    nginxPage("502 Bad Gateway", "Microsoft-Azure-Application-Gateway/v2"),
  ],
  [
    "Azure Front Door",
    "Azure Front Door",
    null,
    503,
    { "x-azure-ref": "20260101T000000Z-abc" },
    "<h2>Our services aren't available right now</h2>",
  ],
  [
    "Akamai",
    "Akamai",
    null,
    503,
    { server: "AkamaiGHost" },
    "An error occurred while processing your request.<p>\nReference&#32;&#35;30&#46;3598c0ba&#46;1521745157&#46;87201fff",
  ],
  [
    "Heroku",
    "Heroku router",
    null,
    503,
    { server: "Heroku" },
    '<iframe src="//www.herokucdn.com/error-pages/application-error.html"></iframe>',
  ],
  [
    "Vercel",
    "Vercel",
    "upstream_response_timeout",
    504,
    { server: "Vercel", "x-vercel-error": "FUNCTION_INVOCATION_TIMEOUT" },
    "An error occurred with your deployment",
  ],
  ["Netlify", "Netlify", null, 502, { server: "Netlify", "x-nf-request-id": "01H" }, "error"],
  ["Fly", "Fly Proxy", null, 502, { server: "Fly/a1b2c3d (2026-01-01)", "fly-request-id": "01H-fra" }, ""],
  [
    "the sample proxy",
    "Gatewatch sample proxy",
    null,
    502,
    { server: "gatewatch-sample-proxy" },
    nginxPage("502 Bad Gateway", "gatewatch-sample-proxy"),
  ],
  [
    "the sample proxy, hang",
    "Gatewatch sample proxy",
    "upstream_response_timeout",
    504,
    {},
    nginxPage("504 Gateway Timeout", "gatewatch-sample-proxy"),
  ],
  ["the sample proxy passing a 502 on", null, null, 502, { server: "gatewatch-sample-proxy" }, "oops"],
  [
    "an application's own 500",
    null,
    null,
    500,
    { server: "nginx", ...html },
    "<h1>Internal Server Error</h1>",
  ],
  ["nobody in particular", null, null, 502, html, "<h1>Bad gateway</h1>"],
];

const verdictOf = ([, , , status, headers, body]: Case): ReturnType<typeof classify> =>
  classify(answered(status, headers, body), { slowMs: null, expectStatus: ["200-299"] });

describe("gateways", () => {
  test.each(CASES)("%s: %s", (...entry) => {
    const [, gateway, kind] = entry;
    const verdict = verdictOf(entry);
    expect({ gateway: verdict.gateway, kind: verdict.kind }).toEqual({ gateway, kind });
    expect(verdict.gatewayEvidence.length > 0).toBe(gateway !== null);
  });

  test("every gateway of the table has a case", () => {
    const seen = new Set(CASES.map(([, gateway]) => gateway));
    expect(GATEWAYS.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });

  test("names are told apart and sources are addresses or our own pages", () => {
    expect(new Set(GATEWAYS.map(({ name }) => name)).size).toBe(GATEWAYS.length);
    for (const { source } of GATEWAYS) expect(source).toMatch(/^(https:\/\/|docs\/)/);
  });

  test("evidence is what a person would point at", () => {
    const verdict = classify(
      answered(502, { server: "cloudflare" }, nginxPage("502 Bad Gateway", "nginx/1.22.1")),
      { slowMs: null, expectStatus: ["200-299"] },
    );
    expect(verdict.gateway).toBe("nginx");
    expect(verdict.gatewayEvidence).toEqual([
      "body: <hr><center>nginx/1.22.1</center>",
      "server: cloudflare",
    ]);
  });

  test("an answer that was asked for names nobody", () => {
    const verdict = classify(answered(502, { server: "nginx" }, nginxPage("502 Bad Gateway", "nginx")), {
      slowMs: null,
      expectStatus: [502],
    });
    expect([verdict.outcome, verdict.gateway]).toEqual(["up", null]);
  });
});
