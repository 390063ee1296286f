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

import type { CertificateFacts } from "#lib/model/observation.ts";

import type { Attempt } from "./attempt.ts";
import { ProbeFailure } from "./failure.ts";

export interface Endpoint {
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Null: plain TCP. */
  readonly tls: {
    readonly verify: boolean;
    readonly alpn: readonly string[];
    /** Name that is asked for and that the certificate must hold; the host unless it says otherwise. */
    readonly name?: string;
  } | null;
}

/**
 * Opens a new connection for an attempt: name, TCP and, where asked, TLS, each timed. With several
 * addresses the next one is tried when one does not answer (RFC 8305 in Node's reading).
 * @throws what failed, with the attempt's phase at it; the certificate is kept even when it is refused
 */
export async function openConnection(attempt: Attempt, endpoint: Endpoint): Promise<Socket> {
  const named = isIP(endpoint.host) === 0;
  attempt.phase = named ? "dns" : "connect";
  Object.assign(attempt.timings, { dns: null, connect: null, tls: null, firstByte: null });
  attempt.remote = null;
  attempt.certificate = null;

  const address = {
    host: endpoint.host,
    port: endpoint.port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.min(1_000, Math.max(250, Math.floor(attempt.timeoutMs / 4))),
  };
  let from = performance.now();
  const lap = (phase: "dns" | "connect" | "tls"): void => {
    const now = performance.now();
    attempt.timings[phase] = now - from;
    from = now;
  };

  if (endpoint.tls === null) {
    const socket = attempt.hold(connectTcp(address));
    await established(attempt, socket, lap, "connect");
    return socket;
  }
  const name = endpoint.tls.name ?? endpoint.host;
  // verification is ours: Node's own would drop the socket, and with it the certificate to show.
  // Nothing is sent before it
  const socket = attempt.hold(
    connectTls({
      ...address,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
      ALPNProtocols: [...endpoint.tls.alpn],
      rejectUnauthorized: false,
      secureContext: trustStore(),
    }),
  );
  await established(attempt, socket, lap, "secureConnect");
  attempt.certificate = certificateFacts(socket.getPeerCertificate());
  if (endpoint.tls.verify && !socket.authorized) throw refusedCertificate(socket);
  return socket;
}

let trust: SecureContext | undefined;

/** The authorities this process trusts, read once: doing it for each handshake costs a third of its CPU. */
function trustStore(): SecureContext {
  return (trust ??= createSecureContext());
}

function established(
  attempt: Attempt,
  socket: Socket,
  lap: (phase: "dns" | "connect" | "tls") => void,
  done: "connect" | "secureConnect",
): Promise<void> {
  return attempt.wait<void>((resolve, reject) => {
    socket.once("lookup", (error: Error | null) => {
      if (error !== null) return;
      lap("dns");
      attempt.phase = "connect";
    });
    socket.once("connect", () => {
      lap("connect");
      attempt.remote = remoteOf(socket);
      if (done === "connect") return resolve();
      attempt.phase = "tls";
    });
    if (done === "secureConnect") {
      socket.once("secureConnect", () => {
        lap("tls");
        resolve();
      });
    }
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

function refusedCertificate(socket: TLSSocket): ProbeFailure {
  // Node types it as an Error and sets OpenSSL's code as text
  const code = String(socket.authorizationError);
  return new ProbeFailure(code, `the certificate was refused: ${code}`);
}

/** The facts of a certificate; null when the other side showed none. */
function certificateFacts(certificate: PeerCertificate): CertificateFacts | null {
  // Node hands over an empty object for "none"
  if (certificate.valid_to === undefined) return null;
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: isoOf(certificate.valid_from),
    validTo: isoOf(certificate.valid_to),
    altNames: certificate.subjectaltname ?? "",
  };
}

function nameOf(name: PeerCertificate["subject"] | undefined): string {
  return [name?.CN ?? name?.O ?? ""].flat().join(", ");
}

function isoOf(opensslDate: string): string {
  const date = new Date(opensslDate);
  return Number.isNaN(date.getTime()) ? opensslDate : date.toISOString();
}
