import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { closedPort } from "./fake-upstream.ts";

/** A real nginx on loopback in front of an upstream. */
export interface Nginx {
  readonly url: string;
  close(): Promise<void>;
}

const PLACES = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx"];

/**
 * Starts nginx as a reverse proxy of a port of 127.0.0.1, with a second to connect and to answer.
 * @throws when nginx is not installed: a test against the real program must not pass without it
 */
export async function startNginx(upstreamPort: number): Promise<Nginx> {
  const binary = PLACES.find((place) => existsSync(place));
  if (binary === undefined) throw new Error("nginx is not installed; on Debian: apt-get install nginx-light");
  const directory = await mkdtemp(join(tmpdir(), "gatewatch-nginx-"));
  const port = await closedPort();
  const configuration = join(directory, "nginx.conf");
  await writeFile(configuration, configurationFor(directory, port, upstreamPort));

  const child = spawn(binary, ["-p", directory, "-c", configuration, "-e", join(directory, "error.log")], {
    stdio: "ignore",
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) break;
    if (await accepts(port)) return { url: `http://127.0.0.1:${port}/`, close };
    await sleep(50);
  }
  const log = await readFile(join(directory, "error.log"), "utf8").catch(() => "no log was written");
  await close();
  throw new Error(`nginx did not start: ${log}`);
}

function configurationFor(directory: string, port: number, upstreamPort: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${directory}/${name};`)
    .join("\n  ");
  // the worker would otherwise be another user, who cannot reach the directory
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `${user}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 64; }
http {
  access_log off;
  ${temporary}
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${upstreamPort};
      proxy_connect_timeout 1s;
      proxy_read_timeout 1s;
    }
  }
}
`;
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
