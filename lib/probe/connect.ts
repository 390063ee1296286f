import { closeSync, openSync } from "node:fs";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { devNull } from "node:os";
import {
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from "node:tls";

import type { Attempt } from "./attempt.ts";
import { certificateFacts } from "./certificate.ts";
import { ProbeFailure } from "./failure.ts";
import type { IpFamily } from "./fields.ts";

export interface Endpoint {
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Which addresses of the name are tried; both unless it says otherwise. */
  readonly family?: IpFamily;
  /** Null: plain TCP. */
  readonly tls: TlsWishes | null;
}

export interface TlsWishes {
  /** Refuse a certificate that is not valid for the name. */
  readonly verify: boolean;
  /** Protocols offered by ALPN; none: the extension is left out. */
  readonly alpn: readonly string[];
  /** Name that is asked for and that the certificate must hold; the host unless it says otherwise. */
  readonly name?: string;
  /** Own authorities, client certificate, versions; the system's authorities otherwise. */
  readonly context?: () => SecureContext;
}

/**
 * Opens a new connection for an attempt: name, TCP and, where asked, TLS, each timed. With several
 * addresses the next one is tried when one does not answer (RFC 8305 in Node's reading).
 * @throws what failed, with the attempt's phase at it; the certificate is kept even when it is refused
 */
export async function openConnection(attempt: Attempt, endpoint: Endpoint): Promise<Socket> {
  const named = isIP(endpoint.host) === 0;
  begin(attempt, named ? "dns" : "connect");
  const lap = stopwatch(attempt);
  const socket = attempt.hold(connectTcp(addressOf(attempt, endpoint, named)));
  await connected(attempt, socket, lap);
  return endpoint.tls === null ? socket : secure(attempt, socket, endpoint.host, endpoint.tls, lap);
}

/** Forgets what the attempt knew of the connection before. */
function begin(attempt: Attempt, phase: "dns" | "connect"): void {
  attempt.phase = phase;
  attempt.timings.dns = null;
  attempt.timings.connect = null;
  attempt.timings.tls = null;
  attempt.timings.firstByte = null;
  attempt.remote = null;
  attempt.certificate = null;
}

type Lap = (phase: "dns" | "connect" | "tls") => void;

function stopwatch(attempt: Attempt): Lap {
  let from = performance.now();
  return (phase) => {
    const now = performance.now();
    attempt.timings[phase] = now - from;
    from = now;
  };
}

function addressOf(attempt: Attempt, { host, port, family = "both" }: Endpoint, named: boolean) {
  if (!named) return { host, port };
  if (family !== "both") return { host, port, family };
  const attemptMs = Math.min(1_000, Math.max(250, Math.floor(attempt.timeoutMs / 4)));
  return { host, port, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: attemptMs };
}

/**
 * Speaks TLS over a connection that stands, timed.
 * @param host what the certificate must be for, unless `wishes` names something else
 * @throws what failed, with the attempt's phase at it; the certificate is kept even when it is refused
 */
export async function secure(
  attempt: Attempt,
  plain: Socket,
  host: string,
  wishes: TlsWishes,
  lap: Lap = stopwatch(attempt),
): Promise<TLSSocket> {
  attempt.phase = "tls";
  const name = wishes.name ?? host;
  let shown: PeerCertificate | undefined;
  // verification is ours: Node's own would drop the socket, and with it the certificate to show.
  // Nothing is sent before it
  const socket = attempt.wrap(
    connectTls({
      socket: plain,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      checkServerIdentity: (_, certificate) => {
        shown = certificate;
        return checkServerIdentity(name, certificate);
      },
      ...(wishes.alpn.length === 0 ? {} : { ALPNProtocols: [...wishes.alpn] }),
      rejectUnauthorized: false,
      secureContext: (wishes.context ?? systemTrust)(),
    }),
  );
  await attempt.wait<void>((resolve, reject) => {
    socket.once("secureConnect", () => {
      lap("tls");
      resolve();
    });
    socket.once("error", reject);
  });
  attempt.certificate = certificateFacts(shown ?? socket.getPeerCertificate());
  if (wishes.verify && !socket.authorized) throw refusedCertificate(socket);
  return socket;
}

let trust: SecureContext | undefined;

/** The authorities this process trusts, read once: doing it for each handshake costs a third of its CPU. */
function systemTrust(): SecureContext {
  return (trust ??= createSecureContext());
}

function connected(attempt: Attempt, socket: Socket, lap: Lap): Promise<void> {
  return attempt.wait<void>((resolve, reject) => {
    if (attempt.phase === "dns") {
      socket.once("lookup", (error: Error | null) => {
        if (error !== null) return;
        lap("dns");
        attempt.phase = "connect";
      });
    }
    socket.once("connect", () => {
      lap("connect");
      attempt.remote = remoteOf(socket);
      resolve();
    });
    socket.once("error", (error) =>
      reject(attempt.phase === "dns" ? (descriptorShortage() ?? error) : error),
    );
  });
}

/**
 * What opening a file fails with, null when it works. A resolver that has no descriptor left to ask with
 * says ENOTFOUND, as if the name did not exist.
 */
function descriptorShortage(): unknown {
  try {
    closeSync(openSync(devNull, "r"));
    return null;
  } catch (error) {
    return error;
  }
}

function remoteOf(socket: Socket): string | null {
  const { remoteAddress: address, remotePort: port } = socket;
  if (address === undefined || port === undefined) return null;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Why a certificate was refused, in OpenSSL's own code. */
export function refusedCertificate(socket: TLSSocket): ProbeFailure {
  // Node types it as an Error and sets OpenSSL's code as text
  const code = String(socket.authorizationError);
  return new ProbeFailure(code, `the certificate was refused: ${code}`);
}
