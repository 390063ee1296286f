// C0, DEL and C1 except tab and line feed, and the marks that turn the direction of what follows
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Text as a person meant it: control characters out (PostgreSQL refuses NUL, terminals obey the
 * others), line ends as LF, one spelling for each letter (NFC), no blank edges. Emoji, scripts
 * and combining marks stay.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .replaceAll(UNWANTED, "")
    .normalize("NFC")
    .trim();
}

/** The same on one line: every run of white space becomes one space. */
export function cleanLine(text: string): string {
  return cleanText(text).replaceAll(/\s+/gu, " ");
}
