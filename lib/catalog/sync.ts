import { access } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

import { isGatewatchError, messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";
import { processVariables, type Variables } from "#lib/config/placeholders.ts";
import { watchFile, type WatchOptions } from "#lib/config/watch-file.ts";
import type { Database } from "#lib/store/client.ts";

import { reconcile } from "./reconcile.ts";
import { parseConfig, readConfigFile, readConfigText, type GatewatchConfig } from "./yaml-config.ts";

// beside package.json
const DEFAULT_PATH = join(import.meta.dirname, "../../gatewatch.yaml");

/**
 * gatewatch.yaml at a start: the file that GATEWATCH_CONFIG names, otherwise the one beside
 * package.json when there is one.
 * @param configured the value of GATEWATCH_CONFIG
 * @returns null when there is no file and none was asked for
 * @throws GatewatchError CONFIG_INVALID when the file is missing though named, or wrong
 */
export async function loadConfigOrFail(configured: string | undefined): Promise<GatewatchConfig | null> {
  if (configured === undefined && !(await exists(DEFAULT_PATH))) return null;
  return readConfigFile(resolve(configured ?? DEFAULT_PATH));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export interface CatalogSync {
  /** Stops watching and waits for a change that is being applied. */
  stop(): Promise<void>;
}

export interface CatalogSyncOptions {
  readonly database: Database;
  readonly log: Log;
  /** The value of GATEWATCH_CONFIG. */
  readonly configured: string | undefined;
  readonly variables?: Variables;
  /** For tests. */
  readonly watch?: Omit<WatchOptions, "signal">;
}

/**
 * Applies gatewatch.yaml now and whenever it changes. Any number of processes may do it. A
 * file that becomes invalid, or goes away, changes nothing: its problems are logged once, and
 * what was good last stays.
 * @throws GatewatchError CONFIG_INVALID when the file is wrong at the start
 */
export async function startCatalogSync(options: CatalogSyncOptions): Promise<CatalogSync> {
  const { configured, log } = options;
  const path = resolve(configured ?? DEFAULT_PATH);
  const file = new SyncedFile(path, options);
  if (configured !== undefined || (await exists(path))) await file.apply(await readConfigText(path));
  const stopping = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  const look = (): Promise<void> => {
    looking = file
      .look()
      .catch((error: unknown) => log.error("gatewatch.yaml could not be applied; trying again", { error }));
    return looking;
  };
  watchFile(path, look, { ...options.watch, signal: stopping.signal });
  return {
    stop: async () => {
      stopping.abort();
      await looking;
    },
  };
}

/** What was applied of a file, and what was refused, so that neither is done twice. */
class SyncedFile {
  private readonly path: string;
  private readonly options: CatalogSyncOptions;
  private applied: string | null = null;
  private refused: string | null = null;

  constructor(path: string, options: CatalogSyncOptions) {
    this.path = path;
    this.options = options;
  }

  async apply(text: string): Promise<void> {
    const { database, log, variables = processVariables() } = this.options;
    const config = parseConfig(text, basename(this.path), variables);
    const { done, warnings } = await reconcile(database, config);
    this.applied = text;
    this.refused = null;
    for (const warning of warnings) log.warn(warning);
    if (Object.keys(done).length > 0) log.info(`${basename(this.path)} applied`, { done });
  }

  /** Applies the file when its text is new; only trouble with the database rejects. */
  async look(): Promise<void> {
    let text = MISSING;
    try {
      text = await readConfigText(this.path);
      if (text === this.applied) this.refused = null;
      if (text === this.applied || text === this.refused) return;
      await this.apply(text);
    } catch (error) {
      if (!isGatewatchError(error, "CONFIG_INVALID")) throw error;
      const known = text === this.refused || (text === MISSING && this.applied === null);
      this.refused = text;
      if (!known) this.options.log.error(`${messageOf(error)}\nNothing was changed.`);
    }
  }
}

// no file has this text: a NUL is not allowed in YAML
const MISSING = "\u0000";
