import { isIP } from "node:net";
import { domainToASCII } from "node:url";

import { z } from "zod";

// RFC 1035, 2.3.4, and RFC 8552: underscores begin service names; a hyphen never begins a label, so
// a host can never be taken for an option of a program
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

// what names are written with, before anything interprets it: the parser of names drops line breaks
const WRITTEN = /^[\p{L}\p{M}\p{N}._-]+$/u;

/** True for a name that can be looked up, also an international one, with or without its last dot. */
export function isHostName(value: string): boolean {
  const ascii = domainToASCII(value.replace(/\.$/, ""));
  return (
    WRITTEN.test(value) &&
    ascii !== "" &&
    ascii.length <= 253 &&
    ascii.split(".").every((label) => LABEL.test(label))
  );
}

/** A name or an address (IPv6 without brackets). */
export const hostSchema = z
  .string()
  .max(253, "is longer than 253 characters")
  .refine((value) => isIP(value) !== 0 || isHostName(value), "is neither a host name nor an IP address");

export const portSchema = z.number().int().min(1, "must be at least 1").max(65_535, "must be at most 65,535");

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Takes `host:port`, `[IPv6]:port` and, with a default port, a bare host or address; null when it is none. */
export function parseHostAndPort(text: string, defaultPort: number | null): HostAndPort | null {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const plain = bracketed ?? (isIP(text) === 6 ? null : /^([^:]+)(?::(\d{1,5}))?$/.exec(text));
  const host = plain?.[1] ?? text;
  const port = plain?.[2] === undefined ? defaultPort : Number(plain[2]);
  if (bracketed !== null && isIP(host) !== 6) return null;
  if (port === null || !portSchema.safeParse(port).success || !hostSchema.safeParse(host).success)
    return null;
  return { host, port };
}

/** `host:port` for people, IPv6 in brackets. */
export function hostAndPort({ host, port }: HostAndPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
