"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import useSWR, { type SWRConfiguration } from "swr";

import { MINUTE, SECOND } from "#lib/base/clock.ts";
import type { LiveState, StatusPage } from "#lib/public/types.ts";
import { setServerTime } from "#components/ui/now.tsx";

import { announcement, isNewer, statusesOf, withLive } from "./live-model.ts";

const VISIBLE_MS = 10 * SECOND;
const HIDDEN_MS = MINUTE;
const FIRST_RETRY_MS = 3 * SECOND;
const LONGEST_RETRY_MS = MINUTE;
/** Uptime moves while nothing happens; ten minutes keep its second decimal right. */
const PAGE_MS = 10 * MINUTE;
/** While another web process is a moment behind the one that told us of a version. */
const CATCH_UP_MS = 2 * SECOND;
const ANSWER_MS = 15 * SECOND;

/** The cache in front of the server keeps answering while the server cannot; from this age on it says so. */
const OLD_ANSWER_S = 120;

/**
 * `lost`: the last poll failed and the next ones are spaced out. `old`: there is an answer, but the
 * server has had no data for a while. In both cases what is shown is the last known state.
 */
export type Connection = "live" | "lost" | "old";

async function request(path: string): Promise<Response> {
  // "no-cache": the browser asks with If-None-Match and takes a 304 as the body it has
  const response = await fetch(path, { cache: "no-cache", signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  setServerTime(response.headers.get("date"));
  return response;
}

const fetchPage = async (path: string): Promise<StatusPage> =>
  (await (await request(path)).json()) as StatusPage;

interface Poll {
  readonly live: LiveState;
  readonly old: boolean;
}

async function fetchLive(path: string): Promise<Poll> {
  const response = await request(path);
  const live = (await response.json()) as LiveState;
  return { live, old: isOldAnswer(response.headers.get("age")) };
}

/** Whether an Age header (seconds, absent on a fresh answer) tells of a server without data. */
export function isOldAnswer(age: string | null): boolean {
  return age !== null && Number(age) > OLD_ANSWER_S;
}

/** Doubles from 3 s to 60 s, with up to a quarter of jitter so that visitors do not return as one. */
export function retryDelay(attempt: number, random: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1)) * (1 + random / 4);
}

const backOff: NonNullable<SWRConfiguration["onErrorRetry"]> = (
  _error,
  _key,
  _config,
  revalidate,
  { retryCount },
) => {
  setTimeout(() => void revalidate({ retryCount }), retryDelay(retryCount, Math.random()));
};

const POLLING = {
  refreshInterval: () => (document.visibilityState === "hidden" ? HIDDEN_MS : VISIBLE_MS),
  refreshWhenHidden: true,
  revalidateOnFocus: true,
  focusThrottleInterval: SECOND,
  dedupingInterval: SECOND,
  onErrorRetry: backOff,
} satisfies SWRConfiguration<Poll>;

/** Polls `/api/live`: often where it is looked at, once a minute in a hidden tab. */
export function useLiveState(): { live: LiveState | undefined; connection: Connection } {
  const { data, error } = useSWR<Poll, unknown>("/api/live", fetchLive, POLLING);
  if (error !== undefined) return { live: data?.live, connection: "lost" };
  return { live: data?.live, connection: data?.old === true ? "old" : "live" };
}

/** What changed since the last look, as one sentence for screen readers; "" at first. */
function useNews(page: StatusPage): string {
  const seen = useRef(statusesOf(page));
  const [news, setNews] = useState("");
  useEffect(() => {
    const statuses = statusesOf(page);
    const said = announcement(seen.current, statuses, page.indicator.description);
    seen.current = statuses;
    if (said !== "") setNews(said);
  }, [page]);
  return news;
}

/**
 * The whole page, kept up to date: starts from what the server rendered, lays each poll over it,
 * and fetches the full model when its version moved on.
 */
export function useLivePage(initial: StatusPage): { page: StatusPage; connection: Connection; news: string } {
  const { live, connection } = useLiveState();
  const version = live?.version;
  const pace = useCallback(
    (latest: StatusPage | undefined) =>
      version !== undefined && latest !== undefined && isNewer({ version }, latest) ? CATCH_UP_MS : PAGE_MS,
    [version],
  );
  const { data: fetched = initial, mutate } = useSWR<StatusPage, unknown>("/api/page", fetchPage, {
    fallbackData: initial,
    // the document was the first copy
    revalidateOnMount: false,
    revalidateIfStale: false,
    revalidateOnFocus: false,
    refreshInterval: pace,
    onErrorRetry: backOff,
  });
  const wanted = version !== undefined && isNewer({ version }, fetched) ? version : null;
  useEffect(() => {
    if (wanted !== null) void mutate();
  }, [wanted, mutate]);
  const page = useMemo(() => withLive(fetched, live), [fetched, live]);
  return { page, connection, news: useNews(page) };
}
