/** Where a gateway sends its requests. */
export interface GatewayUpstream {
  /** Default 127.0.0.1; a name is looked up when a request comes, not at the start. */
  readonly host?: string;
  readonly port: number;
}

/** A gateway's setting in words that all programs know. */
export interface GatewayOptions {
  /** Several are taken in turn. */
  readonly upstream: GatewayUpstream | readonly GatewayUpstream[];
  /** Milliseconds to connect to the upstream; default 300. Squid rounds up to seconds. */
  readonly connectMs?: number;
  /** Milliseconds to the upstream's answer; default 600. Apache and Squid round up to seconds. */
  readonly answerMs?: number;
  /** Speaks TLS to the upstream, and takes only certificates of the test authority. */
  readonly upstreamTls?: boolean;
  /** Takes an upstream that has failed out for 30 s. */
  readonly ejects?: boolean;
  /** Port of 127.0.0.1 where names are asked for (`startNameless`); needed when an upstream has a name. */
  readonly resolverPort?: number;
  /** The lines of docs/diagnosis.md that make the gateway say what went wrong. */
  readonly reveals?: boolean;
  /** An error page of one's own instead of the program's, without its name. */
  readonly ownPages?: boolean;
  /** More lines where the program's own go, in its own language. */
  readonly extra?: string;
}

/** The options with what was left out filled in, and where this run of the program lives. */
export interface GatewaySetting extends Required<Omit<GatewayOptions, "upstream">> {
  readonly upstreams: readonly Required<GatewayUpstream>[];
  readonly directory: string;
  readonly port: number;
  /** PEM file with the authority that signed the test certificates. */
  readonly authorityFile: string;
}

/** How a program is started for a setting. */
export interface GatewayPlan {
  /** Files below the setting's directory, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** One real gateway. */
export interface GatewayProgram {
  readonly places: readonly string[];
  /** What to install on Debian when it is missing. */
  readonly debianPackage: string;
  /** Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  readonly plan: (setting: GatewaySetting) => GatewayPlan;
}

/** True when we run as root, and the program has to be told whom to become. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Seconds for programs that count in nothing smaller, rounded up. */
export function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

/** The page that stands in for the program's own. */
export const OWN_PAGE = "<!doctype html><title>Sorry</title><p>Something went wrong on our side.</p>\n";
