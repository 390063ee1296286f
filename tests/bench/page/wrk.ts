import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Requests that a keep-alive client with 32 connections gets answered. */
export interface Load {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Ends the program with a sentence when wrk is missing. */
export function requireWrk(): void {
  try {
    execFileSync("sh", ["-c", "command -v wrk"], { stdio: "ignore" });
  } catch {
    console.error(
      "This benchmark needs wrk: `sudo apt-get install wrk` on Debian and Ubuntu, `brew install wrk` on macOS.",
    );
    process.exit(1);
  }
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000 };

function milliseconds(output: string, percentile: string): number {
  const [, value, unit] =
    new RegExp(String.raw`^\s+${percentile}%\s+([\d.]+)(us|ms|s)$`, "m").exec(output) ?? [];
  return Number(value) * (UNITS[unit ?? ""] ?? Number.NaN);
}

/** One run of wrk. Rejects when a request failed or was answered with an error. */
export async function load(
  url: string,
  seconds: number,
  headers: Readonly<Record<string, string>>,
): Promise<Load> {
  const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const { stdout } = await run("wrk", ["-t1", "-c32", `-d${seconds}s`, "--latency", ...given, url]);
  const trouble = /^\s*(?:Non-2xx or 3xx responses|Socket errors):.*$/m.exec(stdout);
  if (trouble !== null) throw new Error(`${url}: ${trouble[0].trim()}`);
  const perSecond = Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(stdout)?.[1]);
  if (!(perSecond > 0)) throw new Error(`wrk said something unexpected:\n${stdout}`);
  return { perSecond, p50: milliseconds(stdout, "50"), p99: milliseconds(stdout, "99") };
}

/** The median of an odd number of values, the upper one of an even number. */
export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Medians of all runs, each figure by itself. */
export function median(loads: readonly Load[]): Load {
  return {
    perSecond: middle(loads.map((load) => load.perSecond)),
    p50: middle(loads.map((load) => load.p50)),
    p99: middle(loads.map((load) => load.p99)),
  };
}
