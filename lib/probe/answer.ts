import type { IncomingMessage } from "node:http";

import type { HttpObservation } from "#lib/model/observation.ts";

import type { Attempt } from "./attempt.ts";
import { readable } from "./body-text.ts";
import { keptHeaders } from "./http-headers.ts";
import { presentableStart, redactUrl } from "./redact.ts";

const BODY_START = 2_048;
// more is looked at than is kept, so that a secret across the cut is recognised before it is cut
const BODY_LOOK = 2 * BODY_START;

/** What an HTTP answer is made of, whichever version and library it came by. */
export interface AnswerParts {
  readonly url: URL;
  readonly status: number;
  readonly version: string;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  /** The body as far as it was read; decoded. */
  readonly text: string;
  readonly bytes: number;
}

/** An HTTP answer for the record: redacted and cut. For kinds that only begin as HTTP. */
export function answerOf(parts: AnswerParts, secrets: readonly string[]): HttpObservation {
  return {
    status: parts.status,
    version: parts.version,
    headers: keptHeaders(Object.fromEntries(parts.headers), secrets),
    bodyStart: presentableStart(readable(parts.text.slice(0, BODY_LOOK)), BODY_START, secrets),
    bodyBytes: parts.bytes,
    // only its start was asked for: a long error page is not too large
    bodyCapped: false,
    bodyMatched: null,
    url: redactUrl(parts.url, secrets),
    redirects: 0,
  };
}

/** The head of an answer, with as much of its body as is given. */
export function headOf(
  response: IncomingMessage,
  url: URL,
  secrets: readonly string[],
  body: { readonly text: string; readonly bytes: number } = { text: "", bytes: 0 },
): HttpObservation {
  const headers = Object.entries(response.headersDistinct).flatMap(([name, values]): [string, string][] =>
    values === undefined ? [] : [[name, values.join(", ")]],
  );
  const { statusCode: status = 0, httpVersion: version } = response;
  return answerOf({ url, status, version, headers, ...body }, secrets);
}

/**
 * Reads the start of an answer that came instead of another protocol, such as a gateway's error page.
 * What arrives is kept, also when the body breaks off.
 */
export async function keepAnswer(
  attempt: Attempt,
  response: IncomingMessage,
  url: URL,
  secrets: readonly string[],
): Promise<void> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  attempt.http = headOf(response, url, secrets);
  try {
    await attempt.wait<void>((resolve, reject) => {
      response.on("data", (chunk: Buffer) => {
        if (bytes < BODY_LOOK) chunks.push(chunk);
        bytes += chunk.length;
        if (bytes >= BODY_LOOK) resolve();
      });
      response.on("end", resolve);
      response.on("error", reject);
    });
  } finally {
    // nothing was said of accepting encodings: who packs the body all the same is not read
    const packed = response.headers["content-encoding"] !== undefined;
    attempt.http = headOf(response, url, secrets, {
      text: packed ? "" : String(Buffer.concat(chunks)),
      bytes,
    });
  }
}
