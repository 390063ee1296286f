import { MASK } from "#lib/probe/secret-fields.ts";

/** Where what a check sends goes to. */
export interface Destination {
  readonly url: string;
  readonly connectTo?: string | undefined;
}

/**
 * True when both lead to the same server. A stored secret may stay only then: whoever may edit a check
 * could otherwise have a secret that they cannot read sent to a server of their own.
 */
export function sameDestination(before: Destination | null, now: Destination): boolean {
  const origin = before === null ? null : originOf(before.url);
  return origin !== null && origin === originOf(now.url) && before?.connectTo === now.connectTo;
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

export type SecretReading = { readonly value: string | undefined } | { readonly problem: string };

/**
 * A secret from its field: empty for none, the mask for the stored one.
 * @param stored null when the check has none, or is new
 */
export function readSecret(text: string, stored: string | null, same: boolean): SecretReading {
  if (text === "") return { value: undefined };
  if (text !== MASK) return { value: text };
  if (stored === null) return { problem: "Enter it; there is no stored one." };
  if (!same) return { problem: "The address leads to another server: enter it again." };
  return { value: stored };
}
