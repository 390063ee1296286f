/** `example.org`, `192.168.1.5:3000`, `[::1]:3000`: what a Host header may hold. */
const HOST = /^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?$/i;

export interface OriginSettings {
  /** GATEWATCH_BASE_URL. */
  readonly baseUrl: string | undefined;
  /** Whether X-Forwarded-Host and X-Forwarded-Proto come from a proxy that may be believed. */
  readonly trustProxy: boolean;
}

function firstValue(headers: Headers, name: string): string | null {
  return headers.get(name)?.split(",")[0]?.trim() ?? null;
}

/**
 * The origin that a visitor's browser is on, e.g. `http://192.168.1.5:3000`, so that signing in
 * works on whatever address a self-hoster opens. A page of another site cannot choose it: it
 * controls its own `Origin` header's value, never `Host`.
 * @returns scheme, host and port; the base URL's (or localhost) when the request has no usable host
 */
export function requestOrigin(headers: Headers, settings: OriginSettings): string {
  const base = settings.baseUrl === undefined ? null : new URL(settings.baseUrl);
  // a proxy that rewrites Host still passes the browser's own Origin on
  if (base !== null && headers.get("origin") === base.origin) return base.origin;
  const forwarded = settings.trustProxy ? firstValue(headers, "x-forwarded-host") : null;
  const host = (forwarded ?? headers.get("host") ?? "").toLowerCase();
  if (!HOST.test(host)) return base?.origin ?? "http://localhost";
  const secure =
    (settings.trustProxy && firstValue(headers, "x-forwarded-proto") === "https") ||
    (base?.protocol === "https:" && base.host === host);
  const url = `${secure ? "https" : "http"}://${host}`;
  // URL drops the scheme's own port, as browsers do in Origin
  return URL.canParse(url) ? new URL(url).origin : (base?.origin ?? "http://localhost");
}
