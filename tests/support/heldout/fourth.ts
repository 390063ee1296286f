import { centred, type Capture } from "./capture.ts";

const issue = (thread: string): string => `https://github.com/${thread}`;

/** Gathered after what the third set showed had been mended, and before any of it was judged. */
export const FOURTH_CAPTURES: readonly Capture[] = [
  {
    source: issue("judif/mtls-nginx-nodejs-example/issues/3"),
    status: 502,
    body: centred("502 Bad Gateway", "nginx/1.21.6"),
    gateway: "nginx",
    kind: "open",
  },
  {
    source: issue("envoyproxy/envoy/issues/12665"),
    completed: "the body, whose 24 bytes the log counts",
    status: 504,
    headers: {
      "content-length": "24",
      "content-type": "text/plain",
      date: "Fri, 14 Aug 2020 10:35:56 GMT",
      server: "envoy",
    },
    body: "upstream request timeout",
    gateway: "Envoy",
    kind: "upstream_response_timeout",
    answeredBy: "edge",
  },
  {
    source: issue("DataBiosphere/azul/issues/7470"),
    completed: "the body, which is somebody's own",
    status: 502,
    headers: {
      "content-type": "application/json",
      "content-length": "129",
      date: "Sun, 05 Oct 2025 04:35:31 GMT",
      "retry-after": "10",
      "x-amzn-requestid": "7fda7b55-1713-4347-bd94-69133d82c5c0",
      "x-frame-options": "DENY",
      "x-amzn-errortype": "InternalServerErrorException",
      "x-amz-apigw-id": "R9NOvE-qIAMECfw=",
      "x-content-type-options": "nosniff",
    },
    body: '{"message":"504 Gateway Timeout"}',
    gateway: "Amazon API Gateway",
    kind: "upstream_invalid_response",
  },
  {
    source: issue("ks888/LambStatus/issues/36"),
    status: 504,
    body: '{"message": "Endpoint request timed out"}',
    gateway: "Amazon API Gateway",
    kind: "upstream_response_timeout",
  },
  {
    source: issue("hardillb/node-red-contrib-alexa-home-skill/issues/57"),
    completed: "the status",
    fromScreen: true,
    status: 502,
    body: "nginx error!\nThe page you are looking for is temporarily unavailable. Please try again later.\nWebsite Administrator\nSomething has triggered an error on your website. This is the default error page for nginx that is distributed with the Amazon Linux AMI. It is located at /usr/share/nginx/html/50x.html\n",
    gateway: "nginx",
    kind: "open",
  },
  {
    // nothing in it says whose page it is
    source: issue("saleweaver/python-amazon-sp-api/issues/295"),
    status: 504,
    body: "<html><head><title>504 Gateway Time-out</title></head><body><center><h1>504 Gateway Time-out</h1></center></body></html>",
    gateway: null,
  },
  {
    // Passenger
    source: issue("timwaters/mapwarper/issues/189"),
    completed: "the status",
    fromScreen: true,
    status: 502,
    body: "Incomplete response received from application",
    gateway: null,
  },
  {
    source: issue("amzn/selling-partner-api-docs/issues/900"),
    status: 500,
    body: '{\n  "errors": [\n    {\n      "message": "We encountered an internal error. Please try again.",\n     "code": "InternalFailure"\n    }\n  ]\n}',
    gateway: null,
  },
];
