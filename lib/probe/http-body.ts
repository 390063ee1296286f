import { Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

import type { Attempt } from "./attempt.ts";
import { decodeText } from "./body-text.ts";
import { PROBE_CODES, ProbeFailure } from "./failure.ts";
import type { Answer } from "./http-answer.ts";

/** What has come of a body so far; it stays readable when reading fails half way. */
export interface Body {
  readonly chunks: Buffer[];
  /** Bytes kept in `chunks`. */
  kept: number;
  /** Bytes that came, kept or not. */
  bytes: number;
  /** True when reading stopped at the cap. */
  capped: boolean;
}

export function emptyBody(): Body {
  return { chunks: [], kept: 0, bytes: 0, capped: false };
}

/** Reads an answer's body into `body`: at most `cap` bytes, of which the first `keep` stay in memory. */
export function readBody(
  attempt: Attempt,
  { status, body: stream, cutOff }: Answer,
  body: Body,
  limits: { readonly cap: number; readonly keep: number },
): Promise<void> {
  return attempt.wait<void>((resolve, reject) => {
    // after 101 the bytes are another protocol's
    if (status === 101) return resolve();
    stream.on("data", (chunk: Buffer) => {
      const room = limits.cap - body.bytes;
      body.bytes += Math.min(chunk.length, room);
      const space = Math.min(limits.keep - body.kept, room);
      if (space > 0) {
        const part = chunk.length > space ? chunk.subarray(0, space) : chunk;
        body.chunks.push(part);
        body.kept += part.length;
      }
      if (chunk.length > room) {
        body.capped = true;
        stream.pause();
        resolve();
      }
    });
    stream.on("end", () => {
      const failure = cutOff();
      if (failure === null) resolve();
      else reject(failure);
    });
    stream.on("error", reject);
  });
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What a body is packed in, lower case; null when it is plain. */
export function encodingOf(headers: Answer["headers"]): string | null {
  const encoding = headers["content-encoding"]?.trim().toLowerCase();
  return encoding === undefined || encoding === "identity" || encoding === "" ? null : encoding;
}

/**
 * The text of a packed body. What unfolds to more than `cap` bytes is cut there and marks the body as
 * capped, so that a small body cannot become a large one in memory.
 * @throws ProbeFailure when it is not what its content-encoding says
 */
export async function unpackedText(
  body: Body,
  encoding: string,
  headers: Answer["headers"],
  cap: number,
): Promise<string> {
  if (body.bytes === 0) return "";
  const decoder = DECODERS[encoding]?.();
  if (decoder === undefined) {
    throw new ProbeFailure(
      PROBE_CODES.bodyUndecodable,
      `content-encoding ${encoding.slice(0, 40)} is not known`,
    );
  }
  const plain: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of Readable.from(body.chunks).pipe(decoder)) {
      plain.push(chunk);
      length += chunk.length;
      if (length <= cap) continue;
      body.capped = true;
      break;
    }
  } catch (error) {
    // a body cut by the cap or by a failure ends in the middle: what came out of it still counts
    if (plain.length === 0 || !body.capped) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProbeFailure(PROBE_CODES.bodyUndecodable, `the body is not ${encoding}: ${reason}`);
    }
  }
  return plainText(plain, headers).slice(0, cap);
}

/** The text of bytes in the charset that the headers name, UTF-8 when they name none. */
export function plainText(chunks: readonly Buffer[], headers: Answer["headers"]): string {
  const bytes = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
  return decodeText(bytes, headers["content-type"]);
}
