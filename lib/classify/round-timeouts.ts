import type { Observation } from "#lib/model/observation.ts";
import type { FaultKind } from "#lib/model/verdict.ts";

import { isTimer, waitedFor } from "./waited.ts";

/** A time limit that gateways have unless somebody changes it. */
export interface RoundTimeout {
  readonly seconds: number;
  /** Gateways by their names in the table, each with what says so: an address, or a program and its file. */
  readonly of: Readonly<Record<string, string>>;
}

const DEBIAN_HAPROXY = "Debian 12, haproxy 2.6: /etc/haproxy/haproxy.cfg";
const CLOUDFLARE_LIMITS = "https://developers.cloudflare.com/fundamentals/reference/connection-limits";
const NGINX_READ = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout";
const CLOUDFRONT_ORIGIN =
  "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html";

/**
 * Limits that proxies come with, shortest first. Under 5 s a wait is too often round by accident. Not
 * among them, although they wait: lighttpd, Traefik and Istio (no limit unless one is set), Traffic Server
 * (it asks four times, so that its 30 s are never seen).
 */
export const ROUND_TIMEOUTS: readonly RoundTimeout[] = [
  {
    seconds: 5, // all of them to connect
    of: {
      HAProxy: DEBIAN_HAPROXY,
      Akamai: "https://techdocs.akamai.com/property-mgr/docs/connect-timeout",
    },
  },
  {
    seconds: 10, // both to connect once
    of: {
      "Amazon CloudFront": CLOUDFRONT_ORIGIN,
      "AWS Application Load Balancer":
        "https://github.com/awsdocs/elb-application-load-balancers-user-guide/blob/master/doc_source/load-balancer-troubleshooting.md",
    },
  },
  {
    seconds: 15,
    of: {
      Envoy: "https://github.com/envoyproxy/envoy/blob/main/docs/root/faq/configuration/timeouts.rst",
      Fastly:
        "https://www.fastly.com/documentation/reference/vcl/variables/backend-connection/bereq-first-byte-timeout",
    },
  },
  { seconds: 19, of: { Cloudflare: CLOUDFLARE_LIMITS } }, // to connect: 522
  {
    seconds: 20,
    of: {
      HAProxy: DEBIAN_HAPROXY, // four tries of 5 s to connect
      "Azure Application Gateway":
        "https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/application-gateway/application-gateway-troubleshooting-502.md",
    },
  },
  { seconds: 26, of: { Netlify: "https://docs.netlify.com/routing/redirects/rewrites-proxies/" } },
  {
    seconds: 29, // REST
    of: {
      "Amazon API Gateway":
        "https://aws.amazon.com/about-aws/whats-new/2024/06/amazon-api-gateway-integration-timeout-limit-29-seconds/",
    },
  },
  {
    seconds: 30,
    of: {
      "Heroku router": "https://devcenter.heroku.com/articles/error-codes",
      "Google Cloud Load Balancing":
        "https://pub.dev/documentation/pulumi_gcp/latest/compute/BackendService/timeoutSec.html",
      "Amazon CloudFront": CLOUDFRONT_ORIGIN,
      // HTTP APIs
      "Amazon API Gateway": "https://github.com/awsdocs/amazon-api-gateway-developer-guide/pull/74",
      "Azure Front Door": "https://learn.microsoft.com/azure/frontdoor/troubleshoot-issues",
      "IIS ARR":
        "https://learn.microsoft.com/en-us/iis/extensions/troubleshooting-application-request-routing/troubleshooting-502-errors-in-arr",
      // to connect
      Traefik: "https://github.com/traefik/traefik/blob/master/docs/content/routing/overview.md",
    },
  },
  { seconds: 50, of: { HAProxy: DEBIAN_HAPROXY } },
  {
    seconds: 60,
    of: {
      nginx: NGINX_READ,
      OpenResty: NGINX_READ,
      Tengine: NGINX_READ,
      Kong: "https://github.com/Kong/kong/blob/master/kong/db/schema/entities/services.lua",
      "Apache httpd": "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxytimeout",
      Varnish: "varnishd 7.1: -x parameter, first_byte_timeout",
      "AWS Application Load Balancer": "https://repost.aws/knowledge-center/eks-http-504-errors",
      Squid: "squid 5.7: squid.conf.documented, connect_timeout", // to connect
    },
  },
  { seconds: 90, of: { Cloudflare: CLOUDFLARE_LIMITS } }, // 522: the origin stops to acknowledge
  {
    // 524, in older editions of the same page
    seconds: 100,
    of: {
      Cloudflare:
        "https://github.com/cloudflare/cloudflare-docs/blob/0010e3da9a28b6e6ca003413ab1b5c4b6b7a70f1/src/content/docs/fundamentals/reference/connection-limits.mdx",
    },
  },
  {
    seconds: 120, // 524
    of: {
      Cloudflare:
        "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-524/",
    },
  },
  {
    seconds: 300,
    of: {
      Vercel: "https://vercel.com/docs/functions/limitations", // functions
      "Google Cloud Load Balancing": "https://cloud.google.com/run/docs/configuring/request-timeout", // Cloud Run
      "Apache httpd": "Debian 12, apache2 2.4: /etc/apache2/apache2.conf",
    },
  },
  { seconds: 900, of: { Squid: "squid 5.7: squid.conf.documented, read_timeout" } },
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
