import { describe, expect, test } from "vitest";

import { requestOrigin } from "#lib/auth/request-origin.ts";

const plain = { baseUrl: undefined, trustProxy: false };
const published = { baseUrl: "https://status.example.org", trustProxy: false };

describe("the origin of a request", () => {
  test.each([
    ["localhost:3000", "http://localhost:3000"],
    ["192.168.1.5:8080", "http://192.168.1.5:8080"],
    ["[::1]:3000", "http://[::1]:3000"],
    ["STATUS.example.org:80", "http://status.example.org"],
  ])("Host %s without configuration", (host, origin) => {
    expect(requestOrigin(new Headers({ host }), plain)).toBe(origin);
  });

  test("the base URL's scheme counts on its own host only", () => {
    expect(requestOrigin(new Headers({ host: "status.example.org" }), published)).toBe(
      "https://status.example.org",
    );
    expect(requestOrigin(new Headers({ host: "10.0.0.7:3000" }), published)).toBe("http://10.0.0.7:3000");
  });

  test("a proxy that rewrites Host is seen through by the browser's own Origin", () => {
    const headers = new Headers({ host: "127.0.0.1:3000", origin: "https://status.example.org" });
    expect(requestOrigin(headers, published)).toBe("https://status.example.org");
  });

  test("another site's Origin changes nothing", () => {
    const headers = new Headers({ host: "status.example.org", origin: "https://evil.example" });
    expect(requestOrigin(headers, published)).toBe("https://status.example.org");
  });

  test("forwarded headers are believed only when that was said", () => {
    const headers = new Headers({
      host: "127.0.0.1:3000",
      "x-forwarded-host": "status.example.net",
      "x-forwarded-proto": "https",
    });
    expect(requestOrigin(headers, plain)).toBe("http://127.0.0.1:3000");
    expect(requestOrigin(headers, { ...plain, trustProxy: true })).toBe("https://status.example.net");
  });

  test.each(["", "a b", "evil.example/path", "user@evil.example", "localhost:99999"])(
    "host %j is no host",
    (host) => {
      expect(requestOrigin(new Headers({ host }), published)).toBe("https://status.example.org");
      expect(requestOrigin(new Headers({ host }), plain)).toBe("http://localhost");
    },
  );
});
