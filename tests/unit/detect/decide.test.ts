import { describe, expect, it } from "vitest";

import { decide, type Decision, type Look, type Standing } from "#lib/detect/decide.ts";
import { silenceLimitMs, type Belief } from "#lib/model/belief.ts";
import { healthOf, type Outcome } from "#lib/model/outcome.ts";

const CHECK = { intervalMs: 10_000, timeoutMs: 5_000, confirmMs: [500, 2_000] };
const T0 = Date.UTC(2026, 0, 15, 12);

function believing(outcome: Outcome, lastSlotAt: number | null = T0): Standing {
  const belief: Belief = { health: healthOf(outcome), outcome, since: T0 - 60_000, lastSlotAt };
  return { belief, suspicion: null };
}

const NEW: Standing = {
  belief: { health: "unknown", outcome: "unknown", since: 0, lastSlotAt: null },
  suspicion: null,
};

/** A look `seconds` after T0; `confirms` names the first sight by its own seconds. */
function look(outcome: Outcome, seconds: number, confirms?: { of: number; last?: boolean }): Look {
  return {
    outcome,
    at: T0 + seconds * 1_000,
    confirms:
      confirms === undefined ? null : { since: T0 + confirms.of * 1_000, last: confirms.last ?? false },
  };
}

/** Plays looks one after the other; what was decided at each. */
function play(standing: Standing, looks: readonly Look[], check = CHECK): Decision[] {
  const decisions: Decision[] = [];
  let now = standing;
  for (const next of looks) {
    const decision = decide(now, next, check);
    decisions.push(decision);
    now = decision.standing;
  }
  return decisions;
}

/** `502@10` for each change of all decisions: what it came to and from when on, in seconds. */
function changes(decisions: readonly Decision[]): string[] {
  return decisions.flatMap((decision) =>
    decision.changes.map(({ to, at }) => `${to.outcome}@${(at - T0) / 1_000}`),
  );
}

const FIRST = 10;
const confirmedBy = (...outcomes: [Outcome, Outcome, Outcome]): Look[] => [
  look(outcomes[0], FIRST),
  look(outcomes[1], FIRST + 0.5, { of: FIRST }),
  look(outcomes[2], FIRST + 2, { of: FIRST, last: true }),
];

describe("a check that goes on as before", () => {
  it.each(["up", "slow", "bad_gateway"] as const)("decides nothing for %s after %s", (outcome) => {
    const [decision] = play(believing(outcome), [look(outcome, 10)]);
    expect(decision).toMatchObject({
      changes: [],
      confirm: false,
      blip: false,
      standing: { suspicion: null },
    });
    expect(decision?.standing.belief.lastSlotAt).toBe(T0 + 10_000);
  });
});

