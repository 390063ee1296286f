import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "../..");

/** A program of this project that runs as a process of its own. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** Lines of standard output so far. */
  readonly lines: readonly string[];
  /** What went to standard error so far. */
  stderr(): string;
  /** The next line, or one that has come already, that `matches`. */
  line(matches: RegExp): Promise<RegExpExecArray>;
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/**
 * Runs a TypeScript file of the project with node.
 * @param file relative to the checkout, e.g. `bin/start.ts`
 * @param env in place of this process's own, but for PATH and HOME
 */
export function runProgram(
  file: string,
  options: { args?: readonly string[]; env?: Record<string, string> } = {},
): RunningProgram {
  const child = spawn(process.execPath, [join(ROOT, file), ...(options.args ?? [])], {
    env: { NODE_ENV: "production", PATH: process.env["PATH"], HOME: process.env["HOME"], ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((look) => look());
  let errors = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    wake();
  });
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once("close", (code, signal) => {
      resolve(code ?? signal ?? "unknown");
      wake();
    });
  });
  return {
    child,
    lines,
    stderr: () => errors,
    ended,
    line: (matches) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.map((line) => matches.exec(line)).find((match) => match !== null);
          if (found !== undefined && found !== null) resolve(found);
          else if (child.exitCode !== null) reject(new Error(`${file} ended before ${matches}: ${errors}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** A process and everything that it started, directly or not. Linux only. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // ended meanwhile
    }
  }
  const tree = [root];
  for (const pid of tree)
    tree.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  return tree;
}

/** `kill -9` of a process and of everything that it started. */
export function killTree(root: number): void {
  for (const pid of processTree(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // ended meanwhile
    }
  }
}
