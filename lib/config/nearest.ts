/** The option that a mistyped word most likely meant, or null when none is near. */
export function nearest(word: string, options: Iterable<string>): string | null {
  let best: string | null = null;
  // about a third of the letters may be wrong
  let least = Math.floor(word.length / 3) + 1;
  for (const option of options) {
    const distance = editDistance(word.toLowerCase(), option.toLowerCase());
    if (distance < least || (distance === least && best === null)) [best, least] = [option, distance];
  }
  return best;
}

/** Levenshtein's distance: letters to insert, remove or replace. One row of the table is kept. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