describe("confirmation", () => {
  it.each([
    ["up", "bad_gateway"],
    ["up", "slow"],
    ["slow", "up"],
    ["slow", "connection_refused"],
    ["bad_gateway", "up"],
    ["bad_gateway", "slow"],
    ["bad_gateway", "gateway_timeout"],
  ] as const)("takes %s for %s only after two more looks agree, from the first sight on", (before, after) => {
    const [first, second, third] = play(believing(before), confirmedBy(after, after, after));
    expect(first).toMatchObject({ changes: [], confirm: true, blip: false });
    expect(second).toMatchObject({ changes: [], confirm: false, blip: false });
    expect(third?.changes).toEqual([
      {
        from: expect.objectContaining({ outcome: before }),
        to: { health: healthOf(after), outcome: after },
        at: T0 + FIRST * 1_000,
      },
    ]);
    expect(third?.standing.suspicion).toBeNull();
    expect(third?.standing.belief).toMatchObject({ outcome: after, since: T0 + FIRST * 1_000 });
  });

  it.each([
    ["up", "bad_gateway"],
    ["bad_gateway", "up"],
    ["bad_gateway", "gateway_timeout"],
    ["up", "slow"],
  ] as const)("calls it a blip when %s is back at the first confirmation of %s", (before, after) => {
    const decisions = play(believing(before), confirmedBy(after, before, before));
    expect(changes(decisions)).toEqual([]);
    expect(decisions.map((decision) => decision.blip)).toEqual([false, true, false]);
    expect(decisions.at(-1)?.standing).toMatchObject({ suspicion: null, belief: { outcome: before } });
  });

  it("calls it a blip when the last confirmation disagrees", () => {
    const decisions = play(believing("up"), confirmedBy("bad_gateway", "bad_gateway", "up"));
    expect(changes(decisions)).toEqual([]);
    expect(decisions[2]?.blip).toBe(true);
  });

  it("accepts the confirmations in any order: the first of them may be a slow time-out", () => {
    const decisions = play(believing("up"), [
      look("response_timeout", 10),
      look("response_timeout", 17, { of: 10, last: true }),
      look("response_timeout", 15.5, { of: 10 }),
    ]);
    expect(changes(decisions)).toEqual(["response_timeout@10"]);
    expect(decisions[1]?.changes).toEqual([]);
  });

  it("takes looks that were due anyway as confirmation once they are far enough apart", () => {
    const second = { ...CHECK, intervalMs: 1_000 };
    const looks = [0, 1, 2, 3].map((index) => look("response_timeout", 10 + index));
    expect(changes(play(believing("up"), looks.slice(0, 2), second))).toEqual([]);
    expect(changes(play(believing("up"), looks, second))).toEqual(["response_timeout@10"]);
  });

  it("is refuted by a look that was due anyway, too", () => {
    const decisions = play(believing("up"), [
      look("bad_gateway", 10),
      look("up", 11),
      look("bad_gateway", 12, { of: 10, last: true }),
    ]);
    expect(changes(decisions)).toEqual([]);
    expect(decisions.map(({ confirm, blip }) => [confirm, blip])).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  });

  it("ignores a look that began before the first sight and ended after it", () => {
    const decisions = play(believing("up"), [
      look("bad_gateway", 10),
      look("up", 9),
      ...confirmedBy("bad_gateway", "bad_gateway", "bad_gateway").slice(1),
    ]);
    expect(changes(decisions)).toEqual(["bad_gateway@10"]);
    expect(decisions.every((decision) => !decision.blip)).toBe(true);
  });

  it("counts at once when the check asks for no confirmation", () => {
    const decisions = play(believing("up"), [look("bad_gateway", 10), look("up", 20)], {
      ...CHECK,
      confirmMs: [],
    });
    expect(changes(decisions)).toEqual(["bad_gateway@10", "up@20"]);
    expect(decisions.every((decision) => !decision.confirm)).toBe(true);
  });
});

describe("classes of failure", () => {
  it("goes down when every look fails, each in its own way, and names the commonest", () => {
    const decisions = play(believing("up"), confirmedBy("bad_gateway", "gateway_timeout", "gateway_timeout"));
    expect(changes(decisions)).toEqual(["gateway_timeout@10"]);
  });

  it("names the latest of classes that were seen equally often", () => {
    const decisions = play(
      believing("up"),
      confirmedBy("bad_gateway", "connection_reset", "gateway_timeout"),
    );
    expect(changes(decisions)).toEqual(["gateway_timeout@10"]);
  });

  it("keeps the class while a service that is down fails now this way and now that", () => {
    const decisions = play(
      believing("bad_gateway"),
      confirmedBy("gateway_timeout", "bad_gateway", "gateway_timeout"),
    );
    expect(changes(decisions)).toEqual([]);
    expect(decisions.at(-1)?.standing.belief.outcome).toBe("bad_gateway");
  });
});

describe("a refuted suspicion", () => {
  it("gives way to what refuted it, once", () => {
    const decisions = play(believing("up"), [
      look("slow", 10),
      look("bad_gateway", 10.5, { of: 10 }),
      look("bad_gateway", 11, { of: 10.5 }),
      look("bad_gateway", 12.5, { of: 10.5, last: true }),
    ]);
    expect(decisions.map((decision) => decision.confirm)).toEqual([true, true, false, false]);
    expect(changes(decisions)).toEqual(["bad_gateway@10.5"]);
  });

  it("does not have a flapping target looked at without end", () => {
    const decisions = play(believing("up"), [
      look("slow", 10),
      look("bad_gateway", 10.5, { of: 10 }),
      look("slow", 11, { of: 10.5 }),
      look("bad_gateway", 12, { of: 10, last: true }),
      look("bad_gateway", 12.5, { of: 10.5, last: true }),
    ]);
    expect(decisions.filter((decision) => decision.confirm)).toHaveLength(2);
    expect(changes(decisions)).toEqual([]);
  });

  it("begins anew at the next look that is due", () => {
    const decisions = play(believing("up"), [look("slow", 10), look("bad_gateway", 20)]);
    expect(decisions.map((decision) => decision.confirm)).toEqual([true, true]);
    expect(decisions[1]?.standing.suspicion).toMatchObject({ outcome: "bad_gateway", since: T0 + 20_000 });
  });
});

