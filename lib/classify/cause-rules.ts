import type { CauseKind } from "#lib/model/verdict.ts";

import type { CauseRule } from "./cause-rule.ts";
import { ANSWER_RULES } from "./cause-rules-answer.ts";
import { CONNECTION_RULES } from "./cause-rules-connection.ts";
import { COURSE_RULES } from "./cause-rules-course.ts";
import { PLACE_RULES } from "./cause-rules-place.ts";
import { PLAN_RULES } from "./cause-rules-plan.ts";

/** Every rule that a cause is told from. docs/diagnosis.md shows the same table; a test holds it to it. */
export const CAUSE_RULES: readonly CauseRule[] = [
  ...PLAN_RULES,
  ...ANSWER_RULES,
  ...CONNECTION_RULES,
  ...COURSE_RULES,
  ...PLACE_RULES,
];

/**
 * Log-odds of each cause before anything is known, against "not known". All are below zero: without
 * evidence nothing is claimed. Firewalls and planned work are rarer than the other three.
 */
export const PRIORS: Readonly<Record<CauseKind, number>> = {
  overload: -1.2,
  network: -1.2,
  configuration: -1.2,
  firewall: -1.6,
  planned: -2,
  unknown: 0,
};

/** A cause is named from this share on; below it, "not known" is said with the evidence. */
export const NAMED_FROM = 0.5;
/** From here on a confidence reads as "sure", and takes what `isSure` of cause.ts asks for. */
export const SURE_FROM = 0.8;
/** The most that a cause may have without that. */
export const NOT_SURE = 0.75;
