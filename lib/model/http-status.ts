/** A status code, or an inclusive range of them such as "200-299". */
export type StatusRange = number | string;

/** True when one of the ranges holds the status. What is not a range matches nothing. */
export function matchesStatus(ranges: readonly StatusRange[], status: number): boolean {
  return ranges.some((range) => {
    if (typeof range === "number") return range === status;
    const [from, to = from] = range.split("-").map(Number);
    return from !== undefined && to !== undefined && from <= status && status <= to;
  });
}
