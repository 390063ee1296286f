/** What programs that handled the answer say of themselves, or the words of HTTP for it. */
const TELLING = new Set(
  `server via age x-cache x-cache-hits x-cache-lookup x-served-by x-timer x-varnish x-powered-by
   cf-ray cf-cache-status cache-status proxy-status retry-after alt-svc
   x-azure-ref x-msedge-ref x-nf-request-id fly-request-id x-vercel-id x-vercel-error x-vercel-cache
   x-amz-cf-id x-amz-cf-pop x-amzn-requestid x-amzn-errortype x-amzn-trace-id x-amz-apigw-id
   x-envoy-upstream-service-time x-envoy-response-flags x-envoy-overloaded
   x-upstream x-upstream-addr x-upstream-status x-upstream-response-time
   x-request-id x-correlation-id x-github-request-id x-squid-error x-iinfo x-cdn
   server-timing traceparent x-cloud-trace-context`.split(/\s+/),
);

/** What any answer has, and what one wants to know of it. */
const BASIC = new Set(
  `location www-authenticate content-type content-length content-encoding transfer-encoding connection
   date`.split(/\s+/),
);

/** Families of the same: each vendor has many, and makes more. */
const FAMILIES =
  /^(?:cf|x-amzn|x-amz|x-azure|x-ms|x-vercel|fly|x-fly|x-envoy|x-nf|x-upstream|x-proxy|x-backend|x-akamai|akamai|x-kong|x-haproxy|x-istio|x-fastly|fastly|x-cdn|cdn|x-edge|x-sucuri|x-goog|x-guploader|x-render|rndr|x-railway|x-heroku|heroku|x-router|x-lb|x-arr|x-litespeed|x-ratelimit|x-rate-limit|ratelimit|x-cache|x-served|x-forwarded|x-varnish|x-ats|x-squid|x-traefik|x-nginx|x-apache|x-iis|x-origin|x-server|x-node|x-host|x-pod|x-region|x-dc|x-error|x-request)(?:-|$)/;

/** True for a header that tells about a hop which the answer passed. */
export function tellsHop(name: string): boolean {
  return TELLING.has(name) || FAMILIES.test(name);
}

/** How much it would be missed, least first. */
function rank(name: string): number {
  if (TELLING.has(name)) return 0;
  if (BASIC.has(name)) return 1;
  return FAMILIES.test(name) ? 2 : 3;
}

/** Headers with those first that tell about hops, and that every answer has; alike ones keep their order. */
export function hopsFirst<Entry extends readonly [name: string, ...rest: unknown[]]>(
  entries: Iterable<Entry>,
): Entry[] {
  return [...entries].toSorted(([a], [b]) => rank(a) - rank(b));
}
