/** Said of themselves by one program that handled the answer, or the words of HTTP for it. */
const TELLING = new Set(
  `server via age x-cache x-cache-hits x-cache-lookup x-served-by x-timer x-varnish x-powered-by
   cf-ray cf-cache-status cache-status proxy-status retry-after alt-svc location
   x-azure-ref x-msedge-ref x-nf-request-id fly-request-id x-vercel-id x-vercel-error x-vercel-cache
   x-amz-cf-id x-amz-cf-pop x-amzn-requestid x-amzn-errortype x-amzn-trace-id x-amz-apigw-id
   x-envoy-upstream-service-time x-envoy-response-flags x-envoy-overloaded
   x-upstream x-upstream-addr x-upstream-status x-upstream-response-time
   x-request-id x-correlation-id x-github-request-id x-squid-error x-iinfo x-cdn
   server-timing traceparent x-cloud-trace-context www-authenticate
   content-type content-length content-encoding transfer-encoding connection date`.split(/\s+/),
);

/** Families of the same: each vendor has many, and makes more. */
const FAMILIES =
  /^(?:cf|x-amzn|x-amz|x-azure|x-ms|x-vercel|fly|x-fly|x-envoy|x-nf|x-upstream|x-proxy|x-backend|x-akamai|akamai|x-kong|x-haproxy|x-istio|x-fastly|fastly|x-cdn|cdn|x-edge|x-sucuri|x-goog|x-guploader|x-render|rndr|x-railway|x-heroku|heroku|x-router|x-lb|x-arr|x-litespeed|x-ratelimit|x-rate-limit|ratelimit|x-cache|x-served|x-forwarded|x-varnish|x-ats|x-squid|x-traefik|x-nginx|x-apache|x-iis|x-origin|x-server|x-node|x-host|x-pod|x-region|x-dc|x-error|x-request)(?:-|$)/;

/** How much a header tells about the hops that an answer passed: 0 most, 2 nothing. */
export function hopRank(name: string): 0 | 1 | 2 {
  if (TELLING.has(name)) return 0;
  return FAMILIES.test(name) ? 1 : 2;
}

/** Headers with those first that tell about hops; within a rank the order stays. */
export function hopsFirst<Entry extends readonly [name: string, ...rest: unknown[]]>(
  entries: Iterable<Entry>,
): Entry[] {
  return [...entries].toSorted(([a], [b]) => hopRank(a) - hopRank(b));
}
