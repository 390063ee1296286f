import { expect, it } from "vitest";

import { parseCanary } from "#lib/model/canary.ts";

it.each([
  ["192.0.2.1:53", "192.0.2.1", 53],
  ["[2001:db8::1]:53", "2001:db8::1", 53],
  ["dns.example.net:853", "dns.example.net", 853],
  ["https://example.org", "example.org", 443],
  ["http://example.org/path?x=1", "example.org", 80],
  ["https://example.org:8443/", "example.org", 8443],
])("reads %s", (text, host, port) => {
  expect(parseCanary(text)).toEqual({ text, host, port });
});

it.each([
  "",
  "example.org",
  "example.org:0",
  "example.org:99999",
  "a b:1",
  "x:1/path",
  "https://u:p@h/",
  "ftp://h/",
])("refuses %j", (text) => {
  expect(parseCanary(text)).toBeNull();
});
