import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Why there can be no namespace here, or null: it takes root, iproute2 and the kernel's leave. */
export function whyNoNamespace(): string | null {
  if (process.getuid?.() !== 0) return "it takes root to make a network namespace";
  const name = `gwtry${randomBytes(3).toString("hex")}`;
  try {
    ip(`netns add ${name}`);
    ip(`netns del ${name}`);
    return null;
  } catch (error) {
    return `no network namespace can be made: ${String(error)}`;
  }
}

/** A machine of its own with two cables to this one: one to the world, one to the database. */
export interface CutOffNetwork {
  /** Our end of the cable to the world: what listens there can be looked at from inside. */
  readonly world: string;
  /** A port on our end of the other cable that leads to `port` of 127.0.0.1. */
  forward(port: number): Promise<{ readonly host: string; readonly port: number }>;
  /** Pulls the cable to the world out, and puts it in again. */
  unplug(): void;
  plug(): void;
  /** Runs a file of the project inside. */
  run(file: string, env: Record<string, string>): ChildProcess;
  close(): Promise<void>;
}

/** Makes the namespace; close it in the test's teardown. Addresses are of 10.213.0.0/16, two /30. */
export function openCutOffNetwork(): CutOffNetwork {
  const id = randomBytes(3).toString("hex");
  const net = randomBytes(1)[0] ?? 0;
  const name = `gw${id}`;
  const ends = { world: `10.213.${net}.1`, inside: `10.213.${net}.2` };
  const back = { world: `10.213.${net}.5`, inside: `10.213.${net}.6` };
  const children: ChildProcess[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  ip(`netns add ${name}`);
  try {
    cable(`w${id}`, ends);
    cable(`d${id}`, back);
    ip(`-n ${name} link set lo up`);
  } catch (error) {
    ip(`netns del ${name}`);
    throw error;
  }

  function cable(device: string, { world, inside }: typeof ends): void {
    ip(`link add ${device}h type veth peer name ${device}n netns ${name}`);
    ip(`addr add ${world}/30 dev ${device}h`);
    ip(`link set ${device}h up`);
    ip(`-n ${name} addr add ${inside}/30 dev ${device}n`);
    ip(`-n ${name} link set ${device}n up`);
  }

  return {
    world: ends.world,
    forward: async (port) => {
      const server = createServer((socket) => {
        const onward = connect(port, "127.0.0.1");
        socket.pipe(onward).pipe(socket);
        for (const end of [socket, onward])
          end.on("error", () => [socket, onward].map((each) => each.destroy()));
      });
      await new Promise<void>((resolve) => server.listen(0, back.world, resolve));
      closers.push(() => new Promise((resolve) => server.close(resolve)));
      return { host: back.world, port: (server.address() as AddressInfo).port };
    },
    unplug: () => ip(`link set w${id}h down`),
    plug: () => ip(`link set w${id}h up`),
    run: (file, env) => {
      const child = spawn("ip", ["netns", "exec", name, process.execPath, join(ROOT, file)], {
        env: { NODE_ENV: "production", PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      children.push(child);
      return child;
    },
    close: async () => {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(
        children.map(
          (child) =>
            new Promise((resolve) =>
              child.exitCode === null && child.signalCode === null
                ? child.once("close", resolve)
                : resolve(null),
            ),
        ),
      );
      // the cables go with it
      ip(`netns del ${name}`);
      await Promise.all(closers.map((close) => close()));
    },
  };
}

function ip(args: string): void {
  execFileSync("ip", args.split(" "), { stdio: ["ignore", "ignore", "pipe"] });
}
