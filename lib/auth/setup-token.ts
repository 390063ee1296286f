import { createHmac, timingSafeEqual } from "node:crypto";

// a signature made for this purpose alone: it opens nothing else that the secret signs
const PURPOSE = "gatewatch/first-owner/v1";

/**
 * The token of the one-time setup link. Derived, not stored: every process and every restart with
 * the same secret agrees on it. It stops working as soon as there is an owner (`createFirstOwner`).
 * @param secret GATEWATCH_SECRET
 * @returns 43 characters of base64url, 256 bits
 */
export function setupToken(secret: string): string {
  return createHmac("sha256", secret).update(PURPOSE).digest("base64url");
}

/** Whether this is the setup token; takes as long for a near miss as for a far one. */
export function isSetupToken(candidate: string, secret: string): boolean {
  const expected = Buffer.from(setupToken(secret));
  const given = Buffer.from(candidate);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * The link that makes the first owner, to be printed where only the operator looks.
 * @param baseUrl e.g. `http://localhost:3000`
 */
export function setupLink(baseUrl: string, secret: string): string {
  const link = new URL("/setup", baseUrl);
  link.searchParams.set("token", setupToken(secret));
  return link.href;
}
