import { readFileSync } from "node:fs";

import { processTree } from "#tests/support/run-program.ts";

// USER_HZ, which Linux has kept at 100 on every architecture that Node runs on
const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has used so far, its threads included (proc(5), `stat`). */
export function cpuSeconds(pid: number): number {
  const [user, system] = statFields(pid);
  return ((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND;
}

/** The same of a process and everything it started, children that have ended included. */
export function treeCpuSeconds(root: number): number {
  let ticks = 0;
  for (const pid of processTree(root)) {
    try {
      const [user = 0, system = 0, childUser = 0, childSystem = 0] = statFields(pid);
      ticks += user + system + (pid === root ? childUser + childSystem : 0);
    } catch {
      // ended meanwhile, and counts among the children of its parent then
    }
  }
  return ticks / TICKS_PER_SECOND;
}

/** utime, stime, cutime and cstime. */
function statFields(pid: number): number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15)
    .map(Number);
}

/** Megabytes in RAM: now, with what is shared counted by share (PSS), and the most so far (RSS). */
export function memoryOf(pid: number): { readonly pss: number; readonly peakRss: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return {
    pss: Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024,
    peakRss: Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024,
  };
}
