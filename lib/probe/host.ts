import { isIP } from "node:net";

import { splitHostPort } from "./fields.ts";

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** An address with or without a port: `192.0.2.7:53`, `[2001:db8::7]:53`, `2001:db8::7`; null when it is none. */
export function addressAndPort(text: string, defaultPort: number): HostAndPort | null {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  const parsed = isIP(bare) === 0 ? splitHostPort(text) : { host: bare, port: defaultPort };
  return parsed !== null && isIP(parsed.host) !== 0 ? parsed : null;
}

/** `host:port` for people, IPv6 in brackets. */
export function hostAndPort({ host, port }: HostAndPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
