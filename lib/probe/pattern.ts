import { RE2JS } from "re2js";
import { z } from "zod";

/** Tests a text for a pattern; the time it takes grows with the text's length and no faster. */
export type Pattern = (text: string) => boolean;

/**
 * Compiles a regular expression in RE2's syntax (github.com/google/re2/wiki/Syntax): no look-around and no
 * back references, so that no expression and no answer can make a worker stand still.
 * @throws RE2JSException when it is not one
 */
export function compilePattern(source: string): Pattern {
  const compiled = RE2JS.compile(source);
  return (text) => compiled.test(text);
}

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
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return /\(\?[=!<]|\\[1-9]/.test(source)
      ? "uses look-around or a back reference, which RE2's syntax does not have; write it without"
      : `is not a regular expression in RE2's syntax: ${reason.slice(0, 120)}`;
  }
}
