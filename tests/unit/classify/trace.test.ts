import { describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import { GATEWAYS } from "#lib/classify/gateways.ts";
import { ROUND_TIMEOUTS } from "#lib/classify/round-timeouts.ts";
import { evidenceOf } from "#lib/model/evidence.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Verdict } from "#lib/model/verdict.ts";

import { nginxPage } from "./gateway-cases.ts";
import { answered, failed } from "./observations.ts";

const judge = (observation: Observation): Verdict =>
  classify(observation, { slowMs: null, expectStatus: ["200-299"] });
const after = (observation: Observation, ms: number): Observation => ({
  ...observation,
  timings: { ...observation.timings, firstByte: ms, total: ms + 2 },
});
const nginx504 = answered(504, { server: "nginx" }, nginxPage("504 Gateway Time-out", "nginx"));

describe("answered by the edge or passed on", () => {
  test.each<[string, Observation, Verdict["answeredBy"], string[]]>([
    ["nginx alone", nginx504, "edge", ["nginx"]],
    [
      "nginx's page through Cloudflare",
      answered(502, { server: "cloudflare", "cf-ray": "8-FRA" }, nginxPage("502 Bad Gateway", "nginx")),
      "origin",
      ["Cloudflare", "nginx"],
    ],
    [
      "Cloudflare's own",
      answered(502, { server: "cloudflare", "cf-ray": "8-FRA" }, nginxPage("502 Bad Gateway", "cloudflare")),
      "edge",
      ["Cloudflare"],
    ],
    [
      "Cloudflare's page for an origin's 502",
      answered(502, { server: "cloudflare", "cf-ray": "8-FRA" }, '<div id="cf-error-details">'),
      "origin",
      ["Cloudflare"],
    ],
    [
      "521",
      answered(521, { server: "cloudflare", "cf-ray": "8-FRA" }, "error code: 521"),
      "edge",
      ["Cloudflare"],
    ],
    [
      "an application's JSON through two hops",
      answered(
        502,
        { "x-amz-cf-id": "a", via: "1.1 varnish, 1.1 x.cloudfront.net (CloudFront)", "x-varnish": "3" },
        '{"error":1}',
      ),
      "origin",
      ["Amazon CloudFront", "Varnish"],
    ],
    ["a page of one's own", answered(502, { server: "nginx" }, "<h1>Sorry</h1>"), null, ["nginx"]],
    ["nobody", answered(502, {}, "<h1>Sorry</h1>"), null, []],
    [
      "Envoy's upstream",
      answered(502, { server: "envoy", "x-envoy-upstream-service-time": "3" }, "oops"),
      "origin",
      ["Envoy"],
    ],
  ])("%s", (_, observation, answeredBy, hops) => {
    const verdict = judge(observation);
    expect([verdict.answeredBy, verdict.hops]).toEqual([answeredBy, hops]);
  });

  test("it goes into the evidence", () => {
    expect(evidenceOf(nginx504, judge(nginx504))).toMatchObject({
      answeredBy: "edge",
      hops: ["nginx"],
      roundTimeoutS: null,
      kinds: ["upstream_response_timeout", "upstream_connect_timeout"],
    });
  });
});

describe("round time limits", () => {
  test.each<[string, Observation, number | null, RegExp]>([
    ["nginx after a minute", after(nginx504, 60_012), 60, /after 60\.0 s \(60 s is nginx's usual limit\)/],
    ["a little later over a long way", after(nginx504, 60_250), 60, /nginx's/],
    ["nowhere near", after(nginx504, 47_300), null, /after 47\.3 s:/],
    ["not before its time", after(nginx504, 59_800), null, /after 59\.8 s:/],
    [
      "somebody else's number",
      after(answered(504, {}, "late"), 30_020),
      30,
      /\(30 s is a gateway's usual limit\)/,
    ],
    ["Cloudflare", after(answered(524, { server: "cloudflare" }), 120_100), 120, /Cloudflare's usual limit/],
    [
      "a 502 that is a time-out",
      after(
        answered(
          502,
          { server: "Apache" },
          "The proxy server could not handle the request<p>Reason: <strong>Error reading from remote server</strong>",
        ),
        60_015,
      ),
      60,
      /Apache httpd's usual limit/,
    ],
    ["a 502 that is none", after(answered(502, { server: "nginx" }), 60_015), null, /after 60\.0 s:/],
  ])("%s", (_, observation, seconds, sentence) => {
    const verdict = judge(observation);
    expect(verdict.roundTimeoutS).toBe(seconds);
    expect(verdict.summary).toMatch(sentence);
  });

  test("a connection that is cut on one counts, our own limit does not", () => {
    const cut = failed("CLOSED", "first_byte");
    const timings = { ...cut.timings, firstByte: null, total: 60_030 };
    expect(judge({ ...cut, timings }).roundTimeoutS).toBe(60);
    expect(judge({ ...failed("DEADLINE", "first_byte"), timings }).roundTimeoutS).toBeNull();
    expect(judge({ ...failed("CLOSED", "tls"), timings }).roundTimeoutS).toBeNull();
  });

  test("the table is in order, has sources, and knows the gateways by their names", () => {
    const seconds = ROUND_TIMEOUTS.map((entry) => entry.seconds);
    expect(seconds).toEqual([...new Set(seconds)].toSorted((a, b) => a - b));
    const names = new Set(GATEWAYS.map(({ name }) => name));
    for (const { of } of ROUND_TIMEOUTS) {
      for (const source of Object.values(of)) expect(source).toMatch(/^https:\/\/|^\w[^:]* \d[\d.]*: \S/);
      expect(Object.keys(of).filter((name) => !names.has(name))).toEqual([]);
    }
  });
});

describe("kinds by behaviour", () => {
  const haproxy503 = answered(
    503,
    {},
    "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>",
  );

  test.each<[string, Observation, Verdict["kind"], Verdict["kinds"]]>([
    ["HAProxy at once", after(haproxy503, 3), "no_live_upstream", undefined],
    ["HAProxy after its three tries", after(haproxy503, 3_020), "upstream_refused", undefined],
    ["HAProxy after four times 5 s", after(haproxy503, 20_030), "upstream_connect_timeout", undefined],
    [
      "nginx, late",
      after(answered(502, { server: "nginx" }, nginxPage("502 Bad Gateway", "nginx")), 4_300),
      null,
      ["upstream_closed_early", "upstream_reset"],
    ],
    [
      "Caddy on a full second",
      after(answered(502, { server: "Caddy" }), 3_010),
      "upstream_connect_timeout",
      undefined,
    ],
  ])("%s", (_, observation, kind, kinds) => {
    const verdict = judge(observation);
    expect(verdict.kind).toBe(kind);
    if (kinds !== undefined) expect(verdict.kinds).toEqual(kinds);
  });

  test("a short list is told in words", () => {
    const late = after(answered(502, { server: "nginx" }, nginxPage("502 Bad Gateway", "nginx")), 4_300);
    expect(judge(late).summary).toBe(
      "nginx answered 502 Bad Gateway after 4.3 s: the server behind it closed the connection early or reset the connection.",
    );
  });
});
