import { describe, expect, test } from "vitest";

import { canonical, reverseName } from "#lib/probe/dns-records.ts";
import { grpcStatus, healthRequest, healthStatus } from "#lib/probe/grpc-health.ts";
import { addressAndPort } from "#lib/probe/host.ts";
import { refusalIn, replyIn } from "#lib/probe/icmp-output.ts";

describe("addresses of resolvers", () => {
  test.each<[string, object | null]>([
    ["192.0.2.7", { host: "192.0.2.7", port: 53 }],
    ["192.0.2.7:5353", { host: "192.0.2.7", port: 5353 }],
    ["2001:db8::7", { host: "2001:db8::7", port: 53 }],
    ["[2001:db8::7]", { host: "2001:db8::7", port: 53 }],
    ["[2001:db8::7]:5353", { host: "2001:db8::7", port: 5353 }],
    ["192.0.2.7:0", null],
    ["192.0.2.7:65536", null],
    ["dns.example.test", null],
    ["dns.example.test:53", null],
    ["-x:80", null],
  ])("%s", (text, expected) => {
    expect(addressAndPort(text, 53)).toEqual(expected);
  });
});

describe("DNS spelling", () => {
  test("an address backwards", () => {
    expect(reverseName("192.0.2.7")).toBe("7.2.0.192.in-addr.arpa");
    // the example of RFC 3596, 2.5
    expect(reverseName("4321:0:1:2:3:4:567:89ab")).toBe(
      "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa",
    );
    expect(reverseName("::1")).toBe(`1.${"0.".repeat(31)}ip6.arpa`);
  });

  test("case and dots do not count, except in TXT", () => {
    expect(canonical("MX", " 10  Mail.Example.TEST. ")).toBe("10 mail.example.test");
    expect(canonical("TXT", "Case. ")).toBe("Case. ");
    expect(canonical("SRV", "0 0 0 .")).toBe("0 0 0 .");
  });
});

describe("gRPC's health messages", () => {
  test("a request has a frame and one field", () => {
    expect([...healthRequest("")]).toEqual([0, 0, 0, 0, 0]);
    expect([...healthRequest("ab")]).toEqual([0, 0, 0, 0, 4, 0x0a, 2, 97, 98]);
    // 300 as a varint, the example of protobuf's own documentation
    expect([...healthRequest("x".repeat(300)).subarray(5, 8)]).toEqual([0x0a, 0xac, 0x02]);
  });

  test.each<[number[], string | null]>([
    [[0, 0, 0, 0, 2, 0x08, 1], "SERVING"],
    [[0, 0, 0, 0, 0], "UNKNOWN"],
    [[0, 0, 0, 0, 2, 0x08], null],
    [[1, 0, 0, 0, 2, 0x08, 1], null],
    [[0, 0, 0, 0, 2, 0x10, 1], null],
    [[], null],
  ])("%j is %s", (bytes, status) => {
    expect(healthStatus(Buffer.from(bytes))).toBe(status);
  });

  test.each<[string | undefined, string | null]>([
    ["0", "OK"],
    ["14", "UNAVAILABLE"],
    ["17", null],
    ["x", null],
    [undefined, null],
  ])("status %s is %s", (code, name) => expect(grpcStatus(code)).toBe(name));
});

describe("what ping programs print", () => {
  test.each<[string, number | null]>([
    // iputils, BusyBox, macOS
    ["64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.042 ms", 0.042],
    ["64 bytes from 10.0.0.1: seq=0 ttl=64 time=1.250 ms", 1.25],
    ["64 bytes from 10.0.0.1: icmp_seq=0 ttl=64 time<1 ms", 1],
    ["64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.050 ms (DUP!)", null],
    ["3 packets transmitted, 3 received, 0% packet loss, time 406ms", null],
    ["rtt min/avg/max/mdev = 0.014/0.028/0.042/0.011 ms", null],
  ])("%s", (line, time) => expect(replyIn(line)).toBe(time));

  test.each<[string, string | null]>([
    ["ping: socket: Operation not permitted", "ICMP_NOT_ALLOWED"],
    ["ping: permission denied (are you root?)", "ICMP_NOT_ALLOWED"],
    ["From 10.0.0.1 icmp_seq=1 Destination Host Unreachable", "EHOSTUNREACH"],
    ["From 10.0.0.1 icmp_seq=1 Time to live exceeded", "EHOSTUNREACH"],
    ["From 10.0.0.1 icmp_seq=1 Packet filtered", "ICMP_FILTERED"],
    ["ping: connect: Network is unreachable", "ENETUNREACH"],
    ["ping: invalid option -- '6'", "ICMP_UNAVAILABLE"],
    ["PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.", null],
  ])("%s", (line, code) => expect(refusalIn(line)).toBe(code));
});
