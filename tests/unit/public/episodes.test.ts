import { describe, expect, it } from "vitest";

import { decodeCursor, encodeCursor } from "#lib/public/cursor.ts";
import { currentFault, faultSummary, toPublicEpisode } from "#lib/public/episodes.ts";
import { outcomeCode } from "#lib/model/outcome.ts";

const row = {
  id: "01990000-0000-7000-8000-000000000001",
  componentId: "01990000-0000-7000-8000-000000000002",
  checkId: "01990000-0000-7000-8000-000000000003",
  outcome: outcomeCode("bad_gateway"),
  httpStatus: 502,
  kind: "upstream_refused",
  gateway: "nginx",
  answeredBy: "origin",
  cause: null,
  diagnosedAt: null,
  votes: null,
  startedAt: new Date("2026-03-10T12:00:00.000Z"),
  endedAt: null,
  checks: 4,
  failures: 3,
  regions: ["local"],
  firstEvidence: { http: { headers: { authorization: "secret" } } },
  lastEvidence: null,
  component: { name: "API" },
};

describe("toPublicEpisode", () => {
  it("shows what happened and keeps the evidence inside", () => {
    expect(toPublicEpisode(row)).toEqual({
      id: row.id,
      componentId: row.componentId,
      component: "API",
      outcome: "bad_gateway",
      code: 502,
      kind: "upstream_refused",
      gateway: "nginx",
      answeredBy: "origin",
      cause: null,
      startedAt: "2026-03-10T12:00:00.000Z",
      endedAt: null,
      checks: 4,
      failures: 3,
      regions: ["local"],
    });
  });

  it("reads a kind and a cause that it does not know as none", () => {
    const episode = toPublicEpisode({
      ...row,
      kind: "from_the_future",
      cause: { kind: "?", summary: 1 },
      answeredBy: "moon",
    });
    expect([episode.kind, episode.cause, episode.answeredBy]).toEqual([null, null, null]);
  });

  it("shows of a cause what a rule wrote, and nothing that stands beside it", () => {
    const fact = { rule: "from-one-moment-on", text: "All at once.", weight: 1.2 };
    const cause = { kind: "configuration", confidence: 0.8, summary: "Set up wrongly.", evidence: [fact] };
    const stored = { ...cause, raw: "secret", evidence: [{ ...fact, header: "secret" }, { text: "secret" }] };
    expect(toPublicEpisode({ ...row, cause: stored }).cause).toEqual(cause);
  });
});

describe("what it looks like from outside", () => {
  it.each([
    [
      { outcome: "bad_gateway", code: 502, gateway: "nginx", kind: "upstream_refused" },
      "nginx answers 502 Bad Gateway: the server behind it refuses connections.",
    ],
    [{ outcome: "gateway_timeout", code: 504, gateway: null, kind: null }, "It answers 504 Gateway Timeout."],
    [
      { outcome: "server_error", code: 520, gateway: "Cloudflare", kind: null },
      "Cloudflare answers HTTP 520.",
    ],
    [{ outcome: "dns_failure", code: null, gateway: null, kind: null }, "Its name could not be resolved."],
  ] as const)("%o", (episode, sentence) => {
    expect(faultSummary(episode)).toBe(sentence);
  });

  it("prefers a gateway's answer, then the newest", () => {
    const gateway = toPublicEpisode(row);
    const refused = { ...gateway, outcome: "connection_refused", code: null } as const;
    expect(currentFault([refused, gateway])?.outcome).toBe("bad_gateway");
    expect(currentFault([])).toBeNull();
  });

  it("knows when some requests get through", () => {
    const counts = [
      [4, 4],
      [100, 90],
      [100, 89],
      [4, 1],
    ] as const;
    const said = counts.map(
      ([checks, failures]) => currentFault([toPublicEpisode({ ...row, checks, failures })])?.someGetThrough,
    );
    expect(said).toEqual([false, false, true, true]);
  });

  it("carries the forecast of the episode it tells of", () => {
    const forecast = { cases: 3, of: "page", steps: [] } as const;
    expect(currentFault([toPublicEpisode(row)], new Map([[row.id, forecast]]))?.forecast).toBe(forecast);
  });
});

describe("cursors", () => {
  it("come back as they went", () => {
    expect(decodeCursor(encodeCursor(row))).toEqual({ startedAt: row.startedAt, id: row.id });
  });

  it.each(["", "x", Buffer.from("1.2").toString("base64url"), "%%%"])(
    "refuse %s with what to do",
    (cursor) => {
      expect(() => decodeCursor(cursor)).toThrow("takes the `next` of the page before");
    },
  );
});
