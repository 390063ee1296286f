/** How long a response may be served, in milliseconds from the moment it was rendered. */
export interface Lifetime {
  /** As it is. */
  readonly fresh: number;
  /** On top of it, while a new one is being rendered. */
  readonly whileRevalidating: number;
  /** On top of it, when no new one can be rendered. */
  readonly onError: number;
}

function seconds(directives: ReadonlyMap<string, string>, name: string): number | null {
  const value = directives.get(name);
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : null;
}

/**
 * Reads `Cache-Control` as a shared cache does (RFC 9111 section 5.2.2, RFC 5861).
 * @returns null when the response must not be stored: only what calls itself public is
 */
export function lifetimeOf(cacheControl: string): Lifetime | null {
  const directives = new Map(
    cacheControl.split(",").map((part) => {
      const [name = "", value = ""] = part.trim().split("=", 2);
      return [name.toLowerCase(), value.replaceAll('"', "")];
    }),
  );
  if (
    !directives.has("public") ||
    directives.has("no-store") ||
    directives.has("private") ||
    directives.has("no-cache")
  ) {
    return null;
  }
  const fresh = seconds(directives, "s-maxage") ?? seconds(directives, "max-age") ?? 0;
  if (fresh === 0) return null;
  return {
    fresh,
    whileRevalidating: seconds(directives, "stale-while-revalidate") ?? 0,
    onError: seconds(directives, "stale-if-error") ?? 0,
  };
}
