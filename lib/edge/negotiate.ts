/** Content codings that the cache keeps a body in, best first. */
export const CODINGS = ["br", "gzip", "identity"] as const;
export type Coding = (typeof CODINGS)[number];

function qualities(header: string): Map<string, number> {
  return new Map(
    header
      .toLowerCase()
      .split(",")
      .map((part) => {
        const [name = "", ...parameters] = part.split(";").map((each) => each.trim());
        const q = parameters.find((each) => each.startsWith("q="));
        const quality = q === undefined ? 1 : Number(q.slice(2));
        return [name, Number.isFinite(quality) ? quality : 0];
      }),
  );
}

function negotiate(header: string): Coding {
  const accepted = qualities(header);
  const quality = (coding: Coding) =>
    accepted.get(coding) ?? (coding === "gzip" ? accepted.get("x-gzip") : undefined) ?? accepted.get("*");
  let best: Coding = "identity";
  // identity is always there to fall back on; it only wins when the client prefers it outright
  let bestQuality = accepted.get("identity") ?? 0;
  for (const coding of ["gzip", "br"] as const) {
    const q = quality(coding) ?? 0;
    if (q > 0 && q >= bestQuality) [best, bestQuality] = [coding, q];
  }
  return best;
}

// a handful of browsers and clients make nearly all requests, each with one fixed header
const REMEMBERED = 200;
const known = new Map<string, Coding>();

/** The coding to answer an `Accept-Encoding` header with (RFC 9110 section 12.5.3). */
export function codingFor(header: string | undefined): Coding {
  if (header === undefined || header === "") return "identity";
  const before = known.get(header);
  if (before !== undefined) return before;
  const coding = negotiate(header);
  if (known.size >= REMEMBERED) known.clear();
  known.set(header, coding);
  return coding;
}

/** True when an `If-None-Match` header names this tag (weak comparison, RFC 9110 section 13.1.2). */
export function matchesTag(header: string, tag: string): boolean {
  if (header === tag || header === "*") return true;
  const opaque = tag.replace(/^W\//, "");
  return header.split(",").some((each) => each.trim().replace(/^W\//, "") === opaque);
}
