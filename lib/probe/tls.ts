import { createSecureContext, type SecureContext, type TLSSocket } from "node:tls";

import { z } from "zod";

import { DAY } from "#lib/base/clock.ts";
import type { CertificateFacts, Observation } from "#lib/model/observation.ts";

import { Attempt } from "./attempt.ts";
import { chainOf } from "./certificate.ts";
import { openConnection, refusedCertificate, secure, type TlsWishes } from "./connect.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import { certificatesSchema, hostSchema, ipFamilySchema, portSchema, serverNameSchema } from "./fields.ts";
import type { ProbeOptions } from "./options.ts";
import { presentable } from "./redact.ts";
import { askForTls, STARTTLS } from "./starttls.ts";

/** Where a TLS check connects, and what it asks of the certificate. */
export const tlsTargetSchema = z.strictObject({
  host: hostSchema.describe("Name or address to connect to."),
  port: portSchema.default(443).describe("Port to connect to."),
  ipFamily: ipFamilySchema,
  serverName: serverNameSchema
    .optional()
    .describe("Name for SNI and for the certificate, instead of the host."),
  warnDays: z
    .number()
    .int("must be a whole number of days")
    .min(0, "must be between 0 and 365; 0 does not warn")
    .max(365, "must be between 0 and 365; 0 does not warn")
    .default(14)
    .describe("Days before its end from which on a certificate of the chain counts as expiring."),
  minVersion: z
    .enum(["TLSv1.2", "TLSv1.3"])
    .default("TLSv1.2")
    .describe("Oldest version of TLS that is fine."),
  starttls: z
    .enum(["none", ...STARTTLS])
    .default("none")
    .describe("Protocol that begins in the clear and is asked to go over to TLS."),
  ca: certificatesSchema
    .optional()
    .describe("Certificates of the authorities to trust instead of the system's, as PEM text."),
});
export type TlsTarget = z.infer<typeof tlsTargetSchema>;

/** Shakes hands and reads the certificates; nothing is sent after that. Never rejected. */
export async function probeTls(target: TlsTarget, options: ProbeOptions): Promise<Observation> {
  const attempt = new Attempt(options.timeoutMs, options.signal);
  try {
    const { host, port, ipFamily: family } = target;
    const plain = await openConnection(attempt, { host, port, family, tls: null });
    if (target.starttls !== "none") await askForTls(attempt, plain, target.starttls);
    // refused or not, the chain is worth reading: whether it is trusted is asked afterwards
    const socket = await secure(attempt, plain, host, { ...wishesOf(target), verify: false });
    const chain = chainOf(socket);
    const now = Date.now();
    attempt.details = factsOf(socket, chain, now);
    if (!socket.authorized) throw refusedCertificate(socket);
    return attempt.finish(expiring(chain, target.warnDays, now));
  } catch (error) {
    const failure = toFailure(error);
    return attempt.finish(new ProbeFailure(failure.code, presentable(failure.message, 512)));
  }
}

function wishesOf({ serverName, minVersion, ca }: TlsTarget): Omit<TlsWishes, "verify"> {
  return {
    alpn: [],
    ...(serverName === undefined ? {} : { name: serverName }),
    context: () => contextOf(minVersion, ca),
  };
}

const contexts = new Map<string, SecureContext>();

/** Contexts with the system's authorities are shared: each one reads all of them. */
function contextOf(minVersion: TlsTarget["minVersion"], ca: string | undefined): SecureContext {
  if (ca !== undefined) return createSecureContext({ minVersion, ca });
  const context = contexts.get(minVersion) ?? createSecureContext({ minVersion });
  contexts.set(minVersion, context);
  return context;
}

function factsOf(
  socket: TLSSocket,
  chain: readonly CertificateFacts[],
  now: number,
): Record<string, string | number> {
  const soonest = soonestEnd(chain, now);
  const certificates = chain.map(({ subject, issuer, validFrom, validTo }, i): [string, string] => [
    `certificate ${i + 1}`,
    presentable(`${subject}, issued by ${issuer}, ${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)}`, 256),
  ]);
  return {
    protocol: socket.getProtocol() ?? "unknown",
    cipher: socket.getCipher().name,
    ...(soonest === null ? {} : { daysLeft: daysUntil(soonest.validTo, now) }),
    ...Object.fromEntries(certificates),
  };
}

function expiring(chain: readonly CertificateFacts[], warnDays: number, now: number): ProbeFailure | null {
  const soonest = soonestEnd(chain, now);
  const days = soonest === null ? Infinity : daysUntil(soonest.validTo, now);
  if (soonest === null || days >= warnDays) return null;
  return new ProbeFailure(
    PROBE_CODES.certificateExpiring,
    presentable(`the certificate of ${soonest.subject} ends on ${soonest.validTo} (${days} days)`, 256),
  );
}

/**
 * The certificate whose end ends the chain. Roots are left out: they are this machine's. So is what has
 * ended already in a chain that is fine: it was sent along and is not needed (a cross-signed root, say).
 */
function soonestEnd(chain: readonly CertificateFacts[], now: number): CertificateFacts | null {
  const own = chain.filter(
    ({ subject, issuer, validTo }, i) => i === 0 || (subject !== issuer && Date.parse(validTo) > now),
  );
  return own.toSorted((a, b) => Date.parse(a.validTo) - Date.parse(b.validTo))[0] ?? null;
}

function daysUntil(validTo: string, now: number): number {
  return Math.floor((Date.parse(validTo) - now) / DAY);
}
