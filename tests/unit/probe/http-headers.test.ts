import { describe, expect, test } from "vitest";

import { keptHeaders } from "#lib/probe/http-headers.ts";

const many = (prefix: string, count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, "x"]));

const HOPS = {
  server: "cloudflare",
  via: "1.1 varnish",
  "x-cache": "MISS",
  "x-served-by": "cache-fra-1",
  "cf-ray": "8f00",
  "cf-cache-status": "DYNAMIC",
  "retry-after": "30",
  "x-amzn-requestid": "r-1",
  "x-amz-cf-pop": "FRA50",
  "x-azure-ref": "ref",
  "x-vercel-id": "fra1::x",
  "fly-request-id": "01F",
  "x-envoy-upstream-service-time": "12",
  "x-nf-request-id": "01N",
  "x-varnish": "1 2",
  age: "7",
  "alt-svc": "clear",
  "x-request-id": "9f",
  "x-upstream-addr": "10.0.0.1:80",
};

describe("kept headers", () => {
  test("those that tell hops survive two hundred others, also others of their families", () => {
    const kept = keptHeaders({ ...many("a-", 100), ...many("cf-x-", 100), ...HOPS }, []);
    expect(Object.keys(kept)).toHaveLength(64);
    expect(kept).toMatchObject(HOPS);
    expect(Object.keys(keptHeaders({ ...many("a-", 200), ...HOPS }, [])).slice(0, 3)).toEqual([
      "server",
      "via",
      "x-cache",
    ]);
  });

  test("a header that came twice shows both values, the same one once", () => {
    expect(keptHeaders({ server: ["nginx", "gunicorn"], via: ["1.1 a", "1.1 a"] }, [])).toEqual({
      server: "nginx, gunicorn",
      via: "1.1 a",
    });
  });

  test("UTF-8 is read as such, anything else as it came", () => {
    const latin = Buffer.from("Käse").toString("latin1");
    expect(keptHeaders({ "x-a": latin, "x-b": "K\u00e4se" }, [])).toEqual({ "x-a": "Käse", "x-b": "Käse" });
  });

  test("values are bounded and hold no controls", () => {
    const { "x-a": value = "", "x-b": short } = keptHeaders(
      { "x-a": "y".repeat(9_000), "x-b": "a\u0001b" },
      [],
    );
    expect(value).toHaveLength(512);
    expect(short).toBe("a\ufffdb");
  });
});
