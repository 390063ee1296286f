import type { z } from "zod";

import { GatewatchError, messageOf, type ErrorCode } from "#lib/base/errors.ts";

/** The way to the server. */
export interface ServerLink {
  /**
   * Sends JSON and reads the answer.
   * @throws GatewatchError UNAVAILABLE while the server cannot be reached or is in trouble,
   *   NOT_SIGNED_IN or NOT_PERMITTED when it does not take the token, INPUT_INVALID when it does not
   *   take the request
   */
  post<Schema extends z.ZodType>(path: string, body: unknown, schema: Schema): Promise<z.output<Schema>>;
}

export interface LinkOptions {
  /** Base address of the page. */
  readonly server: string;
  readonly token: string;
  /** Allows plain HTTP to another machine. */
  readonly insecure: boolean;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const CODES: Readonly<Record<number, ErrorCode>> = {
  400: "INPUT_INVALID",
  401: "NOT_SIGNED_IN",
  403: "NOT_PERMITTED",
};

/**
 * @throws GatewatchError CONFIG_INVALID for plain HTTP to another machine: whoever is on the way could
 *   read the token and answer in the server's place
 */
export function createLink({ server, token, insecure, timeoutMs = TIMEOUT_MS }: LinkOptions): ServerLink {
  const base = new URL(server);
  if (base.protocol !== "https:" && !insecure && !isLoopback(base.hostname)) {
    throw new GatewatchError(
      "CONFIG_INVALID",
      "GATEWATCH_SERVER: must begin with https://; GATEWATCH_AGENT_INSECURE=on allows plain HTTP where nobody else is on the way",
    );
  }
  return {
    post: async (path, body, schema) => {
      const response = await send(new URL(path, base), token, body, timeoutMs);
      if (!response.ok) throw await refusal(response);
      const answer = schema.safeParse(await response.json().catch(() => undefined));
      if (answer.success) return answer.data;
      throw new GatewatchError(
        "UNAVAILABLE",
        `${base.host} answers with something else than Gatewatch; correct GATEWATCH_SERVER, or bring both to one version`,
      );
    },
  };
}

async function send(url: URL, token: string, body: unknown, timeoutMs: number): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      // a redirect would carry the token to where it leads
      redirect: "error",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    const why =
      cause instanceof Error && cause.cause !== undefined ? messageOf(cause.cause) : messageOf(cause);
    throw new GatewatchError("UNAVAILABLE", `${url.host} cannot be reached: ${why}`, { cause });
  }
}

async function refusal(response: Response): Promise<GatewatchError> {
  const text = (await response.text().catch(() => "")).slice(0, 500);
  const code = CODES[response.status] ?? "UNAVAILABLE";
  return new GatewatchError(code, `the server answers ${response.status}: ${text}`);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
