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

/** `lost`: the last poll failed and the next ones are spaced out; what is shown is the last known state. */
export type Connection = "live" | "lost";

async function fetchJson<Body>(path: string): Promise<Body> {
  // "no-cache": the browser asks with If-None-Match and takes a 304 as the body it has
  const response = await fetch(path, { cache: "no-cache", signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  setServerTime(response.headers.get("date"));
  return (await response.json()) as Body;
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
} satisfies SWRConfiguration<LiveState>;

/** Polls `/api/live`: often where it is looked at, once a minute in a hidden tab. */
export function useLiveState(): { live: LiveState | undefined; connection: Connection } {
  const { data, error } = useSWR<LiveState, unknown>("/api/live", fetchJson<LiveState>, POLLING);
  return { live: data, connection: error === undefined ? "live" : "lost" };
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
  const { data: fetched = initial, mutate } = useSWR<StatusPage, unknown>(
    "/api/page",
    fetchJson<StatusPage>,
    {
      fallbackData: initial,
      // the document was the first copy
      revalidateOnMount: false,
      revalidateIfStale: false,
      revalidateOnFocus: false,
      refreshInterval: pace,
      onErrorRetry: backOff,
    },
  );
  const wanted = version !== undefined && isNewer({ version }, fetched) ? version : null;
  useEffect(() => {
    if (wanted !== null) void mutate();
  }, [wanted, mutate]);
  const page = useMemo(() => withLive(fetched, live), [fetched, live]);
  return { page, connection, news: useNews(page) };
}
