import { createHmac, timingSafeEqual } from "node:crypto";

// a signature made for this purpose alone: it opens nothing else that the secret signs
const PURPOSE = "gatewatch/push/v1";

/**
 * The token with which a job reports to its check. Derived, not stored: every process with the same
 * secret agrees on it, and nobody who reads the database learns it.
 * @param secret GATEWATCH_SECRET
 * @returns 43 characters of base64url, 256 bits
 */
export function pushToken(secret: string, checkId: string): string {
  return createHmac("sha256", secret).update(`${PURPOSE}/${checkId}`).digest("base64url");
}

/** Whether this is the check's token; takes as long for a near miss as for a far one. */
export function isPushToken(candidate: string, secret: string, checkId: string): boolean {
  const expected = Buffer.from(pushToken(secret, checkId));
  const given = Buffer.from(candidate);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * The address that a job calls; whoever knows it can report in the job's name.
 * @param baseUrl e.g. `https://status.example.com`
 */
export function pushLink(baseUrl: string, secret: string, checkId: string): string {
  return new URL(`/api/v1/push/${checkId}/${pushToken(secret, checkId)}`, baseUrl).href;
}
