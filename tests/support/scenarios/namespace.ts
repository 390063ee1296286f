import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import type { Observation } from "#lib/model/observation.ts";

const run = promisify(execFile);
const PROGRAMS = join(import.meta.dirname, "../programs");

/** A machine of its own as far as the network goes: two cables to this one, and a packet filter. */
export interface Namespace {
  /** Its address on each cable, and ours at the other end. */
  readonly cables: readonly { readonly theirs: string; readonly ours: string }[];
  /** Takes commands of nftables, e.g. `add rule inet filter in tcp dport 80 drop`; chains `in` and `out` are there. */
  filter(...commands: readonly string[]): Promise<void>;
  /** Makes us forget where its addresses are, so that we ask again. */
  forget(): Promise<void>;
  /** Starts servers in it that answer, one a behaviour of tests/support/fake-upstream.ts; says their ports. */
  serve(...behaviours: readonly string[]): Promise<number[]>;
  /** Probes from inside it: its own name server, its own way. */
  probe(check: {
    readonly kind: string;
    readonly target: unknown;
    readonly timeoutMs: number;
  }): Promise<Observation>;
  /** Sends names that are looked up in it to a name server. */
  resolveAt(address: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes a network namespace; its name and its addresses are of this call alone, so that any number
 * may stand beside each other. Takes root on Linux, iproute2 and nftables.
 */
export async function openNamespace(): Promise<Namespace> {
  const name = `gw${randomBytes(4).toString("hex")}`;
  const net = await freeNet();
  const cables = [0, 1].map((n) => ({
    ours: `10.${net.join(".")}.${4 * n + 1}`,
    theirs: `10.${net.join(".")}.${4 * n + 2}`,
    end: `${name}${n}`,
  }));
  const children: { close(): void }[] = [];
  const inside = (...command: readonly string[]): Promise<unknown> =>
    run("ip", ["netns", "exec", name, ...command]);
  const close = async (): Promise<void> => {
    for (const child of children) child.close();
    await run("ip", ["netns", "delete", name]).catch(() => {});
    await rm(`/etc/netns/${name}`, { recursive: true, force: true });
  };
  try {
    await run("ip", ["netns", "add", name]);
    for (const { ours, theirs, end } of cables) {
      await run("ip", ["link", "add", end, "type", "veth", "peer", "name", `${end}x`, "netns", name]);
      await run("ip", ["address", "add", `${ours}/30`, "dev", end]);
      await run("ip", ["link", "set", end, "up"]);
      await inside("ip", "address", "add", `${theirs}/30`, "dev", `${end}x`);
      await inside("ip", "link", "set", `${end}x`, "up");
    }
    await inside("ip", "link", "set", "lo", "up");
    await inside("nft", CHAINS);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    cables,
    filter: async (...commands) => void (await inside("nft", commands.join("; "))),
    forget: async () => {
      for (const { end } of cables) await run("ip", ["neighbour", "flush", "dev", end]);
    },
    serve: (...behaviours) => serve(name, behaviours, children),
    probe: (check) => probe(name, check, children),
    resolveAt: async (address) => {
      // bound over /etc/resolv.conf by `ip netns exec` (ip-netns(8))
      await mkdir(`/etc/netns/${name}`, { recursive: true });
      await writeFile(
        `/etc/netns/${name}/resolv.conf`,
        `nameserver ${address}\noptions timeout:1 attempts:1\n`,
      );
    },
    close,
  };
}

const CHAINS =
  "add table inet filter; add chain inet filter in { type filter hook input priority 0; }; add chain inet filter out { type filter hook output priority 0; }";

/** The two middle bytes of a network in 10.0.0.0/8 that nobody here uses. */
async function freeNet(): Promise<[number, number]> {
  const { stdout } = await run("ip", ["-4", "-o", "address"]);
  for (let tries = 0; tries < 50; tries++) {
    const [a = 0, b = 0] = randomBytes(2);
    if (!stdout.includes(` 10.${a}.${b}.`)) return [a, b];
  }
  throw new Error("no free network in 10.0.0.0/8");
}

async function serve(
  name: string,
  behaviours: readonly string[],
  children: { close(): void }[],
): Promise<number[]> {
  const child = spawn(
    "ip",
    ["netns", "exec", name, process.execPath, join(PROGRAMS, "serving.ts"), ...behaviours],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.push({ close: () => child.kill("SIGKILL") });
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as number[];
  throw new Error("the server in the namespace did not start");
}

async function probe(
  name: string,
  check: { readonly kind: string; readonly target: unknown; readonly timeoutMs: number },
  children: { close(): void }[],
): Promise<Observation> {
  const child = spawn(
    "ip",
    ["netns", "exec", name, process.execPath, join(PROGRAMS, "probing.ts"), JSON.stringify(check)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.push({ close: () => child.kill("SIGKILL") });
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  return JSON.parse(text) as Observation; // printed by programs/probing.ts
}
