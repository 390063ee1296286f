/**
 * What a `ping` program prints, as far as all of them agree: iputils, BusyBox and those of the BSDs
 * and macOS.
 */

/** Codes of kind `icmp`; what they mean stands in lib/classify/kind-codes.ts. */
export const ICMP_CODES = {
  /** Not a single reply. */
  noReply: "ICMP_NO_REPLY",
  /** More lost than the check allows. */
  loss: "ICMP_LOSS",
  /** A firewall on the way says that it lets none through. */
  filtered: "ICMP_FILTERED",
  /** This system does not let us send echo requests. */
  notAllowed: "ICMP_NOT_ALLOWED",
  /** There is no `ping` program here, or one that does not know our options. */
  unavailable: "ICMP_UNAVAILABLE",
} as const;

/** Round-trip time in milliseconds if the line tells of a reply; null otherwise, also for a second one. */
export function replyIn(line: string): number | null {
  if (line.includes("DUP!")) return null;
  const time = /\b(?:icmp_)?seq=\d+ .*?\btime[=<]([\d.]+) ?ms/.exec(line)?.[1];
  return time === undefined ? null : Number(time);
}

const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/operation not permitted|permission denied|cap_net_raw|are you root/i, ICMP_CODES.notAllowed],
  [/packet filtered|(?:administratively |communication )prohibited|port unreachable/i, ICMP_CODES.filtered],
  [/network is unreachable|cannot assign requested address/i, "ENETUNREACH"],
  // a router on the way, or the kernel for a neighbour that does not answer
  [
    /host is unreachable|no route to host|host unreachable|net(?:work)? unreachable|time to live exceeded/i,
    "EHOSTUNREACH",
  ],
  [
    /invalid option|unrecognized option|unknown option|usage:|address family (?:for hostname )?not supported/i,
    ICMP_CODES.unavailable,
  ],
];

/** The code of an explanation that came instead of a reply; null when the line is none. */
export function refusalIn(line: string): string | null {
  return REFUSALS.find(([pattern]) => pattern.test(line))?.[1] ?? null;
}
