import type { DetailedPeerCertificate, PeerCertificate, TLSSocket } from "node:tls";

import type { CertificateFacts } from "#lib/model/observation.ts";

import { presentable } from "./redact.ts";

/** Characters that are kept of a name, and of all names together: whoever made it could write any number. */
const NAME = 256;
const NAMES = 4_096;

/** The facts of a certificate, fit for the record; null when the other side showed none. */
export function certificateFacts(certificate: PeerCertificate): CertificateFacts | null {
  // Node hands over an empty object for "none"
  if (certificate.valid_to === undefined) return null;
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: isoOf(certificate.valid_from),
    validTo: isoOf(certificate.valid_to),
    altNames: presentable(certificate.subjectaltname ?? "", NAMES),
  };
}

// a server that sends more than this does not send a chain
const MAX_CHAIN = 8;

/** The certificates from the server's own to the root, as far as they are known here. */
export function chainOf(socket: TLSSocket): CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // Node gives a root itself as its issuer
  while (next !== undefined && chain.length < MAX_CHAIN && !seen.has(next.fingerprint256)) {
    const facts = certificateFacts(next);
    if (facts === null) break;
    seen.add(next.fingerprint256);
    chain.push(facts);
    next = next.issuerCertificate;
  }
  return chain;
}

function nameOf(name: PeerCertificate["subject"] | undefined): string {
  return presentable([name?.CN ?? name?.O ?? ""].flat().join(", "), NAME);
}

function isoOf(opensslDate: string): string {
  const date = new Date(opensslDate);
  return Number.isNaN(date.getTime()) ? opensslDate : date.toISOString();
}
