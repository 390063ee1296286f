// Says that a new version went out, for a pipeline: `npm run deploy:mark -- --version 1.2.3`. With --url
// it calls the API of that installation with GATEWATCH_API_KEY, otherwise it writes to this one's database.
import { parseArgs } from "node:util";

import { GatewatchError, isGatewatchError } from "#lib/base/errors.ts";
import { readEnvironment } from "#lib/config/env.ts";
import { markDeploy, type DeployInput } from "#lib/deploy/mark.ts";
import { sentence } from "#lib/supervise/sentence.ts";

import { withInstalledDatabase } from "./parts/existing-database.ts";

const USAGE =
  "npm run deploy:mark -- --version 1.2.3 [--component slug] [--link https://…] [--at 2026-01-31T12:00:00Z] [--url https://status.example.com]";
const PATIENCE_MS = 15_000;

async function main(): Promise<void> {
  const { url, link, ...said } = readArguments();
  const input = { ...said, ...(link === undefined ? {} : { url: link }) } as DeployInput;
  const told = url === undefined ? await write(input) : await call(url, input);
  process.stdout.write(`Version ${input.version} is ${told ? "noted" : "already noted"}.\n`);
}

function readArguments() {
  try {
    const text = { type: "string" } as const;
    const options = { version: text, component: text, link: text, at: text, url: text };
    const { values } = parseArgs({ options, allowPositionals: false });
    if (values.version !== undefined) return values;
  } catch {
    // the usage says it better
  }
  throw new GatewatchError("INPUT_INVALID", `Say which version went out: ${USAGE}`);
}

async function write(input: DeployInput): Promise<boolean> {
  const order = { input, source: "command line", idempotencyKey: null };
  return withInstalledDatabase("deploy:mark", async (db) => {
    const { created } = await markDeploy(db, { ...order, now: new Date() });
    return created;
  });
}

async function call(base: string, input: DeployInput): Promise<boolean> {
  const key = readEnvironment().GATEWATCH_API_KEY;
  if (key === undefined) {
    throw new GatewatchError(
      "CONFIG_INVALID",
      "GATEWATCH_API_KEY is not set: make a key with `npm run key:create -- --name ci --scope deploys`.",
    );
  }
  if (!URL.canParse(base)) {
    throw new GatewatchError("INPUT_INVALID", "--url takes an address such as https://status.example.com.");
  }
  const address = `${base.replace(/\/+$/, "")}/api/v1/deploys`;
  const response = await send(address, key, input);
  if (response.ok) return response.status === 201;
  throw new GatewatchError("UNAVAILABLE", await refusalOf(response));
}

async function send(address: string, key: string, input: DeployInput): Promise<Response> {
  try {
    return await fetch(address, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(input),
      // the key is for this address alone
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    throw new GatewatchError("UNAVAILABLE", `${address} could not be reached within 15 s.`, { cause: error });
  }
}

async function refusalOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const { error } = (body ?? {}) as { error?: { message?: unknown; problems?: unknown } };
  const problems = Array.isArray(error?.problems)
    ? error.problems.map(({ path, message }: { path: string; message: string }) => `${path} ${message}`)
    : [];
  const said = typeof error?.message === "string" ? error.message : "It does not say why.";
  return [`The page answered ${response.status}: ${said}`, ...problems].join("\n");
}

try {
  await main();
} catch (error) {
  const problems = isGatewatchError(error) ? error.problems : [];
  const lines = [sentence(error), ...problems.map(({ path, message }) => `${path} ${message}`)];
  process.stderr.write(`${[...new Set(lines)].join("\n")}\n`);
  process.exitCode = 1;
}
