/** How far into a body a page says its own charset (HTML, 13.2.3.2). */
const META_WITHIN = 1_024;

/** A body's text, in the charset that its header, its first bytes or the page itself name. */
export function decodeText(bytes: Buffer, contentType: string | undefined): string {
  const charset = marked(bytes) ?? named(contentType) ?? interleaved(bytes) ?? saidInside(bytes);
  if (charset === null || charset === "utf-8" || charset === "utf8") return bytes.toString("utf8");
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // a charset that nobody knows: the ASCII in it is still readable
    return bytes.toString("latin1");
  }
}

function named(contentType: string | undefined): string | null {
  return /charset\s*=\s*["']?([\w-]+)/i.exec(contentType ?? "")?.[1]?.toLowerCase() ?? null;
}

/** By its byte order mark, which outranks what a header says (Encoding Standard, 4.1). */
function marked(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

/** Every second byte a zero: UTF-16 of mostly ASCII that does not say so. */
function interleaved(bytes: Buffer): string | null {
  const start = bytes.subarray(0, 64);
  if (start.length < 8) return null;
  const zeros = [0, 1].map((odd) => start.filter((byte, at) => at % 2 === odd && byte === 0).length);
  const [even = 0, odd = 0] = zeros;
  const half = start.length / 2;
  if (odd > half * 0.8 && even === 0) return "utf-16le";
  return even > half * 0.8 && odd === 0 ? "utf-16be" : null;
}

function saidInside(bytes: Buffer): string | null {
  const start = bytes.subarray(0, META_WITHIN).toString("latin1");
  return (
    /<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)/i.exec(start)?.[1]?.toLowerCase() ?? null
  );
}

/** Share of characters that are none from which on a text is not one. */
const BINARY = 0.1;

/**
 * Text for people: of a body that is not text, such as an image or a compressed file, what can be
 * read in it, as the program `strings` shows it.
 */
export function readable(text: string): string {
  const start = text.slice(0, 1_024);
  // oxlint-disable-next-line no-control-regex -- controls are what makes it binary
  const odd = start.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f\ufffd]/g)?.length ?? 0;
  if (odd <= start.length * BINARY) return text;
  const words = text.match(/[\x20-\x7e\u00a1-\u024f]{4,}/g) ?? [];
  return `(not text) ${words.join(" · ")}`;
}
