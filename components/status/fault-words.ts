/** What a failure means for the person who meets it. */
import type { Outcome } from "#lib/model/outcome.ts";
import type { Cause, CauseKind } from "#lib/model/verdict.ts";

/** The first thing that everybody wants to know. */
export const IT_IS_US = "It is us, not you.";

const ARRIVED =
  "If you were paying or sending something, it may or may not have gone through: look at your account or your mail before you do it again.";
const NOT_THROUGH = "Requests do not get through, so nothing that you send now arrives.";

const ADVICE: Readonly<Partial<Record<Outcome, string>>> = {
  bad_gateway: `Try again in a few minutes. ${ARRIVED}`,
  service_unavailable: `Wait a few minutes before you try again; reloading over and over makes it last longer. ${ARRIVED}`,
  gateway_timeout: `Give it a few minutes: what you sent may still be worked on. ${ARRIVED}`,
  server_error: `Try again in a few minutes. ${ARRIVED}`,
  response_timeout: `Give it a few minutes: what you sent may still be worked on. ${ARRIVED}`,
  connection_reset: `Try again in a few minutes. ${ARRIVED}`,
  partial_failure: `Some requests go through: trying again may be enough. ${ARRIVED}`,
  connection_refused: `${NOT_THROUGH} Try again in a few minutes.`,
  connect_timeout: `${NOT_THROUGH} Try again in a few minutes.`,
  dns_failure: `${NOT_THROUGH} There is nothing to repair on your device; try again later.`,
  tls_failure:
    "Do not click through a warning about the certificate, and type no password or card number, until this is over.",
  missed: "There is nothing to do on your side. What it makes may come late.",
};

/** What a visitor can do now. */
export function adviceFor(outcome: Outcome): string {
  return (
    ADVICE[outcome] ??
    "What you see may be wrong or incomplete. Try again in a few minutes before you rely on it."
  );
}

const NAMES: Readonly<Record<Exclude<CauseKind, "unknown">, string>> = {
  overload: "server overload",
  network: "network trouble",
  configuration: "a configuration error",
  firewall: "a firewall or access rule",
  planned: "planned work",
};

/**
 * Only independent evidence that agrees, or proof, comes to this much (docs/diagnosis.md); what is less
 * likely than not is not named.
 */
const VERY_LIKELY = 0.8;
const PROBABLE = 0.5;

/** The confidence in words: "Very likely server overload", "Cause not known yet". */
export function causeTitle(cause: Pick<Cause, "kind" | "confidence">): string {
  if (!isNamed(cause)) return "Cause not known yet";
  return `${cause.confidence >= VERY_LIKELY ? "Very likely" : "Probably"} ${NAMES[cause.kind]}`;
}

type Named = { readonly kind: Exclude<CauseKind, "unknown">; readonly confidence: number };

/** Whether there is a cause to name: what is less likely than not is a guess. */
export function isNamed(cause: Pick<Cause, "kind" | "confidence">): cause is Named {
  return cause.kind !== "unknown" && cause.confidence >= PROBABLE;
}
