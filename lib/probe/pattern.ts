import { RE2JS } from "re2js";
import { z } from "zod";

/** Tests a text for a pattern; the time it takes grows with the text's length and no faster. */
export type Pattern = (text: string) => boolean;

/** Instructions of a compiled expression; what is beyond has counted repetitions of hundreds. */
const MAX_SIZE = 256;
/**
 * Instructions times characters that one search may cost. The time is linear in both, but an answer that
 * is made for it can need every step: a fifth of a second of CPU in all.
 */
const MAX_STEPS = 2 ** 22;

/**
 * Compiles a regular expression in RE2's syntax (github.com/google/re2/wiki/Syntax): no look-around and no
 * back references, so that no expression and no answer can make a worker stand still. It searches the
 * first 16,384 characters of a text at least, and some 200,000 when the expression is of ordinary length.
 * @throws Error when it is none, or too large
 */
export function compilePattern(source: string): Pattern {
  const compiled = RE2JS.compile(source);
  const size = compiled.programSize();
  if (size > MAX_SIZE) throw new Error(TOO_LARGE);
  const reach = Math.floor(MAX_STEPS / size);
  return (text) => compiled.test(text.length > reach ? `${text.slice(0, reach)}${CUT}` : text);
}

/** No character (Unicode 23.7): where a text is cut, `$` must not find its end. */
const CUT = "\u{10ffff}";

const TOO_LARGE = "is too large an expression; repeat less, or count to less";

/** A regular expression that somebody typed in. */
export const patternSchema = z
  .string()
  .min(1, "must not be empty")
  .max(512, "is longer than 512 characters")
  .superRefine((source, context) => {
    const problem = problemOf(source);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

/** What is wrong with an expression, null when nothing is. */
export function problemOf(source: string): string | null {
  try {
    compilePattern(source);
    return null;
  } catch (error) {
    if (error instanceof Error && error.message === TOO_LARGE) return TOO_LARGE;
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return /\(\?[=!<]|\\[1-9]/.test(source)
      ? "uses look-around or a back reference, which RE2's syntax does not have; write it without"
      : `is not a regular expression in RE2's syntax: ${reason.slice(0, 120)}`;
  }
}
