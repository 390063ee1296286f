import type { Environment } from "#lib/config/env.ts";
import { dataDirectory } from "#lib/embedded/data-directory.ts";

export interface Greeting {
  readonly environment: Environment;
  readonly port: number;
  /** The one-time link that makes the owner; empty when there is one. */
  readonly link: string;
  readonly embedded: boolean;
  /** Whether the page shows sample data. */
  readonly sample: boolean;
}

/** What `npm start` prints once everything runs. */
export function greeting({ environment, port, link, embedded, sample }: Greeting): string {
  const local = `http://localhost:${port}`;
  const lines: [string, string][] = [["Status page", environment.GATEWATCH_BASE_URL ?? local]];
  if (environment.GATEWATCH_BASE_URL !== undefined)
    lines.push(["Listening on", `${environment.HOST}:${port}`]);
  if (link !== "") lines.push(["Set it up", `${link}  (this link makes the owner, once)`]);
  lines.push(["Data", embedded ? dataDirectory() : "the database of DATABASE_URL"]);
  if (sample) lines.push(["Sample data", "shown until `npm run sample:remove`"]);
  const width = Math.max(...lines.map(([label]) => label.length)) + 2;
  const rows = lines.map(([label, value]) => `  ${label.padEnd(width)}${value}`);
  return `\nGatewatch is running; Ctrl-C stops it.\n\n${rows.join("\n")}\n\n`;
}
