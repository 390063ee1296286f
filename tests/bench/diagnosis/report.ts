import { CAUSE_KINDS, type CauseKind } from "#lib/model/verdict.ts";
import type { Scenario } from "#tests/support/scenarios/scenario.ts";
import type { Told } from "#tests/support/scenarios/stage.ts";

/** A story that was played. */
export interface Played {
  readonly scenario: Scenario;
  /** What came out, or why nothing did. */
  readonly told: Told | Error;
}

/** What a set of stories came to; shares from 0 to 1. */
export interface Score {
  readonly cases: number;
  /** Of code, gateway and kind together, where the truth is known. */
  readonly answers: number;
  readonly causes: number;
  /** Wrong causes that were given as sure. */
  readonly surelyWrong: number;
}

const SURE = 0.8;

/** Prints how a set of stories went. */
export function report(title: string, played: readonly Played[]): Score {
  console.log(`\n== ${title}: ${played.length} cases`);
  const right = played.filter(
    ({ scenario, told }) => !(told instanceof Error) && told.cause.kind === scenario.truth,
  );
  const wrong = played.filter((each) => !right.includes(each));
  const surely = wrong.filter(({ told }) => !(told instanceof Error) && told.cause.confidence >= SURE);
  console.log(matrix("cause (rows: truth)", CAUSE_KINDS, causesOf(played)));
  for (const each of wrong) console.log(wrongCause(each));
  const asked = played.filter(({ scenario }) => scenario.answer !== undefined);
  const mistaken = asked.filter((each) => mistakes(each).length > 0);
  for (const what of ["outcome", "gateway", "kind"] as const) console.log(confusions(what, asked));
  for (const each of mistaken) console.log(`  MISTAKEN ${each.scenario.name}: ${mistakes(each).join(", ")}`);
  const exact = asked.filter(({ scenario, told }) => {
    const kind = scenario.answer?.kind ?? null;
    return kind !== null && !(told instanceof Error) && told.verdict.kind === kind;
  });
  const withKind = asked.filter(({ scenario }) => (scenario.answer?.kind ?? null) !== null);
  console.log(`kind behind a gateway: named ${share(exact.length, withKind.length)}, else left open`);
  const sure = right.filter(({ told }) => !(told instanceof Error) && told.cause.confidence >= SURE);
  console.log(
    `code, gateway and kind: ${share(asked.length - mistaken.length, asked.length)};` +
      ` cause: ${share(right.length, played.length)}; given as sure: ${sure.length + surely.length}, wrong among them: ${surely.length}`,
  );
  return {
    cases: played.length,
    answers: asked.length === 0 ? 1 : (asked.length - mistaken.length) / asked.length,
    causes: right.length / played.length,
    surelyWrong: surely.length,
  };
}

function share(n: number, of: number): string {
  return `${n} of ${of} (${((100 * n) / Math.max(1, of)).toFixed(1)} %)`;
}

function causesOf(played: readonly Played[]): [string, string][] {
  return played.map(({ scenario, told }) => [
    scenario.truth,
    told instanceof Error ? "(none)" : told.cause.kind,
  ]);
}

function wrongCause({ scenario, told }: Played): string {
  if (told instanceof Error)
    return `  FAILED ${scenario.truth}: ${scenario.name}: ${told.message.split("\n").at(-1)}`;
  const reasons = told.cause.evidence.map(
    ({ rule, weight }) => `${rule} ${weight > 0 ? "+" : ""}${weight.toFixed(1)}`,
  );
  return `  WRONG ${scenario.truth} -> ${told.cause.kind} ${told.cause.confidence.toFixed(2)}: ${scenario.name} [${reasons.join(", ")}]`;
}

/**
 * What was called wrongly. A kind that the answer does not give away is not a mistake as long as the
 * true one is among those that it may be (`kinds`), or none is claimed at all.
 */
function mistakes({ scenario, told }: Played): string[] {
  const { outcome, gateway, kind } = scenario.answer ?? {};
  if (told instanceof Error) return ["it failed"];
  const { verdict } = told;
  const found: string[] = [];
  if (outcome !== undefined && verdict.outcome !== outcome) found.push(`${verdict.outcome} for ${outcome}`);
  if (gateway !== undefined && verdict.gateway !== gateway) found.push(`${verdict.gateway} for ${gateway}`);
  if (kind !== undefined && !isKind(told, kind)) found.push(`${verdict.kind} for ${kind}`);
  return found;
}

function isKind({ verdict }: Told, kind: string | null): boolean {
  if (verdict.kind !== null) return verdict.kind === kind;
  const { kinds } = verdict as { readonly kinds?: readonly string[] };
  return kind === null || kinds === undefined || kinds.length === 0 || kinds.includes(kind);
}

function confusions(what: "outcome" | "gateway" | "kind", asked: readonly Played[]): string {
  const pairs = asked.flatMap(({ scenario, told }): [string, string][] => {
    const truth = scenario.answer?.[what];
    if (truth === undefined) return [];
    return [[String(truth), told instanceof Error ? "(none)" : String(told.verdict[what])]];
  });
  const counts = Map.groupBy(pairs, ([truth, said]) => `${truth} -> ${said}`);
  const lines = [...counts].map(([pair, each]) => `${String(each.length).padStart(5)}  ${pair}`);
  return `${what} (truth -> said)\n${lines.toSorted((a, b) => a.slice(7).localeCompare(b.slice(7))).join("\n")}`;
}

function matrix(title: string, kinds: readonly CauseKind[], pairs: readonly [string, string][]): string {
  const columns = [...kinds, "(none)"];
  const count = (truth: string, said: string): string =>
    String(pairs.filter(([a, b]) => a === truth && b === said).length || ".").padStart(15);
  const head = `${title.padEnd(20)}${columns.map((each) => each.padStart(15)).join("")}`;
  return [
    head,
    ...kinds.map((truth) => `${truth.padEnd(20)}${columns.map((said) => count(truth, said)).join("")}`),
  ].join("\n");
}
