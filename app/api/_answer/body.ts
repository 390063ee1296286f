import { GatewatchError } from "#lib/base/errors.ts";

/**
 * The JSON body of a request, read up to a limit and no further.
 * @throws GatewatchError INPUT_INVALID when it is longer than `maxBytes` or no JSON
 */
export async function readJsonBody(request: Request, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new GatewatchError(
        "INPUT_INVALID",
        `The body is longer than ${maxBytes} bytes; send less at once.`,
      );
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    throw new GatewatchError("INPUT_INVALID", "The body is not JSON.", { cause });
  }
}
