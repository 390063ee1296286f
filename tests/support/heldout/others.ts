import { codeSearch, type Capture } from "./capture.ts";

const html = { "content-type": "text/html; charset=utf-8" };
const json = { "content-type": "application/json" };
const text = { "content-type": "text/plain" };

/** Answers of applications, frameworks and programs that the table does not have: nobody is to be named. */
export const OTHER_CAPTURES: readonly Capture[] = [
  {
    source: "https://github.com/mitmproxy/mitmproxy/issues/3569",
    status: 502,
    body: "<html>\n            <head>\n                <title>502 Bad Gateway</title>\n            </head>\n            <body>\n            <h1>502 Bad Gateway</h1>\n            <p>HttpReadDisconnect(&#x27;Server disconnected&#x27;)</p>\n            </body>\n        </html>",
    gateway: null,
  },
  {
    source: codeSearch("Proxy error: connect ECONNREFUSED fineract-provider"),
    status: 502,
    headers: text,
    body: "Proxy error: connect ECONNREFUSED",
    gateway: null,
  },
  {
    source: codeSearch("502 Bad Gateway: No healthy backends available."),
    status: 502,
    headers: { ...text, connection: "close" },
    body: "502 Bad Gateway: No healthy backends available.",
    gateway: null,
  },
  {
    source: codeSearch("The upstream never answered, so the caller is told so, once."),
    status: 502,
    headers: { connection: "close", "content-length": "0" },
    body: "",
    gateway: null,
  },
  {
    source: codeSearch("Media server is busy"),
    testData: true,
    status: 503,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    body: "Media server is busy",
    gateway: null,
  },
  {
    source: codeSearch("<h3>Port-forward error</h3><pre>"),
    status: 502,
    headers: html,
    body: "<html><head><title>Port-forward error</title></head><body><h3>Port-forward error</h3><pre>connection refused</pre></body></html>",
    gateway: null,
  },
  {
    source: codeSearch("CGI timeout, killing child 504 Gateway Timeout"),
    status: 504,
    headers: { "content-type": "text/html" },
    body: "<html><body><h1>504 Gateway Timeout</h1></body></html>",
    gateway: null,
  },
  {
    source: codeSearch("command timed out (10s) -32003"),
    testData: true,
    status: 504,
    headers: json,
    body: '{"error":{"code":-32003,"message":"command timed out (10s)"}}',
    gateway: null,
  },
  {
    source: codeSearch("HTTP/1.1 502 Bad Gateway Server: rsp"),
    status: 502,
    headers: { server: "rsp" },
    body: "",
    gateway: null,
  },
  {
    source: codeSearch("Can not connect to the database. Please try again later. 503 hw5db"),
    status: 503,
    headers: { server: "Apache/2.4.41 (Ubuntu)", "content-type": "text/plain;charset=UTF-8" },
    body: "Can not connect to the database. Please try again later.",
    gateway: null,
  },
  {
    source: codeSearch("x-matched-path: /api/webhook/twilio/sms-status"),
    status: 503,
    headers: { ...json, "x-matched-path": "/api/webhook/twilio/sms-status" },
    body: '{"error":"Webhook not configured"}',
    gateway: null,
  },
  {
    source: codeSearch("Server Error: Gateway Timeout (3) connecting to abc"),
    status: 504,
    body: "Server Error: Gateway Timeout (3) connecting to abc",
    gateway: null,
  },
  {
    source: codeSearch("received an invalid response from an upstream server while processing the request"),
    status: 502,
    headers: { "content-type": "text/html;charset=UTF-8" },
    body: '<!DOCTYPE html>\n<html>\n<head>\n    <meta charset="UTF-8">\n    <title>502 Bad Gateway</title>\n</head>\n<body>\n    <div class="container">\n        <h1>502 Bad Gateway</h1>\n        <p>The server received an invalid response from an upstream server while processing the request.</p>\n    </div>\n</body>\n</html>\n',
    gateway: null,
  },
  {
    // an API quotes the page of its own gateway in its JSON
    source: codeSearch("Unable to parse the query response. 503 Service Unavailable protein_structure"),
    status: 500,
    headers: json,
    body: '{"status":500,"message":"Unable to parse the query response. <html><body><h1>503 Service Unavailable</h1> No server is available to handle this request. </body></html>"}',
    gateway: null,
  },
  {
    source: codeSearch(
      '"status":"UNAVAILABLE" upstream connect error delayed connect error: Connection refused',
    ),
    status: 503,
    headers: json,
    body: '{"error":{"code":503,"message":"upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, transport failure reason: delayed connect error: Connection refused","status":"UNAVAILABLE"}}',
    gateway: null,
  },
  {
    source: codeSearch("fly-request-id: 01M2KHCZNVVFNGSKRP19ERKP3N-gru"),
    status: 500,
    headers: {
      ...html,
      server: "Fly/4b9f0919f (2026-09-15)",
      via: "1.1 fly.io",
      "fly-request-id": "01M2KHCZNVVFNGSKRP19ERKP3N-gru",
    },
    body: '<!doctype html>\n<html lang="pt-BR">\n<head>\n  <meta charset="utf-8">\n  <title>Erro 500 — CargaClick</title>\n',
    gateway: null,
  },
  {
    // a proxy in Node.js that imitates nginx's page
    source: codeSearch("cancel any ongoing requests proxy_request.abort 504 Gateway Time-out"),
    status: 504,
    headers: { "x-powered-by": "Express", ...html },
    body: '<html><head><title>504 Gateway Time-out</title></head><body bgcolor="white"><center><h1>504 Gateway Time-out</h1></center><hr></body></html>',
    gateway: null,
  },
  {
    source: codeSearch("HTTP/1.1 503 Service not available Server: SisPM"),
    status: 503,
    headers: { server: "SisPM", "content-type": "text/html" },
    body: '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n<html><head>\n<title>503 Service not available</title>\n<meta http-equiv="refresh" content="2;url=/">\n</head><body>\n<h1>503 Service not available</h1></body></html>\n\n',
    gateway: null,
  },
  {
    source: codeSearch("goonbot.net is currently unavailable"),
    status: 503,
    headers: { server: "nginx", ...html },
    body: '<div class="header">\n      <h1>Goonbot</h1>\n      <p>goonbot.net is currently unavailable</p>\n    </div>\n    <h2>Service Unavailable</h2>',
    gateway: null,
  },
  {
    source: codeSearch("MHR Property Conglomerates, Inc. 503 Service Unavailable"),
    status: 503,
    headers: html,
    body: '<div class="container">\n        <h1>503</h1>\n        <h2>Service Unavailable</h2>\n        <p>We are under maintenance, we will be back as soon as possible. Thank you for your patience.</p>\n    </div>\n</body>\n</html>\n',
    gateway: null,
  },
];
