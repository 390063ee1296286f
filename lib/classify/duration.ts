/** "12 ms", "3.4 s". */
export function duration(ms: number): string {
  if (ms < 1) return "less than 1 ms";
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** A longer time in its largest unit, and the next one where that says more: "26 minutes", "1 day 2 hours". */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1_000) * 1_000;
  const index = UNITS.findIndex(([, size]) => seconds >= size);
  if (index < 0) return "under a second";
  const words = UNITS.slice(index, index + 2).map(([name, size], i, [first]) => {
    const count = Math.floor((i === 0 ? seconds : seconds % (first?.[1] ?? 1)) / size);
    return count === 0 ? "" : `${count} ${name}${count === 1 ? "" : "s"}`;
  });
  return words.filter((word) => word !== "").join(" ");
}
