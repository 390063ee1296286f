import type { AnsweredBy, FaultKind } from "#lib/model/verdict.ts";

/**
 * An answer as a public source quotes it, with what is known of it: from a log or a terminal, from a test
 * that imitates a gateway, or from what a browser showed. None of them was used to write a rule.
 */
export interface Capture {
  /**
   * Where it is quoted: a thread, or a search of public code for words that only it has, where the text was
   * found without its address. Nobody has followed those searches.
   */
  readonly source: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** What its source does not show and was added by hand. */
  readonly completed?: string;
  /** Copied from what a browser showed: the markup, which a probe would have seen, is gone. */
  readonly fromScreen?: boolean;
  /** Quoted in somebody's tests, who took it from a gateway or made it up after one. */
  readonly testData?: boolean;
  /** Milliseconds to the answer, where the source tells; otherwise nothing is known, and nothing is claimed. */
  readonly tookMs?: number;
  /** Who wrote it; null: an application, or a program that the table does not have. */
  readonly gateway: string | null;
  /** The kind, where the answer or its source tells it; "open": it cannot be told; left out: not known. */
  readonly kind?: FaultKind | "open";
  readonly answeredBy?: AnsweredBy;
}

/** A search of public code that finds the capture by words of its own. */
export function codeSearch(words: string): string {
  return `https://github.com/search?type=code&q=${encodeURIComponent(words)}`;
}

/** nginx's page and those made after it. */
export function centred(title: string, by: string, body = "<body>", eol = "\n"): string {
  return [
    "<html>",
    `<head><title>${title}</title></head>`,
    body,
    `<center><h1>${title}</h1></center>`,
    ...(by === "" ? [] : [`<hr><center>${by}</center>`]),
    "</body>",
    "</html>",
    "",
  ].join(eol);
}
