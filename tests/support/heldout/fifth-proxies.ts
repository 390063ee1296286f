import { codeSearch, type Capture } from "./capture.ts";

const issue = (thread: string): string => `https://github.com/${thread}`;

/** The fifth set: the other proxies that one runs oneself. */
export const FIFTH_PROXIES: readonly Capture[] = [
  {
    source: codeSearch('"squid 7.6" "ERR_CONNECT_FAIL 111" "tinyproxy 1.11.2"'),
    status: 503,
    headers: { "x-squid-error": "ERR_CONNECT_FAIL 111" },
    body: "",
    gateway: "Squid",
    kind: "upstream_refused",
  },
  {
    source: codeSearch('"squid 7.6" "ERR_CONNECT_FAIL 110" "tinyproxy 1.11.2"'),
    status: 503,
    headers: { "x-squid-error": "ERR_CONNECT_FAIL 110" },
    body: "",
    gateway: "Squid",
    kind: "upstream_connect_timeout",
  },
  {
    // shortened by the one who quotes it
    source: issue("google/concourse-resources/issues/12"),
    status: 503,
    body: '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n...\n<p><b>Unable to determine IP address from host name <q>gerrit</q></b></p>\n',
    gateway: "Squid",
    kind: "upstream_name_not_found",
  },
  {
    source: issue("apache/trafficserver/issues/2173"),
    status: 502,
    headers: {
      date: "Wed, 21 Jun 2017 07:23:54 GMT",
      connection: "close",
      server: "ATS/8.0.0",
      "cache-control": "no-store",
      "content-type": "text/html",
      "content-language": "en",
      "content-length": "247",
    },
    body: "",
    gateway: "Apache Traffic Server",
    kind: "open",
  },
  {
    // the program's own test, which leaves out the lines Date and Server
    source: issue(
      "apache/trafficserver/blob/262196b51ab4590f53d6f2638c4d540a528b8b11/tests/gold_tests/headers/general-connection-failure-502.gold",
    ),
    testData: true,
    status: 502,
    headers: {
      connection: "keep-alive",
      "cache-control": "no-store",
      "content-type": "text/html",
      "content-language": "en",
      "content-length": "247",
    },
    body: '<HTML>\n<HEAD>\n<TITLE>Could Not Connect</TITLE>\n</HEAD>\n\n<BODY BGCOLOR="white" FGCOLOR="black">\n<H1>Could Not Connect</H1>\n<HR>\n\n<FONT FACE="Helvetica,Arial"><B>\nDescription: Could not connect to the requested server host.\n</B></FONT>\n<HR>\n</BODY>\n',
    gateway: "Apache Traffic Server",
    kind: "open",
  },
  {
    source: codeSearch('"server: lighttpd/1.4.72" "Novatek Video Platform"'),
    status: 500,
    headers: { "content-type": "text/html", server: "lighttpd/1.4.72" },
    body: '<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n         "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n <head>\n  <title>500 Internal Server Error</title>\n </head>\n <body>\n  <h1>500 Internal Server Error</h1>\n </body>\n</html>\n',
    gateway: "lighttpd",
    kind: "open",
  },
  {
    source: issue("aaronpowell/httpstatus/issues/129"),
    fromScreen: true,
    status: 502,
    body: "502 - Web server received an invalid response while acting as a gateway or proxy server.\nThere is a problem with the page you are looking for, and it cannot be displayed. When the Web server (while acting as a gateway or proxy) contacted the upstream content server, it received an invalid response from the content server.",
    gateway: "IIS ARR",
    kind: "open",
  },
  {
    source: issue("microsoft/vscode-azureappservice/issues/1904"),
    fromScreen: true,
    status: 502,
    body: "Server Error\n502 - Web server received an invalid response while acting as a gateway or proxy server.\nThere is a problem with the page you are looking for, and it cannot be displayed. When the Web server (while acting as a gateway or proxy) contacted the upstream content server, it received an invalid response from the content server.",
    gateway: "IIS ARR",
    kind: "open",
  },
  {
    source: issue("Kong/kong/issues/7771"),
    status: 503,
    body: '{"message":"failure to get a peer from the ring-balancer"}',
    gateway: "Kong",
    kind: "no_live_upstream",
  },
  {
    source: issue("Kong/kong/issues/7165"),
    status: 502,
    body: '{"message": "An invalid response was received from the upstream server"}',
    gateway: "Kong",
    kind: "open",
  },
  {
    source: issue("XVincentX/apigateway-playground/issues/4"),
    completed: "the status",
    status: 504,
    body: "The upstream server is timing out",
    gateway: "Kong",
    kind: "open",
  },
  {
    source: issue("chatanywhere/GPT_API_free/issues/97"),
    status: 504,
    body: '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html>\n<head><title>504 Gateway Time-out</title></head>\n<body>\n<h1>504 Gateway Time-out</h1>\n<p>The gateway did not receive a timely response from the upstream server or application.<hr/>Powered by Tengine</body>\n</html>\n',
    gateway: "Tengine",
  },
];
