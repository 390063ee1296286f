import { lookup as lookUp, type LookupAddress, type LookupAllOptions } from "node:dns";
import { request as requestHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";

import { isPublicAddress } from "./public-address.ts";

/** An answer that can be read. */
export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: string;
}

export interface FetchOptions {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Asks only for what is not this (RFC 9110, 13.1.2); a 304 comes back then. */
  readonly etag: string | null;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Gets a text from an address that an administrator has set: that one may lie anywhere. Where it
 * redirects to was set by nobody here: another origin is followed only on the public internet, by the
 * address that is really connected to, so that no name can be turned round in between. Nothing that
 * identifies us is sent along.
 * @throws Error with a sentence that says what went wrong
 */
export async function fetchText(address: string, options: FetchOptions): Promise<Answer> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  const start = new URL(address);
  let url = start;
  try {
    for (let redirects = 0; ; redirects++) {
      const answer = await get(url, { ...options, signal, trusted: url.origin === start.origin });
      if (answer.location === null) return answer;
      if (redirects === MAX_REDIRECTS) throw new Error(`It redirects more than ${MAX_REDIRECTS} times.`);
      url = locationOf(answer.location, url);
    }
  } catch (error) {
    if (signal.aborted) throw new Error(`No answer within ${options.timeoutMs / 1_000} s.`, { cause: error });
    throw error;
  }
}

function locationOf(location: string, from: URL): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.username !== "") {
    throw new Error("It redirects to something that is not followed.");
  }
  if (from.protocol === "https:" && url.protocol === "http:") {
    throw new Error("It redirects from https to http, which is not followed.");
  }
  return url;
}

async function get(
  url: URL,
  options: FetchOptions & { readonly trusted: boolean },
): Promise<Answer & { readonly location: string | null }> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!options.trusted && isIP(host) !== 0 && !isPublicAddress(host)) {
    throw new Error("It redirects into a private network, which is not followed.");
  }
  const response = await head(url, {
    // put together by hand: a URL's user name would be sent as credentials
    host,
    port: url.port,
    path: `${url.pathname}${url.search}`,
    agent: false,
    signal: options.signal,
    headers: {
      accept: "application/json",
      "user-agent": "Gatewatch (+status of providers)",
      ...(options.etag === null ? {} : { "if-none-match": options.etag }),
    },
    ...(options.trusted ? {} : { lookup: lookupPublic }),
  });
  const status = response.statusCode ?? 0;
  return {
    status,
    etag: response.headers.etag ?? null,
    body: await readAll(response, options.maxBytes),
    location: REDIRECTS.has(status) ? (response.headers.location ?? null) : null,
  };
}

function head(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === "https:" ? requestHttps(options) : requestHttp(options);
    request.once("error", reject);
    request.once("response", resolve);
    request.end();
  });
}

async function readAll(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      response.destroy();
      throw new Error(`The answer is larger than ${maxBytes / 1_024} KB.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Looks a name up and keeps back what is not public. */
const lookupPublic: LookupFunction = (name, options, callback) => {
  const all: LookupAllOptions = { ...options, all: true };
  lookUp(name, all, (error, addresses: readonly LookupAddress[]) => {
    if (error !== null) return callback(error, []);
    const allowed = addresses.filter(({ address }) => isPublicAddress(address));
    if (allowed.length === 0) {
      return callback(new Error("It redirects into a private network, which is not followed."), []);
    }
    if (options.all === true) return callback(null, [...allowed]);
    const [first] = allowed;
    return callback(null, first?.address ?? "", first?.family);
  });
};
