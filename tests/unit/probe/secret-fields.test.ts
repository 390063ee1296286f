import { expect, test } from "vitest";

import { targetSchema } from "#lib/probe/registry.ts";
import { MASK, maskSecrets } from "#lib/probe/secret-fields.ts";

test("what a schema marks as secret, or what is called so, is masked; the rest can be read", () => {
  const target = {
    url: "https://api.example.test/?token=in-the-url&page=2",
    headers: { "X-Api-Key": "in-a-header", accept: "text/html" },
    basicAuth: { user: "probe", password: "in-a-field" },
    bearerToken: "in-another",
    clientKey: "in-a-key",
    body: '{"password":"in-the-body"}',
    json: [{ path: "$.status", op: "eq", value: "ok" }],
    http2: "prefer",
  };
  const masked = maskSecrets(target, targetSchema("http"));
  expect(masked).toEqual({
    url: "https://api.example.test/?token=[redacted]&page=2",
    headers: { "X-Api-Key": MASK, accept: "text/html" },
    basicAuth: { user: "probe", password: MASK },
    bearerToken: MASK,
    clientKey: MASK,
    body: '{"password":"[redacted]"}',
    json: [{ path: "$.status", op: "eq", value: "ok" }],
    http2: "prefer",
  });
  expect(JSON.stringify(masked)).not.toContain("in-");
});

test("what is sent over TCP is masked: it may be a password", () => {
  const target = { host: "cache.example.test", port: 6379, send: "AUTH hunter2\\r\\n", expect: "+OK" };
  expect(maskSecrets(target, targetSchema("tcp"))).toMatchObject({ send: MASK, expect: "+OK" });
});

test("a variable is named, and nothing that stands beside it", () => {
  const target = { bearerToken: "${TOKEN}", headers: { authorization: "Bearer ${TOKEN}abc" } };
  expect(maskSecrets(target, targetSchema("http"))).toEqual({
    bearerToken: "${TOKEN}",
    headers: { authorization: MASK },
  });
});

test("a target of a kind that nobody knows is masked by its names alone", () => {
  expect(maskSecrets({ host: "a", password: "b", list: [{ token: "c" }] }, undefined)).toEqual({
    host: "a",
    password: MASK,
    list: [{ token: MASK }],
  });
});
