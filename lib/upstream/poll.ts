import { SECOND } from "#lib/base/clock.ts";
import { messageOf } from "#lib/base/errors.ts";
import type { Database } from "#lib/store/client.ts";
import {
  forgetUpstreams,
  listUpstreamUrls,
  readUpstreamStatuses,
  saveUpstreamWord,
  type UpstreamWord,
} from "#lib/store/upstream-statuses.ts";

import { fetchText } from "./fetch-text.ts";
import { readStatuspageWord } from "./statuspage-word.ts";

export interface UpstreamPoll {
  /**
   * Asks every provider that a component names, each once.
   * @returns how many were asked
   */
  run(signal: AbortSignal, now?: () => Date): Promise<number>;
}

export interface PollOptions {
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10 * SECOND;
const MAX_BYTES = 256 * 1_024;
/** Providers that are asked at once, and in all. */
const AT_ONCE = 8;
const MOST = 200;

/** Asks providers' status pages, and remembers their entity tags so that most answers are empty. */
export function createUpstreamPoll(db: Database, { timeoutMs = TIMEOUT_MS }: PollOptions = {}): UpstreamPoll {
  const etags = new Map<string, string>();

  async function ask(url: string, signal: AbortSignal): Promise<UpstreamWord> {
    try {
      const options = { timeoutMs, maxBytes: MAX_BYTES, etag: etags.get(url) ?? null, signal };
      const { status, etag, body } = await fetchText(statusAddress(url), options);
      if (status === 304) return "unchanged";
      if (status !== 200) return { error: `It answered ${status}.` };
      const word = readStatuspageWord(body);
      if (typeof word === "string") return { error: word };
      if (etag === null) etags.delete(url);
      else etags.set(url, etag);
      return word;
    } catch (error) {
      return { error: messageOf(error).slice(0, 300) };
    }
  }

  return {
    run: async (signal, now = () => new Date()) => {
      const urls = await listUpstreamUrls(db, MOST);
      await forgetUpstreams(db, urls);
      const said = (await readUpstreamStatuses(db, urls)).filter(({ indicator }) => indicator !== null);
      // "not changed" says something only to who knows what it was
      for (const url of etags.keys()) if (!said.some((row) => row.url === url)) etags.delete(url);
      const queue = [...urls];
      const work = async (): Promise<void> => {
        for (let url = queue.shift(); url !== undefined && !signal.aborted; url = queue.shift()) {
          const word = await ask(url, signal);
          // a worker that stops has learned nothing of the provider
          if (!signal.aborted) await saveUpstreamWord(db, url, word, now());
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return urls.length;
    },
  };
}

/** `https://status.example.com`, with or without a slash or the API's own path, as the API's address. */
export function statusAddress(url: string): string {
  const base = url.replace(/[?#].*$/, "").replace(/\/api\/v2(?:\/[a-z-]+\.json)?\/?$/, "");
  return `${base.replace(/\/+$/, "")}/api/v2/status.json`;
}
