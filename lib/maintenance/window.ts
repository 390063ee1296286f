import type { FieldProblem } from "#lib/base/errors.ts";
import { readLocalTime } from "#lib/model/local-time.ts";

/** A moment, or a sentence about why it is none. */
export type MomentReading = { readonly at: Date } | { readonly problem: string };

/**
 * Reads a local time of the zone, e.g. `2026-10-25T02:30`.
 * @param repeated which of the two is meant where clocks go back over it
 */
export function readMoment(local: string, timeZone: string, repeated: "earlier" | "later"): MomentReading {
  const reading = readLocalTime(local, timeZone);
  switch (reading.kind) {
    case "exact":
      return { at: reading.at };
    case "repeated":
      return { at: reading[repeated] };
    case "skipped":
      return {
        problem: `This time does not exist in ${timeZone}: the clocks go forward over it. Choose one an hour later.`,
      };
    default:
      return { problem: "Enter a date and a time." };
  }
}

/** The window's moments, or what is wrong with which field. */
export type WindowReading =
  | { readonly scheduledFor: Date; readonly scheduledUntil: Date }
  | { readonly problems: readonly FieldProblem[] };

/**
 * Reads a window that somebody entered in local times (`2026-10-25T02:30`) of the page's zone.
 * Where clocks go back, the start is the first of the two and the end the second, so that the
 * window covers whatever was meant.
 */
export function readWindow(start: string, end: string, timeZone: string): WindowReading {
  const from = readMoment(start, timeZone, "earlier");
  const until = readMoment(end, timeZone, "later");
  if ("at" in from && "at" in until) return { scheduledFor: from.at, scheduledUntil: until.at };
  const problems: FieldProblem[] = [];
  if ("problem" in from) problems.push({ path: "scheduledFor", message: from.problem });
  if ("problem" in until) problems.push({ path: "scheduledUntil", message: until.problem });
  return { problems };
}
