import { BlockList, isIP } from "node:net";

/** What is not the public internet (IANA special-purpose registries, RFC 6890). */
const PRIVATE_4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;
const PRIVATE_6 = [
  ["::", 96], // IPv4 written as IPv6 in an old way, and nobody else
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16], // any IPv4 address lies behind these
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const;

const blocked = new BlockList();
for (const [net, bits] of PRIVATE_4) blocked.addSubnet(net, bits, "ipv4");
for (const [net, bits] of PRIVATE_6) blocked.addSubnet(net, bits, "ipv6");

/** True for an address of the public internet. IPv4 inside IPv6 counts as what it is. */
export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPublicAddress(mapped);
  const family = isIP(address);
  return family !== 0 && !blocked.check(address, family === 6 ? "ipv6" : "ipv4");
}
