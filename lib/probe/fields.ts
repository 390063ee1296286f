import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";

import { z } from "zod";

// RFC 1123 with the underscore that service names have
const HOST_NAME = /^(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/;

function isHost(text: string): boolean {
  return isIP(text) !== 0 || (text.length <= 253 && HOST_NAME.test(text));
}

/** A name or an address to connect to, IPv6 without brackets. */
export const hostSchema = z
  .string()
  .refine(
    isHost,
    "must be a host name or an address, without scheme and port (international names as xn--…)",
  );

/** A TCP port. */
export const portSchema = z
  .number()
  .int("must be a whole number")
  .min(1, "must be between 1 and 65535")
  .max(65_535, "must be between 1 and 65535");

/**
 * An absolute URL without credentials in it.
 * @param schemes the two that may stand there, as people write them, e.g. `http://`
 * @param like an example
 * @param instead where user name and password belong
 * @param fragment whether one may stand there; it is never sent
 */
export function urlSchema(asked: {
  readonly schemes: readonly [plain: string, secure: string];
  readonly like: string;
  readonly instead: string;
  readonly fragment: boolean;
}) {
  const { schemes, like, instead, fragment } = asked;
  const problemOf = (value: string): string | null => {
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null) return `is not a URL; write it with its scheme, like ${like}`;
    if (!schemes.includes(`${url.protocol}//`)) return `must begin with ${schemes.join(" or ")}`;
    if (url.username !== "" || url.password !== "")
      return `must not hold a user name or password; ${instead}`;
    if (!fragment && url.hash !== "") return "must not have a fragment (#…)";
    return url.port === "0" ? "names port 0, on which nothing can listen" : null;
  };
  return z
    .string()
    .max(2048, "is longer than 2,048 characters")
    .superRefine((value, context) => {
      const problem = problemOf(value);
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    });
}

/** The addresses of a name that are tried. */
export const ipFamilySchema = z
  .literal([4, 6, "both"])
  .default("both")
  .describe("Addresses that are tried: `4`, `6`, or `both`.");
export type IpFamily = z.infer<typeof ipFamilySchema>;

/** The name for SNI and for the certificate; addresses cannot be sent there (RFC 6066, 3). */
export const serverNameSchema = z
  .string()
  .max(253)
  .regex(HOST_NAME, "must be a host name")
  .refine((name) => isIP(name) === 0, "must be a name, not an address");

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g;

function areCertificates(pem: string): boolean {
  const blocks = pem.match(CERTIFICATE) ?? [];
  try {
    return blocks.length > 0 && blocks.every((block) => new X509Certificate(block).subject !== null);
  } catch {
    return false;
  }
}

/** One or more certificates as PEM text. */
export const certificatesSchema = z
  .string()
  .max(262_144, "is longer than 256 KiB")
  .refine(areCertificates, "must be certificates as PEM text (-----BEGIN CERTIFICATE-----)");

/** A private key as PEM text, without a passphrase. */
export const privateKeySchema = z
  .string()
  .max(65_536)
  .superRefine((pem, context) => {
    if (/ENCRYPTED/.test(pem)) {
      context.addIssue({ code: "custom", message: "has a passphrase; give it without (openssl pkey)" });
    } else if (!isPrivateKey(pem)) {
      context.addIssue({ code: "custom", message: "must be a private key as PEM text" });
    }
  });

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === "private";
  } catch {
    return false;
  }
}

/** True when the first certificate of a chain belongs to the key; both have been checked by themselves. */
export function isPair(certificates: string, key: string): boolean {
  const [first = ""] = certificates.match(CERTIFICATE) ?? [];
  try {
    return new X509Certificate(first).checkPrivateKey(createPrivateKey(key));
  } catch {
    // one of the two is none, which has been said already
    return true;
  }
}

const HOST_AND_PORT = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i;

/** "192.0.2.7:8443", "[2001:db8::7]:443" in its parts; null when it is none. */
export function splitHostPort(text: string): { readonly host: string; readonly port: number } | null {
  const [, six, other, port] = HOST_AND_PORT.exec(text) ?? [];
  const host = six ?? other ?? "";
  if (!isHost(host) || !portSchema.safeParse(Number(port)).success) return null;
  return { host, port: Number(port) };
}

/** Host and port to connect to instead of what an address says. */
export const hostPortSchema = z
  .string()
  .refine(
    (text) => splitHostPort(text) !== null,
    "must be host:port, like 192.0.2.7:8443 or [2001:db8::7]:443",
  );
