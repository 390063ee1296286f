import type { CauseFacts } from "#lib/model/cause-facts.ts";
import { CAUSE_KINDS, type Cause, type CauseEvidence, type CauseKind } from "#lib/model/verdict.ts";

import { readHistory } from "./cause-history.ts";
import type { CauseRule, Seen } from "./cause-rule.ts";
import { CAUSE_RULES, NAMED_FROM, NOT_SURE, PRIORS, SURE_FROM } from "./cause-rules.ts";
import { causeSentence } from "./cause-sentence.ts";

/** A rule that holds, with what it says. */
interface Finding {
  readonly rule: CauseRule;
  readonly clause: string;
}

/**
 * Why it fails: every rule that holds adds its log-odds to the causes that it speaks of, on top of
 * how common they are; a softmax makes shares of the sums, and the largest share is the
 * confidence (naive Bayes over a table, with "not known" as one of the causes). Pure.
 *
 * Two things keep it from being surely wrong. A cause with less than half of the shares is not
 * named. And more than three quarters it gets only from a proof, or when rules of two families
 * speak for it and none of weight speaks against it.
 */
export function explain(facts: CauseFacts): Cause {
  const seen: Seen = { facts, history: readHistory(facts) };
  const findings = CAUSE_RULES.flatMap((rule): Finding[] => {
    const clause = rule.tell(seen);
    return clause === null ? [] : [{ rule, clause }];
  });
  const shares = sharesOf(findings);
  const best = bestOf(shares);
  const kind = shares[best] >= NAMED_FROM ? best : "unknown";
  // of "not known": how far everything else is from being likely
  const share = kind === "unknown" && best !== "unknown" ? 1 - shares[best] : shares[kind];
  const confidence = isSure(kind, findings) ? share : Math.min(share, NOT_SURE);
  // what is not named is explained by what came nearest to it
  const about = kind === "unknown" && best !== "unknown" ? best : kind;
  return {
    kind,
    confidence: Math.round(confidence * 100) / 100,
    summary: causeSentence({
      kind,
      sure: confidence >= SURE_FROM,
      facts,
      findings: forCause(kind, findings),
    }),
    evidence: evidenceFor(about, findings),
  };
}

type Shares = Readonly<Record<CauseKind, number>>;

function sharesOf(findings: readonly Finding[]): Shares {
  const odds = CAUSE_KINDS.map((kind) =>
    Math.exp(findings.reduce((sum, { rule }) => sum + (rule.weights[kind] ?? 0), PRIORS[kind])),
  );
  const all = odds.reduce((sum, each) => sum + each, 0);
  const share = (kind: CauseKind): number => (odds[CAUSE_KINDS.indexOf(kind)] ?? 0) / all;
  return {
    overload: share("overload"),
    network: share("network"),
    configuration: share("configuration"),
    firewall: share("firewall"),
    planned: share("planned"),
    unknown: share("unknown"),
  };
}

function bestOf(shares: Shares): CauseKind {
  return CAUSE_KINDS.reduce((best, kind) => (shares[kind] > shares[best] ? kind : best), "unknown");
}

/** From this weight on a rule counts as a voice of its own. */
const STRONG = 1;
const STRONGLY_AGAINST = -1.2;

/** Whether a cause may be given with high confidence. */
function isSure(kind: CauseKind, findings: readonly Finding[]): boolean {
  if (kind === "unknown") return false;
  const against = findings.some(({ rule }) => speaksFor(rule, kind) <= STRONGLY_AGAINST);
  const proven = findings.some(({ rule }) => rule.proof === true && (rule.weights[kind] ?? 0) > 0);
  const disproven = findings.some(({ rule }) => rule.proof === true && (rule.weights[kind] ?? 0) <= 0);
  if (proven) return !disproven;
  const families = new Set(
    findings.filter(({ rule }) => speaksFor(rule, kind) >= STRONG).map(({ rule }) => rule.family),
  );
  return families.size >= 2 && !against && !disproven;
}

/**
 * What a rule adds to a cause against the one that it favours most: its own weight, or, when it
 * speaks of other causes only, theirs the other way round.
 */
function speaksFor(rule: CauseRule, kind: CauseKind): number {
  const own = rule.weights[kind];
  if (own !== undefined) return own;
  return -Math.max(0, ...Object.values(rule.weights));
}

function forCause(kind: CauseKind, findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ rule }) => (rule.weights[kind] ?? 0) > 0)
    .toSorted((a, b) => (b.rule.weights[kind] ?? 0) - (a.rule.weights[kind] ?? 0))
    .map(({ clause }) => clause);
}

function evidenceFor(kind: CauseKind, findings: readonly Finding[]): CauseEvidence[] {
  return findings
    .map(({ rule, clause }) => ({
      rule: rule.id,
      text: `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`,
      weight: speaksFor(rule, kind),
    }))
    .filter(({ weight }) => weight !== 0)
    .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}
