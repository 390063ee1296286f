/**
 * A row of days as a drawing of at most six paths.
 *
 * Every run of equal days is one horizontal line; a dash pattern cuts it into days, and the width
 * of the line is the height of the ticks. A day is therefore a handful of bytes, whatever its
 * status, and severity is told by height as well as by colour: fine days stay low, trouble stands up.
 */

/** Width of a tick and of the gap after it, in units of the view box. */
export const TICK = 2;
export const GAP = 1;
const STEP = TICK + GAP;
export const BAR_HEIGHT = 24;

/** Letters of DayLetters in drawing order, with the height of their ticks. */
export const LETTER_HEIGHTS = { "-": 3, o: 12, w: 12, d: 16, p: 20, m: 24 } as const;
export type DayLetter = keyof typeof LETTER_HEIGHTS;

export interface BarPath {
  readonly letter: DayLetter;
  readonly d: string;
}

function isDayLetter(letter: string): letter is DayLetter {
  return letter in LETTER_HEIGHTS;
}

/** A letter that this page does not know, from a newer server, reads as no data. */
export function dayLetter(letters: string, day: number): DayLetter {
  const letter = letters[day] ?? "-";
  return isDayLetter(letter) ? letter : "-";
}

/** One path for each letter that occurs; subpaths start at the left edge of their first day. */
export function barPaths(letters: string): BarPath[] {
  const runs = new Map<DayLetter, string>();
  let start = 0;
  for (let day = 1; day <= letters.length; day += 1) {
    const letter = dayLetter(letters, start);
    if (day < letters.length && dayLetter(letters, day) === letter) continue;
    // the middle of the tick, so that all ticks stand on the bottom edge
    const y = BAR_HEIGHT - LETTER_HEIGHTS[letter] / 2;
    const run = `M${start * STEP} ${y}h${(day - start) * STEP - GAP}`;
    runs.set(letter, (runs.get(letter) ?? "") + run);
    start = day;
  }
  return Array.from(runs, ([letter, d]) => ({ letter, d }));
}

/** Width of the view box for a number of days. */
export function barWidth(days: number): number {
  return Math.max(0, days * STEP - GAP);
}

/** The day under a pointer: `x` from the left edge of a drawing that is `width` wide. */
export function dayAt(x: number, width: number, days: number): number {
  if (days === 0 || !(width > 0)) return 0;
  return Math.min(days - 1, Math.max(0, Math.floor((x / width) * days)));
}

const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -7,
  PageUp: 7,
};

/** The day that a key moves to, or null when the key means nothing here. Without a day: the last. */
export function dayAfterKey(key: string, day: number | null, days: number): number | null {
  if (key === "Home") return 0;
  if (key === "End") return days - 1;
  const step = KEY_STEPS[key];
  if (step === undefined) return null;
  return Math.min(days - 1, Math.max(0, (day ?? days - 1) + (day === null ? 0 : step)));
}

/** The class of a letter, for its colour and the height of its line (app/status.css). */
export const LETTER_TONES: Readonly<Record<DayLetter, string>> = {
  "-": "dn",
  o: "do",
  w: "dw",
  d: "dd",
  p: "dp",
  m: "dm",
};
