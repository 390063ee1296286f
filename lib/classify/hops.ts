import type { HttpObservation } from "#lib/model/observation.ts";

/** A hop that shows itself in the headers of whatever passes through it. */
interface Hop {
  /** As in the table of gateways. */
  readonly name: string;
  readonly headers: Readonly<Record<string, RegExp>>;
}

/**
 * Hops by what they leave in headers, in the order in which they usually stand: content networks, then
 * platforms and cloud balancers, then what people run themselves. Any one header proves a hop.
 */
const HOPS: readonly Hop[] = [
  { name: "Cloudflare", headers: { "cf-ray": /./, server: /^cloudflare$/i } },
  {
    name: "Amazon CloudFront",
    headers: { "x-amz-cf-id": /./, via: /\(CloudFront\)/, server: /^CloudFront$/ },
  },
  { name: "Akamai", headers: { server: /^Akamai/, "x-akamai-request-id": /./, via: /\bakamai\b/i } },
  { name: "Azure Front Door", headers: { "x-azure-ref": /./ } },
  { name: "Fastly", headers: { "x-served-by": /^cache-/, "x-fastly-request-id": /./ } },
  { name: "Google Cloud Load Balancing", headers: { via: /\b1\.1 google\b/ } },
  { name: "Netlify", headers: { "x-nf-request-id": /./, server: /^Netlify\b/ } },
  { name: "Vercel", headers: { "x-vercel-id": /./, server: /^Vercel$/ } },
  { name: "Fly Proxy", headers: { "fly-request-id": /./, server: /^Fly\// } },
  { name: "Railway", headers: { "x-railway-request-id": /./, "x-railway-edge": /./, server: /^railway/i } },
  { name: "Render", headers: { "rndr-id": /./, "x-render-origin-server": /./ } },
  { name: "Heroku router", headers: { via: /\b(vegur|heroku-router)\b/i, server: /^Heroku$/i } },
  { name: "Amazon API Gateway", headers: { "x-amz-apigw-id": /./, "apigw-requestid": /./ } },
  { name: "AWS Application Load Balancer", headers: { server: /^awselb\// } },
  { name: "Azure Application Gateway", headers: { server: /^Microsoft-Azure-Application-Gateway/ } },
  { name: "Apache Traffic Server", headers: { via: /ApacheTrafficServer|\bATS\//, server: /^ATS\b/ } },
  { name: "Varnish", headers: { "x-varnish": /./ } },
  { name: "Squid", headers: { via: /\(squid/, server: /^squid\b/i } },
  {
    name: "Kong",
    headers: {
      "x-kong-proxy-latency": /./,
      "x-kong-response-latency": /./,
      via: /\bkong\//i,
      server: /^kong\//i,
    },
  },
  { name: "Istio", headers: { server: /^istio-envoy$/ } },
  { name: "Envoy", headers: { server: /^envoy$/, "x-envoy-upstream-service-time": /./ } },
  { name: "Caddy", headers: { server: /^Caddy$/, via: /\bCaddy\b/ } },
  { name: "IIS ARR", headers: { "x-powered-by": /\bARR\// } },
  { name: "OpenResty", headers: { server: /^openresty\b/i } },
  { name: "Tengine", headers: { server: /^Tengine\b/i } },
  { name: "nginx", headers: { server: /^nginx\b/ } },
  { name: "Apache httpd", headers: { server: /^Apache\b(?!-Coyote)/ } },
  { name: "lighttpd", headers: { server: /^lighttpd\b/ } },
];

/**
 * The hops that an answer shows, outermost first. It is a list of what shows itself, not of what is
 * there: most proxies hide, and a hop that replaces `server` hides the one behind it.
 */
export function hopsOf({ headers }: HttpObservation): string[] {
  const seen = HOPS.filter((hop) =>
    Object.entries(hop.headers).some(([name, pattern]) => pattern.test(headers[name] ?? "")),
  ).map(({ name }) => name);
  // Istio's Envoy shows both names
  return seen.includes("Istio") ? seen.filter((name) => name !== "Envoy") : seen;
}
