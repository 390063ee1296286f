import type { Database } from "./client.ts";
import { bumpPublicVersion } from "./public-version.ts";

/** What a provider's status page said when it was last asked. */
export interface UpstreamStatusRow {
  readonly url: string;
  readonly name: string | null;
  /** none, minor, major, critical, maintenance; null: never got an answer. */
  readonly indicator: string | null;
  readonly description: string | null;
  /** Since when it has said so, as far as we have seen. */
  readonly since: Date | null;
  readonly checkedAt: Date;
  /** Why the last try failed; null: it did not. */
  readonly error: string | null;
}

/** Addresses that live components name, each once. */
export async function listUpstreamUrls(db: Database, limit: number): Promise<string[]> {
  const rows = await db.component.findMany({
    where: { upstreamStatusUrl: { not: null }, archivedAt: null },
    select: { upstreamStatusUrl: true },
    distinct: ["upstreamStatusUrl"],
    orderBy: { upstreamStatusUrl: "asc" },
    take: limit,
  });
  return rows.flatMap(({ upstreamStatusUrl: url }) => (url === null ? [] : [url]));
}

/** What these providers say; one that was never asked has no row. */
export function readUpstreamStatuses(db: Database, urls: readonly string[]): Promise<UpstreamStatusRow[]> {
  return db.upstreamStatus.findMany({ where: { url: { in: [...urls] } }, orderBy: { url: "asc" } });
}

/** What was heard of a provider: its word, that it still stands, or why there was none. */
export type UpstreamWord =
  | { readonly name: string; readonly indicator: string; readonly description: string }
  | "unchanged"
  | { readonly error: string };

/**
 * Writes down what was heard at `at`. A word that is new begins now; one that failed leaves what
 * was said before as it is, with the error beside it. Strangers are shown a new word.
 */
export async function saveUpstreamWord(
  db: Database,
  url: string,
  word: UpstreamWord,
  at: Date,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const before = await tx.upstreamStatus.findUnique({ where: { url } });
    const said = typeof word === "object" && "indicator" in word ? word : null;
    const fresh =
      said !== null &&
      (before?.indicator !== said.indicator ||
        before.description !== said.description ||
        before.name !== said.name);
    const error = typeof word === "object" && "error" in word ? word.error : null;
    const fields = { checkedAt: at, error, ...(said !== null && fresh ? { ...said, since: at } : {}) };
    await tx.upstreamStatus.upsert({ where: { url }, create: { url, ...fields }, update: fields });
    if (fresh || ((before?.error ?? null) === null) !== (error === null)) await bumpPublicVersion(tx);
  });
}

/** Forgets providers that no component names any more. */
export async function forgetUpstreams(db: Database, known: readonly string[]): Promise<void> {
  await db.upstreamStatus.deleteMany({ where: { url: { notIn: [...known] } } });
}
