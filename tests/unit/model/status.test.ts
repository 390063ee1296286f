import { describe, expect, it } from "vitest";

import { FAILURE_CODES, healthOf, OUTCOMES, outcomeCode, outcomeOf } from "#lib/model/outcome.ts";
import { effectiveStatus, impactOf, statusFromHealths, worstStatus } from "#lib/model/status.ts";

describe("outcome codes", () => {
  it("round-trip, and are what the database's range check allows", () => {
    for (const outcome of OUTCOMES) expect(outcomeOf(outcomeCode(outcome))).toBe(outcome);
    expect(OUTCOMES.length).toBeLessThanOrEqual(64);
    expect(outcomeCode("up")).toBe(0);
    expect(outcomeCode("unknown")).toBe(17);
  });

  it("of a newer version read as unknown", () => {
    expect(outcomeOf(99)).toBe("unknown");
  });

  it("speak for down unless they say up, slow, in part or unknown", () => {
    const notDown = OUTCOMES.filter((outcome) => healthOf(outcome) !== "down");
    expect(notDown).toEqual(["up", "slow", "unknown", "partial_failure", "certificate_expiring"]);
    expect(FAILURE_CODES).toEqual([
      ...OUTCOMES.flatMap((outcome, code) => (healthOf(outcome) === "down" ? [code] : [])).filter(
        (code) => code < 17,
      ),
      outcomeCode("partial_failure"),
      outcomeCode("missed"),
      outcomeCode("reported_failure"),
    ]);
  });
});

describe("statusFromHealths", () => {
  it.each([
    [null, "operational"],
    [[], "unknown"],
    [["unknown"], "unknown"],
    [["up", "unknown"], "operational"],
    [["up", "slow"], "degraded_performance"],
    [["up", "down"], "partial_outage"],
    [["slow", "down"], "partial_outage"],
    [["partial"], "partial_outage"],
    [["up", "partial"], "partial_outage"],
    [["down", "down"], "major_outage"],
    [["down", "unknown"], "major_outage"],
  ] as const)("%j is %s", (healths, status) => {
    expect(statusFromHealths(healths)).toBe(status);
  });
});

describe("effectiveStatus", () => {
  it("lets maintenance cover everything", () => {
    expect(
      effectiveStatus({ measured: "major_outage", incidents: ["partial_outage"], inMaintenance: true }),
    ).toBe("under_maintenance");
  });

  it("takes the worse of checks and incidents", () => {
    const cases = [
      ["operational", ["partial_outage"], "partial_outage"],
      ["major_outage", ["degraded_performance"], "major_outage"],
      ["major_outage", ["operational"], "major_outage"],
      ["operational", [], "operational"],
    ] as const;
    for (const [measured, incidents, expected] of cases) {
      expect(effectiveStatus({ measured, incidents, inMaintenance: false })).toBe(expected);
    }
  });

  it("believes a person when nobody could look", () => {
    expect(effectiveStatus({ measured: "unknown", incidents: ["major_outage"], inMaintenance: false })).toBe(
      "major_outage",
    );
    expect(effectiveStatus({ measured: "unknown", incidents: [], inMaintenance: false })).toBe("unknown");
  });
});

describe("worstStatus and impactOf", () => {
  it("rank trouble above no data, and no data above fine", () => {
    expect(worstStatus(["operational", "unknown", "degraded_performance"])).toBe("degraded_performance");
    expect(worstStatus(["operational", "unknown"])).toBe("unknown");
    expect(worstStatus(["under_maintenance", "operational"])).toBe("operational");
    expect(worstStatus([])).toBe("unknown");
  });

  it("derive an incident's impact from its worst component", () => {
    expect(impactOf(["degraded_performance", "major_outage"])).toBe("critical");
    expect(impactOf(["partial_outage"])).toBe("major");
    expect(impactOf(["degraded_performance"])).toBe("minor");
    expect(impactOf(["operational"])).toBe("none");
    expect(impactOf([])).toBe("none");
  });
});
