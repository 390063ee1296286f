import { GatewatchError } from "#lib/base/errors.ts";

/**
 * The body of a request as text, read up to a limit and no further.
 * @throws GatewatchError INPUT_INVALID when it is longer than `maxBytes`
 */
export async function readTextBody(request: Request, maxBytes: number): Promise<string> {
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
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * The JSON body of a request.
 * @throws GatewatchError INPUT_INVALID when it is longer than `maxBytes` or no JSON
 */
export async function readJsonBody(request: Request, maxBytes: number): Promise<unknown> {
  const text = await readTextBody(request, maxBytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GatewatchError("INPUT_INVALID", "The body is not JSON.", { cause });
  }
}