describe("the first look ever", () => {
  it.each(["up", "slow"] as const)("is believed at once when it is %s", (outcome) => {
    const [decision] = play(NEW, [look(outcome, 10)]);
    expect(changes([decision as Decision])).toEqual([`${outcome}@10`]);
    expect(decision?.confirm).toBe(false);
  });

  it("has to be confirmed when it failed", () => {
    const decisions = play(NEW, confirmedBy("bad_gateway", "bad_gateway", "bad_gateway"));
    expect(decisions[0]).toMatchObject({ changes: [], confirm: true });
    expect(changes(decisions)).toEqual(["bad_gateway@10"]);
  });

  it("lets an answer through while a first failure is being confirmed", () => {
    const decisions = play(NEW, confirmedBy("bad_gateway", "up", "up"));
    expect(changes(decisions)).toEqual(["up@10.5"]);
  });
});

describe("looks that saw nothing", () => {
  it("change nothing by themselves and do not count as looks", () => {
    const [decision] = play(believing("up"), [look("unknown", 10)]);
    expect(decision).toMatchObject({ changes: [], confirm: false, blip: false });
    expect(decision?.standing.belief.lastSlotAt).toBe(T0);
  });

  it("drop a suspicion instead of confirming it", () => {
    const decisions = play(believing("up"), confirmedBy("bad_gateway", "unknown", "bad_gateway"));
    expect(changes(decisions)).toEqual([]);
    expect(decisions[1]?.blip).toBe(true);
  });

  it("leave nothing to believe after a silence, from the end of the last look's interval on", () => {
    const limit = silenceLimitMs(CHECK) / 1_000;
    const decisions = play(believing("bad_gateway"), [look("unknown", limit), look("unknown", limit + 1)]);
    expect(changes(decisions)).toEqual(["unknown@10"]);
    expect(decisions[0]?.changes).toEqual([]);
  });
});

describe("after a silence", () => {
  it("says unknown for the gap and believes an answer at once", () => {
    const decisions = play(believing("bad_gateway"), [look("up", 600)]);
    expect(changes(decisions)).toEqual(["unknown@10", "up@600"]);
    expect(decisions[0]?.changes[1]?.from).toEqual({
      health: "unknown",
      outcome: "unknown",
      since: T0 + 10_000,
      lastSlotAt: T0 + 600_000,
    });
  });

  it("says unknown for the gap and has a failure confirmed", () => {
    const decisions = play(believing("up"), [
      look("bad_gateway", 600),
      look("bad_gateway", 600.5, { of: 600 }),
      look("bad_gateway", 602, { of: 600, last: true }),
    ]);
    expect(changes(decisions)).toEqual(["unknown@10", "bad_gateway@600"]);
  });

  it("does not mistake a long time-out or a slot that was taken over for one", () => {
    expect(changes(play(believing("up"), [look("up", silenceLimitMs(CHECK) / 1_000)]))).toEqual([]);
  });
});

describe("a clock that goes back", () => {
  it("neither makes a silence nor loses the failure", () => {
    const decisions = play(believing("up"), [
      look("bad_gateway", -3_600),
      look("bad_gateway", -3_599.5, { of: -3_600 }),
      look("bad_gateway", -3_598, { of: -3_600, last: true }),
    ]);
    expect(changes(decisions)).toEqual(["bad_gateway@-3600"]);
    expect(decisions.at(-1)?.standing.belief.lastSlotAt).toBe(T0);
  });

  it("lets confirmations count that seem to come before the first sight", () => {
    const decisions = play(believing("up"), [
      look("bad_gateway", 10),
      look("bad_gateway", -3_590, { of: 10 }),
      look("bad_gateway", -3_588, { of: 10, last: true }),
    ]);
    expect(changes(decisions)).toEqual(["bad_gateway@10"]);
  });
});
