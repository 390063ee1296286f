import { expect, test } from "vitest";

import { revealedBy } from "#lib/classify/revealed.ts";
import type { FaultKind } from "#lib/model/verdict.ts";

import { answered } from "./observations.ts";

const read = (
  headers: Readonly<Record<string, string>>,
  status = 502,
  waited: number | null = 5,
): readonly FaultKind[] | null => {
  const { http } = answered(status, headers);
  return http === null ? null : (revealedBy(http, waited)?.kinds ?? null);
};
const nginx = (value: string, status?: number): readonly FaultKind[] | null =>
  read({ "x-gateway-upstream": value }, status);
const haproxy = (value: string, status = 503, waited = 5): readonly FaultKind[] | null =>
  read({ "x-gateway-upstream": value }, status, waited);

// captured from the programs with the settings of docs/diagnosis.md
test.each<[string, FaultKind[]]>([
  ["status=502; connect=-; header=-; received=0; tried=yes; to=http", ["upstream_refused"]],
  [
    "status=502; connect=-; header=-; received=0; tried=yes; to=https",
    ["upstream_refused", "upstream_tls_failure"],
  ],
  [
    "status=502; connect=0.000; header=-; received=0; tried=yes; to=http",
    ["upstream_closed_early", "upstream_reset"],
  ],
  ["status=502; connect=0.000; header=-; received=4096; tried=yes; to=http", ["upstream_header_too_big"]],
  [
    "status=502; connect=0.000; header=-; received=76; tried=yes; to=http",
    ["upstream_invalid_response", "upstream_closed_early"],
  ],
  ["status=504; connect=-; header=-; received=0; tried=yes; to=http", ["upstream_connect_timeout"]],
  ["status=504; connect=0.000; header=-; received=0; tried=yes; to=http", ["upstream_response_timeout"]],
  ["status=502; connect=-; header=-; received=0; tried=none; to=http", ["no_live_upstream"]],
  ["status=; connect=; header=; received=; tried=none; to=http", ["upstream_name_not_found"]],
  // two servers: the last try counts
  [
    "status=502, 504; connect=-, 0.001; header=-, -; received=0, 0; tried=yes; to=http",
    ["upstream_response_timeout"],
  ],
])("nginx: %s", (value, kinds) => expect(nginx(value)).toEqual(kinds));

test("nginx says nothing of an answer that it passed on", () => {
  expect(nginx("status=502; connect=0.000; header=0.001; received=84; tried=yes; to=http")).toBeNull();
});

test("HAProxy tells by whether it connected, what was left, and how long it took", () => {
  const fields = "connect=-1; header=-1";
  expect(haproxy(`usable=0; ${fields}; retries=0; tls=`)).toEqual(["no_live_upstream"]);
  expect(haproxy(`usable=1; ${fields}; retries=3; tls=`, 503, 3_004)).toEqual(["upstream_refused"]);
  expect(haproxy(`usable=1; ${fields}; retries=3; tls=`, 503, 20_010)).toEqual(["upstream_connect_timeout"]);
  expect(haproxy(`usable=1; ${fields}; retries=3; tls=error:0A000086:SSL routines::x`, 503, 3_004)).toEqual([
    "upstream_tls_failure",
  ]);
  expect(haproxy("usable=1; connect=0; header=-1; retries=0; tls=", 504)).toEqual([
    "upstream_response_timeout",
  ]);
  expect(haproxy("usable=1; connect=0; header=2; retries=0; tls=", 502)).toBeNull();
});

test.each<[string, FaultKind]>([
  ["dial tcp 10.0.0.2:80: connect: connection refused", "upstream_refused"],
  ["dial tcp 10.0.0.2:80: i/o timeout", "upstream_connect_timeout"],
  ["dial tcp: lookup app on 10.0.0.53:53: no such host", "upstream_name_not_found"],
  // the resolver's trouble, not the upstream's
  [
    "dial tcp: lookup app on 10.0.0.53:53: dial tcp 10.0.0.53:53: connect: connection refused",
    "upstream_name_not_found",
  ],
  ["EOF", "upstream_closed_early"],
  ["read tcp 10.0.0.1:5->10.0.0.2:80: read: connection reset by peer", "upstream_reset"],
  ["x509: certificate signed by unknown authority", "upstream_tls_failure"],
  ["tls: first record does not look like a TLS handshake", "upstream_tls_failure"],
  ['net/http: HTTP/1.x transport connection broken: malformed HTTP version "?"', "upstream_invalid_response"],
  ["net/http: timeout awaiting response headers", "upstream_response_timeout"],
  ["no upstreams available", "no_live_upstream"],
  ["Reason: <strong>Error during SSL Handshake with remote server</strong>", "upstream_tls_failure"],
])("words: %s", (text, kind) => expect(read({ "x-gateway-error": text })).toEqual([kind]));

test("Envoy's flags", () => {
  expect(read({ "x-gateway-flags": "UF,URX" })).toEqual([
    "upstream_refused",
    "upstream_connect_timeout",
    "upstream_tls_failure",
  ]);
  expect(read({ "x-gateway-flags": "UT" })).toEqual(["upstream_response_timeout"]);
  expect(read({ "x-gateway-flags": "-" })).toBeNull();
});

test("words that say nothing leave it to the page", () => {
  expect(read({ "x-gateway-error": "" })).toBeNull();
  expect(read({})).toBeNull();
});
