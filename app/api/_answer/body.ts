import { GatewatchError } from "#lib/base/errors.ts";

/**
 * Reads a request's JSON body, no further than it may be long.
 * @throws GatewatchError INPUT_INVALID when it is too long or not JSON
 */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new GatewatchError("INPUT_INVALID", `The body may have at most ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new GatewatchError("INPUT_INVALID", 'The body has to be JSON, e.g. {"version":"1.2.3"}.');
  }
}
