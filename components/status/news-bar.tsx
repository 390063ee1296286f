"use client";

import type { LiveState } from "#lib/public/types.ts";

import { isNewer } from "./live-model.ts";

/**
 * On pages that do not rebuild themselves: says that something changed since the page was made,
 * and leaves it to the reader when to lose the place. It lies over the page, so nothing moves.
 */
export function NewsBar({ live, version }: { live: LiveState | undefined; version: string }) {
  const shown = live !== undefined && isNewer(live, { version });
  return (
    <output>
      {shown ? (
        <span className="news">
          Something has changed since this page was loaded. <a href="?">Show it</a>
        </span>
      ) : null}
    </output>
  );
}
