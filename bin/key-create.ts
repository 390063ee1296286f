// Makes an API key where nobody can click: `npm run key:create -- --name ci --scope deploys`. The key
// goes to standard output, once; everything else goes to standard error.
import { parseArgs } from "node:util";

import { API_SCOPES, createApiKey, type ApiScope } from "#lib/auth/api-key.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import { writeAudit } from "#lib/store/audit.ts";
import { sentence } from "#lib/supervise/sentence.ts";

import { withInstalledDatabase } from "./parts/existing-database.ts";

const USAGE = `npm run key:create -- --name ci --scope ${API_SCOPES.join("|")} [--region eu-west] [--days 90]`;
const ACTOR = { id: null, name: "command line" };
const DAY_MS = 86_400_000;

interface Wanted {
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  readonly region: string | null;
  readonly expiresAt: Date | null;
}

async function main(): Promise<void> {
  const wanted = readArguments();
  const key = await withInstalledDatabase("key:create", (db) =>
    db.$transaction(async (tx) => {
      const made = await createApiKey(tx, wanted, ACTOR.name);
      await writeAudit(tx, {
        actor: ACTOR,
        action: "key.issued",
        target: { type: "key", id: made.row.id },
        detail: { name: wanted.name, scopes: [...wanted.scopes], prefix: made.row.prefix },
      });
      return made.key;
    }),
  );
  process.stderr.write("This is the key; it cannot be read again:\n");
  process.stdout.write(`${key}\n`);
}

function readArguments(): Wanted {
  const { name, scope, region, days } = valuesOf();
  const scopes = (scope ?? []).flatMap((each) => API_SCOPES.filter((known) => known === each));
  if (scopes.length === 0 || scopes.length !== scope?.length)
    throw misused("--scope takes deploys or agent.");
  if (name === undefined || !/^[^\p{Cc}]{1,100}$/u.test(name.trim())) {
    throw misused("--name takes what the key is for, 100 characters at most.");
  }
  if (scopes.includes("agent") !== (region !== undefined)) {
    throw misused("--region belongs to the scope agent: the region that the agent looks from.");
  }
  if (region !== undefined && !/^[a-z0-9][a-z0-9-]{0,31}$/.test(region)) {
    throw misused("--region takes lower-case letters, digits and hyphens, 32 at most.");
  }
  if (days !== undefined && !/^[1-9]\d{0,3}$/.test(days)) throw misused("--days takes 1 to 9999.");
  return {
    name: name.trim(),
    scopes,
    region: region ?? null,
    expiresAt: days === undefined ? null : new Date(Date.now() + Number(days) * DAY_MS),
  };
}

function valuesOf() {
  try {
    const text = { type: "string" } as const;
    const options = {
      name: text,
      scope: { type: "string", multiple: true },
      region: text,
      days: text,
    } as const;
    return parseArgs({ options, allowPositionals: false }).values;
  } catch {
    throw misused("That cannot be understood.");
  }
}

function misused(what: string): GatewatchError {
  return new GatewatchError("INPUT_INVALID", `${what} ${USAGE}`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exitCode = 1;
}
