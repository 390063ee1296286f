import { isIP } from "node:net";

import type { Answer, DecodedPacket } from "dns-packet";

/** Record types that a check can ask for. */
export const RECORD_TYPES = ["A", "AAAA", "CNAME", "MX", "NS", "TXT", "SRV", "CAA", "SOA", "PTR"] as const;
export type DnsRecordType = (typeof RECORD_TYPES)[number];

// RFC 1035, 4.1.1, and the IANA registry of DNS parameters
const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

/** How the server says that it went: NOERROR, NXDOMAIN, …; `RCODE9` for what hardly anybody sends. */
export function rcodeOf({ flags = 0 }: DecodedPacket): string {
  const code = flags & 15;
  return RCODES[code] ?? `RCODE${code}`;
}

/** Records of the asked type in a reply, as text, and the shortest time that one may be kept, in seconds. */
export function recordsOf(
  { answers = [] }: DecodedPacket,
  type: DnsRecordType,
): { readonly texts: string[]; readonly ttl: number | null } {
  const records = answers.filter((answer) => answer.type === type);
  const ttls = records.flatMap((record) => ("ttl" in record && record.ttl !== undefined ? [record.ttl] : []));
  return { texts: records.map(textOf), ttl: ttls.length === 0 ? null : Math.min(...ttls) };
}

/**
 * A record's data the way zone files write it, in one spelling: names in lower case without their last
 * dot, addresses in their shortest form, TXT with its strings joined (RFC 7208, 3.3).
 */
function textOf(record: Answer): string {
  switch (record.type) {
    case "MX":
      return canonical("MX", `${record.data.preference ?? 0} ${record.data.exchange}`);
    case "SRV": {
      const { priority = 0, weight = 0, port, target } = record.data;
      return canonical("SRV", `${priority} ${weight} ${port} ${target}`);
    }
    case "TXT":
      return [record.data].flat().map(String).join("");
    case "CAA":
      return canonical("CAA", `${record.data.flags ?? 0} ${record.data.tag} ${record.data.value}`);
    case "SOA": {
      const { mname, rname, serial, refresh, retry, expire, minimum } = record.data;
      return canonical("SOA", [mname, rname, serial, refresh, retry, expire, minimum].join(" "));
    }
    case "A":
    case "AAAA":
    case "CNAME":
    case "NS":
    case "PTR":
      return canonical(record.type, record.data);
    default:
      return "";
  }
}

/** What a person wrote down as an expected answer, in the spelling of `recordsOf`. */
export function canonical(type: DnsRecordType, text: string): string {
  if (type === "TXT") return text;
  if (type === "AAAA" && isIP(text) === 6) return new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const words = type === "CAA" ? text.replaceAll('"', "") : text;
  return words
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .map((word) => (word === "." ? word : word.replace(/\.$/, "")))
    .join(" ");
}

/** The name under which an address's PTR record lies (RFC 1035, 3.5; RFC 3596, 2.5). */
export function reverseName(address: string): string {
  if (isIP(address) === 4) return `${address.split(".").toReversed().join(".")}.in-addr.arpa`;
  const [head = "", tail = ""] = canonical("AAAA", address).split("::");
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => "0"), ...groups(tail)];
  const digits = all.map((group) => group.padStart(4, "0")).join("");
  return `${digits.split("").toReversed().join(".")}.ip6.arpa`;
}

function groups(text: string): string[] {
  return text.split(":").filter((group) => group !== "");
}
