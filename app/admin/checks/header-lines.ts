import { isSecretName } from "#lib/probe/redact.ts";

/** Stands for a stored value that is not shown again. */
export const MASK = "••••••••";

type Headers = Readonly<Record<string, string>>;

/** Headers as lines of a text field; values that look secret are masked. */
export function toLines(headers: Headers): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${isSecretName(name) ? MASK : value}`)
    .join("\n");
}

export type LinesReading = { readonly headers: Record<string, string> } | { readonly problem: string };

/**
 * Headers from the lines of a text field. A masked value stands for the stored one, as long as it
 * goes to where it went before: otherwise whoever may edit a check could have a secret that they
 * cannot read sent to a server of their own.
 * @param stored of the saved check; null for a new one
 */
export function fromLines(
  text: string,
  stored: { readonly headers: Headers; readonly url: string } | null,
  url: string,
): LinesReading {
  const headers: Record<string, string> = {};
  const known = new Map(
    Object.entries(stored?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  for (const line of text.split("\n").map((part) => part.trim())) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon < 1) return { problem: `“${line}” is not a header; write Name: value, one a line.` };
    const name = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (value !== MASK) {
      headers[name] = value;
      continue;
    }
    const kept = known.get(name.toLowerCase());
    if (kept === undefined) return { problem: `Enter the value of ${name}; there is no stored one.` };
    if (originOf(stored?.url) !== originOf(url)) {
      return { problem: `The address leads to another server: enter the value of ${name} again.` };
    }
    headers[name] = kept;
  }
  return { headers };
}

function originOf(url: string | undefined): string | null {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : null;
}
