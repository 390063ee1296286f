import type { Database, Transaction } from "./client.ts";

export interface DeployRow {
  readonly id: string;
  readonly at: Date;
  /** Null: the whole system. */
  readonly componentId: string | null;
  readonly component: { readonly slug: string; readonly name: string } | null;
  readonly version: string;
  readonly url: string | null;
  /** Name of the API key, or "command line". */
  readonly source: string;
}

const FIELDS = {
  id: true,
  at: true,
  componentId: true,
  component: { select: { slug: true, name: true } },
  version: true,
  url: true,
  source: true,
} as const;

export type NewDeploy = Omit<DeployRow, "component">;

export function insertDeploy(tx: Pick<Transaction, "deploy">, deploy: NewDeploy): Promise<DeployRow> {
  return tx.deploy.create({ data: deploy, select: FIELDS });
}

/** The deploy of that id. */
export function findDeploy(db: Pick<Database, "deploy">, id: string): Promise<DeployRow | null> {
  return db.deploy.findUnique({ where: { id }, select: FIELDS });
}

/** Deploy markers, newest first. */
export function listDeploys(db: Pick<Database, "deploy">, limit: number): Promise<DeployRow[]> {
  return db.deploy.findMany({ orderBy: [{ at: "desc" }, { id: "desc" }], take: limit, select: FIELDS });
}

/** A deploy of the same version of the same thing, at most `withinMs` away from `at`. */
export function findSameDeploy(
  db: Pick<Database, "deploy">,
  deploy: Pick<NewDeploy, "componentId" | "version" | "at">,
  withinMs: number,
): Promise<DeployRow | null> {
  const { componentId, version, at } = deploy;
  const near = { gte: new Date(at.getTime() - withinMs), lte: new Date(at.getTime() + withinMs) };
  return db.deploy.findFirst({ where: { at: near, componentId, version }, select: FIELDS });
}
