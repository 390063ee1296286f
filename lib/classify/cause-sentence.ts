import type { CauseFacts } from "#lib/model/cause-facts.ts";
import type { CauseKind } from "#lib/model/verdict.ts";

/** What happens, for people who run no servers: when it is sure, and when it is likely. */
const LEADS: Readonly<Record<CauseKind, (name: string, sure: boolean) => string>> = {
  overload: (name, sure) => `The servers of ${name} ${sure ? "cannot" : "probably cannot"} keep up`,
  network: (name, sure) => `The connection to ${name} is ${sure ? "" : "probably "}disturbed`,
  configuration: (name, sure) => `Something about ${name} is ${sure ? "" : "probably "}set up wrongly`,
  firewall: (name, sure) =>
    `A firewall or an access rule ${sure ? "" : "probably "}blocks requests to ${name}`,
  planned: (name, sure) => `${name} is ${sure ? "" : "probably "}being worked on`,
  unknown: (name) => `Why ${name} fails is not clear yet`,
};

/** One sentence for everybody: what is the matter, and the strongest reason to think so. */
export function causeSentence(told: {
  readonly kind: CauseKind;
  readonly sure: boolean;
  readonly facts: Pick<CauseFacts, "component">;
  /** Clauses that speak for it, strongest first. */
  readonly findings: readonly string[];
}): string {
  const lead = LEADS[told.kind](told.facts.component, told.sure);
  const [reason] = told.findings;
  return reason === undefined ? `${lead}.` : `${lead}: ${reason}.`;
}
