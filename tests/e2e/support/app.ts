import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const ROOT = join(import.meta.dirname, "../../..");
const START_MS = 60_000;
const STOP_MS = 15_000;

export interface AppOptions {
  /** Text of a gatewatch.yaml; without it there is none. */
  readonly yaml?: string;
  /** Whether the sample may be set up; default no. */
  readonly sample?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** The product, running as `npm start` runs it. */
export interface App {
  /** `http://localhost:PORT`, without a slash at the end. */
  readonly url: string;
  /** The one-time link that makes the owner; null when there is one already. */
  readonly setupLink: string | null;
  readonly dataDir: string;
  /** Everything that was printed so far. */
  output(): string;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts the product on an empty data directory and a free port.
 * @throws Error with what it printed, when it ends or says nothing for a minute
 */
export async function startApp({ yaml, sample = false, env = {} }: AppOptions = {}): Promise<App> {
  const home = await mkdtemp(join(tmpdir(), "gatewatch-e2e-"));
  // PostgreSQL refuses to be root and then runs as a user who has to get through to its data
  await chmod(home, 0o711);
  const dataDir = join(home, "data");
  const config = join(home, "gatewatch.yaml");
  if (yaml !== undefined) await writeFile(config, yaml);
  const child = spawn(process.execPath, ["bin/start.ts"], {
    cwd: ROOT,
    env: {
      ...withoutSettings(process.env),
      PORT: "0",
      HOST: "127.0.0.1",
      GATEWATCH_DATA_DIR: dataDir,
      GATEWATCH_SAMPLE: sample ? "on" : "off",
      ...(yaml === undefined ? {} : { GATEWATCH_CONFIG: config }),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(home, { recursive: true, force: true });
  };
  try {
    const greeting = await waitForGreeting(child, () => output);
    return { ...greeting, dataDir, output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// a developer's own settings must not reach the product under test
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => name !== "DATABASE_URL" && !name.startsWith("GATEWATCH_"),
  );
  return { ...Object.fromEntries(kept), NODE_ENV: "production" };
}

async function waitForGreeting(
  child: ChildProcess,
  output: () => string,
): Promise<Pick<App, "url" | "setupLink">> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const url = /Status page\s+(http:\/\/\S+)/.exec(output())?.[1];
    // the list of addresses ends with an empty line; before it the link may still be missing
    if (url !== undefined && /Data\s+\S[^]*?\n\n/.test(output())) {
      return {
        url: url.replace(/\/$/, ""),
        setupLink: /Set it up\s+(http:\/\/\S+)/.exec(output())?.[1] ?? null,
      };
    }
    await sleep(50);
  }
  throw new Error(`Gatewatch did not start:\n${output()}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exited;
  clearTimeout(timer);
}
