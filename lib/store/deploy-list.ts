import type { Database } from "./client.ts";

export interface ListedDeploy {
  readonly id: string;
  readonly at: Date;
  /** Null: the whole system. */
  readonly componentId: string | null;
  readonly component: { readonly name: string } | null;
  readonly version: string;
  readonly url: string | null;
  /** Name of the API key, or "command line". */
  readonly source: string;
}

/** Deploy markers, newest first. */
export function listDeploys(db: Database, limit: number): Promise<ListedDeploy[]> {
  return db.deploy.findMany({
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: limit,
    include: { component: { select: { name: true } } },
  });
}
