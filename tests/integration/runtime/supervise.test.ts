import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { isAlive } from "#lib/embedded/processes.ts";
import { killTree, runProgram, type RunningProgram } from "#tests/support/run-program.ts";

let family: RunningProgram;

beforeEach(() => {
  family = runProgram("tests/support/programs/family.ts");
});

afterEach(async () => {
  killTree(family.child.pid ?? 0);
  await family.ended;
});

/** Port and process id that the n-th web child reported. */
async function child(n: number): Promise<{ port: number; pid: number }> {
  await expect
    .poll(() => family.lines.filter((line) => line.startsWith("ready")).length, { timeout: 10_000 })
    .toBe(n);
  const [, port, pid] =
    family.lines
      .filter((line) => line.startsWith("ready"))
      .at(-1)
      ?.split(" ") ?? [];
  return { port: Number(port), pid: Number(pid) };
}

function fetchText(port: number, path: string, onBegun: () => void = () => {}): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ port, path, host: "127.0.0.1" }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        onBegun();
      });
      response.on("error", reject);
      response.on("end", () => resolve(text));
    }).on("error", reject);
  });
}

test("a child that crashes is started again, and what waits longer each time is the pause", async () => {
  const first = await child(1);
  await fetchText(first.port, "/crash").catch(() => {});
  const second = await child(2);
  expect(second.pid).not.toBe(first.pid);
  expect(await fetchText(second.port, "/")).toBe("begun and finished");

  await fetchText(second.port, "/crash").catch(() => {});
  await child(3);
  const pauses = [...family.stderr().matchAll(/"inMs":(\d+)/g)].map((match) => Number(match[1]));
  expect(pauses).toEqual([250, 500]);
});

test("SIGTERM lets the request under way finish, takes no new one, stops the rest in order, exits 0", async () => {
  const { port, pid } = await child(1);
  await family.line(/^started$/);
  const begun = Promise.withResolvers<void>();
  const slow = fetchText(port, "/?ms=1500", begun.resolve);
  await begun.promise;
  const signalled = performance.now();
  family.child.kill("SIGTERM");
  await sleep(300);
  await expect(fetchText(port, "/")).rejects.toThrow(/ECONNREFUSED/);
  expect(await slow).toBe("begun and finished");
  expect(await family.ended).toBe(0);
  expect(performance.now() - signalled).toBeLessThan(9_000);
  expect(family.lines.at(-1)).toBe("stopped the last");
  expect(isAlive(pid)).toBe(false);
});

test("a request that does not end is cut within the ten seconds; a second signal cuts it sooner", async () => {
  const { port } = await child(1);
  await family.line(/^started$/);
  const begun = Promise.withResolvers<void>();
  const endless = fetchText(port, "/?ms=600000", begun.resolve).catch((error: unknown) => String(error));
  await begun.promise;
  const signalled = performance.now();
  family.child.kill("SIGINT");
  await sleep(200);
  family.child.kill("SIGINT");
  expect(await family.ended).toBe(0);
  expect(performance.now() - signalled).toBeLessThan(6_000);
  expect(await endless).toMatch(/aborted|hang up|ECONNRESET/);
});

test("children end by themselves when their supervisor is killed", async () => {
  const { pid } = await child(1);
  await family.line(/^started$/);
  family.child.kill("SIGKILL");
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
});
