import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { closedPort } from "../fake-upstream.ts";

import { apache } from "./apache.ts";
import { caddy } from "./caddy.ts";
import { haproxy } from "./haproxy.ts";
import { nginx } from "./nginx.ts";
import type { GatewayOptions, GatewayPlan, GatewayProgram, GatewaySetting } from "./program.ts";
import { squid } from "./squid.ts";
import { varnish } from "./varnish.ts";

const PROGRAMS = { nginx, haproxy, apache, caddy, varnish, squid } satisfies Record<string, GatewayProgram>;

export type GatewayName = keyof typeof PROGRAMS;

/** A real gateway on loopback in front of an upstream. */
export interface RunningGateway {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts a real gateway in front of what the test gives it.
 * @throws when the program is not installed (a test against the real one must not pass without it), or
 * does not start; its log is in the message
 */
export async function startGateway(name: GatewayName, options: GatewayOptions): Promise<RunningGateway> {
  const program: GatewayProgram = PROGRAMS[name];
  const binary = program.places.find((place) => existsSync(place));
  if (binary === undefined) {
    throw new Error(`${name} is not installed; on Debian: apt-get install ${program.debianPackage}`);
  }
  const directory = await mkdtemp(join(tmpdir(), `gatewatch-${name}-`));
  await chmod(directory, 0o755);
  const port = await closedPort();
  const plan = program.plan(settingOf(options, directory, port));
  await lay(directory, plan);

  const child = spawn(binary, plan.arguments, {
    cwd: directory,
    env: { ...process.env, ...plan.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const exited = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      said += String(error);
      resolve();
    });
    child.once("exit", () => resolve());
  });
  const close = async (): Promise<void> => {
    child.kill(program.stopSignal ?? "SIGTERM");
    const patience = setTimeout(() => child.kill("SIGKILL"), 3_000);
    await exited;
    clearTimeout(patience);
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (await accepts(port)) return { url: `http://127.0.0.1:${port}/`, port, close };
    await sleep(50);
  }
  const log = await readFile(join(directory, "error.log"), "utf8").catch(() => "");
  await close();
  throw new Error(`${name} did not start: ${said}\n${log}`);
}

function settingOf(options: GatewayOptions, directory: string, port: number): GatewaySetting {
  return {
    connectMs: 300,
    answerMs: 600,
    upstreamTls: false,
    ejects: false,
    resolverPort: 0,
    reveals: false,
    ownPages: false,
    extra: "",
    ...options,
    upstreams: [options.upstream].flat().map((upstream) => ({ host: "127.0.0.1", ...upstream })),
    directory,
    port,
    authorityFile: join(directory, "authority.pem"),
  };
}

/** Writes a plan's files, and lets the user that the program becomes write its own beside them. */
async function lay(directory: string, plan: GatewayPlan): Promise<void> {
  const authority = fileURLToPath(new URL("../certs/ca.pem", import.meta.url));
  await writeFile(join(directory, "authority.pem"), await readFile(authority));
  for (const [name, text] of Object.entries(plan.files)) await writeFile(join(directory, name), text);
  await mkdir(join(directory, "work"), { mode: 0o777 });
  await chmod(directory, 0o777);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
