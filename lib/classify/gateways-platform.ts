import {
  ANY_502,
  ANY_ERROR,
  BROKEN_ANSWER,
  GATEWAY,
  GATEWAY_AND_503,
  signedBy,
  type Gateway,
} from "./clue.ts";

const GATEWAY_TIMEOUT = ["upstream_response_timeout", "upstream_connect_timeout"] as const;

/** Load balancers and routers of clouds and platforms: what stands right before an application there. */
export const PLATFORM_GATEWAYS: readonly Gateway[] = [
  {
    name: "AWS Application Load Balancer",
    source:
      "https://github.com/awsdocs/elb-application-load-balancers-user-guide/blob/master/doc_source/load-balancer-troubleshooting.md",
    clues: [{ statuses: ["500-599"], headers: { server: /^awselb\// }, ownErrorsOnly: true }],
    faults: [
      // by its documentation 503 is an empty target group, 504 also a target that cannot be connected to in 10 s
      {
        statuses: [503],
        // any other text is a fixed answer that somebody set up in the balancer
        body: /^$|<center><h1>503 Service Temporarily Unavailable<\/h1>/,
        kind: "no_live_upstream",
      },
      { statuses: [504], waited: { atLeast: 9_900, under: 10_500 }, kind: "upstream_connect_timeout" },
      { statuses: [504], kind: "upstream_response_timeout", kinds: GATEWAY_TIMEOUT },
      { statuses: [502], kinds: ["upstream_refused", ...BROKEN_ANSWER, "upstream_tls_failure"] },
    ],
  },
  {
    name: "Amazon API Gateway",
    source:
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html",
    clues: [
      {
        statuses: ANY_ERROR,
        // the only type that was seen, also for its 504s
        headers: { "x-amzn-errortype": /^InternalServerErrorException\b/ },
        ownErrorsOnly: true,
      },
      {
        statuses: [504],
        body: /^\{\s*"message"\s*:\s*"(Endpoint request timed out|Network error communicating with endpoint)"\s*\}\s*$/i,
      },
      // HTTP APIs say no more than this, with a header of their own: https://github.com/cortexlabs/cortex/issues/1225
      {
        statuses: [500, 503],
        headers: { "apigw-requestid": /./ },
        body: /^\{\s*"message"\s*:\s*"(Internal Server Error|Service Unavailable)"\s*\}\s*$/,
      },
      {
        statuses: [500, 502],
        headers: { "x-amz-apigw-id": /./ },
        body: /^\{\s*"message"\s*:\s*"Internal server error"\s*\}\s*$/,
      },
    ],
    faults: [
      {
        statuses: [504],
        body: /Endpoint request timed out/i,
        kind: "upstream_response_timeout",
      },
      {
        statuses: [504],
        body: /Network error communicating/i,
        kinds: ["upstream_closed_early", "upstream_reset", "upstream_refused"],
      },
      // an HTTP API says so when its integration cannot be reached, or is too slow
      { statuses: [503], waited: { atLeast: 28_900 }, kind: "upstream_response_timeout" },
      // what the function returned has not the shape of an answer
      { statuses: [502], kind: "upstream_invalid_response" },
    ],
  },
  {
    name: "Google Cloud Load Balancing",
    source: "https://cloud.google.com/load-balancing/docs/https/troubleshooting-ext-https-lbs",
    clues: [
      { statuses: ANY_ERROR, body: /<title>(Error )?50[0234] \(?Server Error\)?(!!1)?<\/title>/i },
      {
        statuses: ANY_ERROR,
        body: /<h1>Error: Server Error<\/h1>\s*<h2>The server encountered a(n| temporary) error/i,
      },
      {
        statuses: GATEWAY_AND_503,
        headers: { via: /\b1\.1 google\b/ },
        body: /The server encountered a temporary error|^\s*(no healthy upstream|upstream (connect error|request timeout))/,
      },
      { statuses: GATEWAY, headers: { via: /\b1\.1 google\b/ }, absent: ["server"] },
    ],
    faults: [
      { statuses: [503], body: /^\s*no healthy upstream/, kind: "no_live_upstream" },
      { statuses: [504], body: /^\s*upstream request timeout/, kind: "upstream_response_timeout" },
      { statuses: ANY_ERROR, body: /connect error: (111\b|Connection refused)/, kind: "upstream_refused" },
      { statuses: [502], waited: { atLeast: 1_000, onFullSecond: true }, kind: "upstream_response_timeout" },
      {
        statuses: [502],
        kinds: [
          "no_live_upstream",
          "upstream_closed_early",
          "upstream_refused",
          "upstream_reset",
          "upstream_response_timeout",
        ],
      },
      { statuses: [504], kind: "upstream_response_timeout" },
    ],
  },
  {
    name: "Azure Application Gateway",
    source: "https://learn.microsoft.com/en-us/azure/application-gateway/http-response-codes",
    clues: [
      { statuses: ANY_ERROR, body: signedBy("Microsoft-Azure-Application-Gateway(/v\\d)?") },
      { statuses: GATEWAY, headers: { server: /^Microsoft-Azure-Application-Gateway/ } },
    ],
    faults: [
      { statuses: [504], kind: "upstream_response_timeout" },
      {
        statuses: [502],
        kinds: [
          "no_live_upstream",
          "upstream_refused",
          "upstream_tls_failure",
          "upstream_connect_timeout",
          ...BROKEN_ANSWER,
        ],
      },
    ],
  },
  {
    name: "Heroku router",
    source: "https://devcenter.heroku.com/articles/error-codes",
    clues: [
      // the second address up to 2016
      { statuses: ANY_ERROR, body: /herokucdn\.com\/error-pages\/|s3\.amazonaws\.com\/heroku_pages\// },
      // the line of its log, which a page of one's own may quote
      { statuses: ANY_ERROR, body: /\bat=error code=H\d\d\b/ },
    ],
    faults: [
      // its page does not say its code; that is in the log. H12 is the one that takes 30 s
      { statuses: ANY_ERROR, body: /code=H12\b/, kind: "upstream_response_timeout" },
      { statuses: [503], waited: { atLeast: 29_900, under: 31_000 }, kind: "upstream_response_timeout" },
      { statuses: ANY_ERROR, body: /code=H13\b/, kind: "upstream_closed_early" },
      { statuses: ANY_ERROR, body: /code=H15\b/, kind: "upstream_response_timeout" },
      { statuses: ANY_ERROR, body: /code=H17\b/, kind: "upstream_invalid_response" },
      { statuses: ANY_ERROR, body: /code=H18\b/, kinds: ["upstream_closed_early", "upstream_reset"] },
      { statuses: ANY_ERROR, body: /code=H19\b/, kind: "upstream_connect_timeout" },
      { statuses: ANY_ERROR, body: /code=H21\b/, kind: "upstream_refused" },
      { statuses: ANY_ERROR, body: /code=H(10|14|20)\b/, kind: "no_live_upstream" },
      { statuses: [503], kinds: ["no_live_upstream", "upstream_refused", "upstream_closed_early"] },
    ],
  },
  {
    name: "Vercel",
    source: "https://vercel.com/docs/errors",
    clues: [
      { statuses: ANY_ERROR, headers: { "x-vercel-error": /^[A-Z_]+$/ }, ownErrorsOnly: true },
      {
        statuses: ANY_ERROR,
        headers: { server: /^Vercel$/ },
        body: /\b(FUNCTION|EDGE_FUNCTION|MIDDLEWARE|ROUTER|DNS)_[A-Z_]+\b/,
      },
      {
        statuses: ANY_ERROR,
        body: /^An error occurred with (your deployment|this application)\s+[A-Z]+_[A-Z_]+\b/,
      },
      // what those who ask for JSON get of a function that failed
      {
        statuses: ANY_ERROR,
        body: /^\{\s*"error":\s*\{\s*"code":\s*"5\d\d",\s*"message":\s*"A server error has occurred"\s*\}\s*\}\s*$/,
      },
      // its page for browsers
      {
        statuses: ANY_ERROR,
        body: /\bCode:\s*(<code>)?(FUNCTION|EDGE_FUNCTION|MIDDLEWARE|ROUTER|DNS)_[A-Z_]+\b/,
      },
    ],
    faults: [
      { statuses: [504], headers: { "x-vercel-error": /TIMEOUT$/ }, kind: "upstream_response_timeout" },
      {
        statuses: [502],
        headers: { "x-vercel-error": /^DNS_HOSTNAME_(NOT_FOUND|RESOLVE_FAILED|SERVER_ERROR|EMPTY)$/ },
        kind: "upstream_name_not_found",
      },
      {
        statuses: [502],
        headers: { "x-vercel-error": /^NO_RESPONSE_FROM_FUNCTION$/ },
        kind: "upstream_closed_early",
      },
      {
        statuses: [502],
        headers: { "x-vercel-error": /^ROUTER_EXTERNAL_TARGET_HANDSHAKE_ERROR$/ },
        kind: "upstream_tls_failure",
        // by its documentation also when the handshake takes too long
        kinds: ["upstream_tls_failure", "upstream_connect_timeout"],
      },
      {
        statuses: [502],
        headers: { "x-vercel-error": /^ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR$/ },
        kinds: ["upstream_refused", "upstream_reset", "upstream_connect_timeout"],
      },
      {
        statuses: [502],
        headers: { "x-vercel-error": /^ROUTER_EXTERNAL_TARGET_ERROR$/ },
        kinds: ["upstream_closed_early", "upstream_reset", "upstream_invalid_response"],
      },
      {
        statuses: [502],
        headers: { "x-vercel-error": /^BODY_NOT_A_STRING_FROM_FUNCTION$/ },
        kind: "upstream_invalid_response",
      },
      { statuses: [504], body: /\w_TIMEOUT\b/, kind: "upstream_response_timeout" },
    ],
  },
  {
    name: "Netlify",
    source: "https://docs.netlify.com/routing/redirects/rewrites-proxies/",
    clues: [
      // its edge shows Traffic Server's pages
      {
        statuses: ANY_ERROR,
        headers: { server: /^Netlify\b/ },
        body: /<H1>(Inactivity Timeout|Activity Timeout|Could Not Connect|Server Connection Closed|Web Server Error|Unknown Host)/,
      },
      // a function of Lambda that ran out of time, which is JSON
      {
        statuses: [502],
        headers: { server: /^Netlify\b/ },
        body: /^\{"errorMessage":"[^"]*Task timed out after/,
      },
      // https://github.com/netlify/zip-it-and-ship-it/issues/27
      { statuses: ANY_ERROR, body: /^error decoding lambda response: / },
      { statuses: GATEWAY, headers: { server: /^Netlify\b/ } },
    ],
    faults: [
      {
        statuses: ANY_ERROR,
        body: /<H1>(Inactivity|Activity) Timeout/,
        kind: "upstream_response_timeout",
      },
      { statuses: ANY_ERROR, body: /<H1>Unknown Host/, kind: "upstream_name_not_found" },
      { statuses: ANY_ERROR, body: /<H1>Server Connection Closed/, kind: "upstream_closed_early" },
      // what the function returned has not the shape of an answer
      {
        statuses: ANY_ERROR,
        body: /^error decoding lambda response: /,
        kind: "upstream_invalid_response",
      },
      // a function that ran out of time
      {
        statuses: [502],
        body: /Task timed out after|TimeoutError|Sandbox\.Timedout/,
        kind: "upstream_response_timeout",
      },
      { statuses: [504], kind: "upstream_response_timeout" },
    ],
  },
  {
    name: "Fly Proxy",
    source: "https://fly.io/docs/networking/request-headers/",
    clues: [
      { statuses: GATEWAY_AND_503, headers: { server: /^Fly\//, "fly-request-id": /./ }, body: /^$/ },
      { statuses: GATEWAY, headers: { server: /^Fly\//, "fly-request-id": /./ } },
    ],
    faults: [
      {
        statuses: [502],
        kinds: ["upstream_refused", "upstream_closed_early", "upstream_reset", "upstream_invalid_response"],
      },
      // not documented in words; its log says "no known healthy instances found for route"
      { statuses: [503], kinds: ["no_live_upstream", "upstream_refused"] },
      { statuses: [504], kind: "upstream_response_timeout" },
    ],
  },
  {
    name: "Railway",
    source: "https://docs.railway.com/networking/troubleshooting/application-failed-to-respond",
    clues: [
      { statuses: ANY_ERROR, headers: { "x-railway-fallback": /^true$/ }, ownErrorsOnly: true },
      { statuses: GATEWAY_AND_503, body: /"message":\s*"Application failed to respond"/ },
    ],
    faults: [
      { statuses: [502], kinds: ["upstream_refused", "upstream_closed_early", "upstream_connect_timeout"] },
    ],
  },
  {
    name: "Render",
    source: "https://render.com/docs/troubleshooting-deploys",
    clues: [
      {
        statuses: ANY_ERROR,
        headers: { "x-render-routing": /(error|no-server|suspend|no-deploy)/ },
        ownErrorsOnly: true,
      },
      // an application's own answers carry this as well, but hardly ever are they a 502 without a body
      { statuses: GATEWAY, headers: { "x-render-origin-server": /^Render$/ }, body: /^$/ },
    ],
    faults: [
      {
        statuses: ANY_ERROR,
        headers: { "x-render-routing": /no-server|suspend|no-deploy|hibernate/ },
        kind: "no_live_upstream",
      },
      { statuses: [502], kinds: ANY_502 },
    ],
  },
];
