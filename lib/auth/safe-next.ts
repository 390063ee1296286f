/**
 * Where to go after signing in: a path of the admin area, or its start page. Anything that could
 * leave this site ("//evil", "/\evil", "https://…", control characters) becomes the start page.
 */
export function safeNext(next: unknown): string {
  const start = "/admin";
  if (typeof next !== "string" || next.length > 512 || !/^\/[\x21-\x7e]*$/.test(next)) return start;
  const here = "http://here.invalid";
  if (!URL.canParse(next, here)) return start;
  // what the browser would make of it, not what it looks like
  const url = new URL(next, here);
  const inside = url.origin === here && (url.pathname === start || url.pathname.startsWith(`${start}/`));
  return inside ? `${url.pathname}${url.search}` : start;
}
