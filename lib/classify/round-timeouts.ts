import type { Observation } from "#lib/model/observation.ts";
import type { FaultKind } from "#lib/model/verdict.ts";

import { isTimer, waitedFor } from "./waited.ts";

/** A time limit that a gateway has unless somebody changes it. */
export interface RoundTimeout {
  readonly seconds: number;
  /** Gateways by their names in the table. */
  readonly of: readonly string[];
  readonly source: string;
}

/** Limits that proxies come with, shortest first. Under 5 s a wait is too often round by accident. */
export const ROUND_TIMEOUTS: readonly RoundTimeout[] = [
  {
    seconds: 5,
    of: ["HAProxy"], // to connect, in Debian's haproxy.cfg
    source: "https://docs.haproxy.org/2.6/configuration.html#4-timeout%20connect",
  },
  {
    seconds: 10,
    of: ["Vercel", "Amazon CloudFront"], // a function on the free plan; to connect once
    source:
      "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html",
  },
  {
    seconds: 15,
    of: ["Envoy", "Istio", "Fastly"],
    source: "https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts",
  },
  {
    seconds: 19,
    of: ["Cloudflare"], // to connect: 522
    source: "https://developers.cloudflare.com/fundamentals/reference/connection-limits",
  },
  {
    seconds: 20,
    of: ["HAProxy", "Azure Application Gateway"], // HAProxy: four tries of 5 s
    source: "https://learn.microsoft.com/en-us/azure/application-gateway/configuration-http-settings",
  },
  {
    seconds: 26,
    of: ["Netlify"],
    source: "https://docs.netlify.com/routing/redirects/rewrites-proxies/",
  },
  {
    seconds: 29,
    of: ["Amazon API Gateway"], // REST
    source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
  },
  {
    seconds: 30,
    of: [
      "Heroku router",
      "Google Cloud Load Balancing",
      "Amazon CloudFront",
      "Amazon API Gateway",
      "Apache Traffic Server",
    ],
    source: "https://devcenter.heroku.com/articles/request-timeout",
  },
  {
    seconds: 50,
    of: ["HAProxy"], // Debian's haproxy.cfg
    source: "https://docs.haproxy.org/2.6/configuration.html#4-timeout%20server",
  },
  {
    seconds: 60,
    of: [
      "nginx",
      "OpenResty",
      "Kong",
      "Apache httpd",
      "Varnish",
      "AWS Application Load Balancer",
      "Azure Front Door",
      "Vercel",
      "lighttpd",
      "Squid",
    ],
    source: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
  },
  {
    seconds: 90,
    of: ["Cloudflare", "Traefik"], // 522 when the origin stops to acknowledge
    source: "https://developers.cloudflare.com/fundamentals/reference/connection-limits",
  },
  {
    seconds: 100,
    of: ["Cloudflare"], // 524, until 2025
    source:
      "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/",
  },
  {
    seconds: 120,
    of: ["Cloudflare", "IIS ARR", "Akamai"],
    source: "https://developers.cloudflare.com/fundamentals/reference/connection-limits",
  },
  {
    seconds: 300,
    of: ["Vercel", "Google Cloud Load Balancing"], // functions; Cloud Run
    source: "https://vercel.com/docs/functions/limitations",
  },
  {
    seconds: 900,
    of: ["Squid"], // read_timeout
    source: "http://www.squid-cache.org/Doc/config/read_timeout/",
  },
];

const TIMEOUT_STATUSES = new Set([504, 522, 524]);
const TIMEOUT_KINDS: ReadonlySet<FaultKind | null> = new Set<FaultKind | null>([
  "upstream_connect_timeout",
  "upstream_response_timeout",
]);

/**
 * The usual time limit that an observation ended on, null when it did not. Only what can be a limit
 * of somebody else's is looked at: an answer that tells of a time-out, or a connection that was cut
 * while an answer was waited for; never our own.
 */
export function roundTimeout(observation: Observation, kind: FaultKind | null): RoundTimeout | null {
  const status = observation.http?.status;
  const told = status === undefined ? observation.error !== null : TIMEOUT_STATUSES.has(status);
  if (!told && !TIMEOUT_KINDS.has(kind)) return null;
  const waited = waitedFor(observation);
  if (waited === null) return null;
  return ROUND_TIMEOUTS.find(({ seconds }) => isTimer(waited, seconds)) ?? null;
}
