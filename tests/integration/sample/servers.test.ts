import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { MINUTE, SECOND } from "#lib/base/clock.ts";
import { UPSTREAM_TIMEOUT } from "#lib/sample/proxy.ts";
import { startSampleServers, type SampleServers } from "#lib/sample/servers.ts";

let now = 0;
let servers: SampleServers;

beforeAll(async () => {
  servers = await startSampleServers({ now: () => now });
});
afterAll(() => servers.close());

/** What the component answers once the script stands at `elapsed`. */
async function visit(
  slug: string,
  elapsed: number,
): Promise<{ status: number; server: string | null; via: string | null; body: string; ms: number }> {
  now = elapsed;
  await servers.follow();
  const began = performance.now();
  const response = await fetch(`${servers.address}/${slug}`);
  const { status, headers } = response;
  return {
    status,
    server: headers.get("server"),
    via: headers.get("via"),
    body: await response.text(),
    ms: performance.now() - began,
  };
}

describe("the opening, within two minutes of the start", () => {
  test("the checkout goes down with a 502 and comes back", async () => {
    expect(await visit("sample-checkout-api", 0)).toMatchObject({
      status: 200,
      body: expect.stringContaining('"sample":true'),
    });
    const down = await visit("sample-checkout-api", 30 * SECOND);
    expect(down).toMatchObject({
      status: 502,
      server: "gatewatch-sample-proxy",
      via: "1.1 gatewatch-sample-proxy",
    });
    expect(down.body).toContain("<title>502 Bad Gateway</title>");
    // the others are well meanwhile
    expect((await visit("sample-search", 30 * SECOND)).status).toBe(200);
    expect((await visit("sample-checkout-api", 52 * SECOND)).status).toBe(200);
  });

  test("then search goes down with a 504 and comes back", async () => {
    const down = await visit("sample-search", 70 * SECOND);
    expect(down.status).toBe(504);
    expect(down.body).toContain("504 Gateway Timeout");
    expect(down.ms).toBeGreaterThan(UPSTREAM_TIMEOUT - 50);
    expect((await visit("sample-search", 102 * SECOND)).status).toBe(200);
  });
});

test.each([
  ["closes early", "sample-web-shop", 10 * MINUTE + SECOND, 502],
  ["answers slowly", "sample-images", 20 * MINUTE + SECOND, 200],
  ["sends garbage", "sample-public-api", 29 * MINUTE + SECOND, 502],
  ["hangs", "sample-reports", 40 * MINUTE + SECOND, 504],
  ["refuses", "sample-sign-in", 52 * MINUTE + SECOND, 502],
  ["closes early an hour later again", "sample-web-shop", 70 * MINUTE + SECOND, 502],
])("an origin that %s", async (_, slug, elapsed, status) => {
  expect((await visit(slug, elapsed)).status).toBe(status);
  expect((await visit(slug, elapsed + 2 * MINUTE)).status).toBe(200);
});

test("what has no origin is not found", async () => {
  expect((await visit("nothing", 5 * MINUTE)).status).toBe(404);
});
