import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { expect, test } from "vitest";
import type { z } from "zod";

import { classify } from "#lib/classify/classify.ts";
import type { Probe } from "#lib/probe/options.ts";
import { closedPort } from "#tests/support/fake-upstream.ts";

const ROOT = join(import.meta.dirname, "../../..");

interface Kind {
  readonly greetingTargetSchema: z.ZodType;
  readonly probeGreeting: Probe<unknown>;
}

/** The kind that docs/adding-a-probe.md writes, as a module. */
async function written(directory: string): Promise<Kind> {
  const recipe = await readFile(join(ROOT, "docs/adding-a-probe.md"), "utf8");
  const source = /```ts\n([^]*?)```/.exec(recipe)?.[1] ?? "";
  const file = join(directory, "greeting.ts");
  // it lies elsewhere than the recipe says
  await writeFile(file, source.replaceAll('from "./', 'from "#lib/probe/'));
  return (await import(pathToFileURL(file).href)) as Kind;
}

test("the kind in docs/adding-a-probe.md works as it stands there", async () => {
  await mkdir(join(ROOT, ".next"), { recursive: true });
  // inside the checkout, so that packages and #lib are found
  const directory = await mkdtemp(join(ROOT, ".next", "recipe-"));
  const server = createServer((socket) => socket.end("220 mail.example.test ESMTP\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP listener has such an address
  try {
    const { greetingTargetSchema, probeGreeting } = await written(directory);
    const look = async (target: object) => {
      const observation = await probeGreeting(greetingTargetSchema.parse(target), { timeoutMs: 1_000 });
      return { ...observation, ...classify(observation, { slowMs: null, expectStatus: [] }) };
    };
    const host = "127.0.0.1";
    expect(await look({ host, port, expect: "220" })).toMatchObject({
      outcome: "up",
      phase: "done",
    });
    expect(await look({ host, port, expect: "250" })).toMatchObject({ outcome: "body_mismatch" });
    expect(await look({ host, port: await closedPort(), expect: "220" })).toMatchObject({
      outcome: "connection_refused",
    });
  } finally {
    server.close();
    await rm(directory, { recursive: true, force: true });
  }
});
