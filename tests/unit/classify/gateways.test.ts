import { describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import { GATEWAYS } from "#lib/classify/gateways.ts";

import { HELDOUT_CASES } from "./gateway-cases-heldout.ts";
import { MORE_CASES } from "./gateway-cases-more.ts";
import { CASES as FIRST_CASES, nginxPage, type Case } from "./gateway-cases.ts";
import { answered } from "./observations.ts";

const CASES: readonly Case[] = [...FIRST_CASES, ...MORE_CASES, ...HELDOUT_CASES];

const verdictOf = ([, , , status, headers, body]: Case): ReturnType<typeof classify> =>
  classify(answered(status, headers, body), { slowMs: null, expectStatus: ["200-299"] });

describe("gateways", () => {
  test.each(CASES)("%s: %s", (...entry) => {
    const [, gateway, kind] = entry;
    const verdict = verdictOf(entry);
    expect({ gateway: verdict.gateway, kind: verdict.kind }).toEqual({ gateway, kind });
    expect(verdict.gatewayEvidence.length > 0).toBe(gateway !== null);
  });

  test("every gateway of the table has a case", () => {
    const seen = new Set(CASES.map(([, gateway]) => gateway));
    expect(GATEWAYS.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });

  test("names are told apart and sources are addresses or our own pages", () => {
    expect(new Set(GATEWAYS.map(({ name }) => name)).size).toBe(GATEWAYS.length);
    for (const { source } of GATEWAYS) expect(source).toMatch(/^(https:\/\/|docs\/)/);
  });

  test("evidence is what a person would point at", () => {
    const verdict = classify(
      answered(502, { server: "cloudflare" }, nginxPage("502 Bad Gateway", "nginx/1.22.1")),
      { slowMs: null, expectStatus: ["200-299"] },
    );
    expect(verdict.gateway).toBe("nginx");
    expect(verdict.gatewayEvidence).toEqual([
      "body: <hr><center>nginx/1.22.1</center>",
      "server: cloudflare",
    ]);
  });

  test("an answer that was asked for names nobody", () => {
    const verdict = classify(answered(502, { server: "nginx" }, nginxPage("502 Bad Gateway", "nginx")), {
      slowMs: null,
      expectStatus: [502],
    });
    expect([verdict.outcome, verdict.gateway]).toEqual(["up", null]);
  });
});
