/** Something on the network that answers unless our own network is gone. */
export interface Canary {
  /** As it was written, for people. */
  readonly text: string;
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port`, `[address]:port` or an http(s) address, of which host and port count; null: it is none. */
export function parseCanary(text: string): Canary | null {
  const isAddress = /^https?:\/\//i.test(text);
  const whole = isAddress ? text : `tcp://${text}`;
  if (/\s/.test(text) || !URL.canParse(whole)) return null;
  const { hostname, port, protocol, username, pathname, search, hash } = new URL(whole);
  const rest = isAddress ? "" : pathname + search + hash;
  if (hostname === "" || username !== "" || rest !== "") return null;
  const number = port === "" ? defaultPort(protocol) : Number(port);
  if (number === 0) return null;
  return { text, host: hostname.replace(/^\[(.*)\]$/, "$1"), port: number };
}

function defaultPort(protocol: string): number {
  if (protocol === "https:") return 443;
  return protocol === "http:" ? 80 : 0;
}
