import { z } from "zod";

import { GatewatchError } from "#lib/base/errors.ts";

/** Every variable that Gatewatch reads. `docs/configuration.md` is held against this by a test. */
export const environmentSchema = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3000)
    .describe("Port of the web process; 0 takes a free one."),
  HOST: z.string().min(1).default("0.0.0.0").describe("Address that the web process listens on."),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgresql:// or postgres://")
    .refine((value) => URL.canParse(value), "is not a URL; percent-encode special characters in the password")
    .optional()
    .describe("A PostgreSQL server to use. Unset: an embedded one is started under the data directory."),
  GATEWATCH_DATA_DIR: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Where the embedded database and the secret are kept. Default: `.data` of the checkout, or `/var/lib/gatewatch` as root.",
    ),
  GATEWATCH_CONFIG: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Path of `gatewatch.yaml`. Default: `gatewatch.yaml` beside `package.json`, when there is one.",
    ),
  GATEWATCH_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Public address of the page, used in links. Default: `http://localhost:PORT`."),
  GATEWATCH_REGION: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "takes lower-case letters, digits and hyphens, 32 at most")
    .default("local")
    .describe("The region that this machine's worker probes from."),
  GATEWATCH_SAMPLE: z.enum(["on", "off"]).default("on").describe("`off`: never set up the sample."),
  GATEWATCH_ADMIN_EMAIL: z
    .email()
    .optional()
    .describe("With GATEWATCH_ADMIN_PASSWORD: makes the first owner without the setup page."),
  GATEWATCH_ADMIN_PASSWORD: z
    .string()
    .min(12, "must have at least 12 characters")
    .max(128)
    .optional()
    .describe("Password of that first owner."),
  GATEWATCH_SECRET: z
    .string()
    .min(32, "must have at least 32 characters")
    .optional()
    .describe("Signs sessions and links. Default: made once and kept in the data directory."),
  GATEWATCH_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe("Days that raw results are kept; rollups stay."),
  GATEWATCH_SERVER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Of an agent: address of the page that it works for."),
  GATEWATCH_AGENT_TOKEN: z
    .string()
    .regex(/^gw_[\w-]{43}$/, "is not an API key; one begins with gw_ and is shown once, when it is made")
    .optional()
    .describe("Of an agent: an API key for agents, bound to the agent's region."),
  GATEWATCH_AGENT_INSECURE: z
    .enum(["on", "off"])
    .default("off")
    .describe("`on`: lets an agent speak plain HTTP to another machine, where nobody else is on the way."),
  GATEWATCH_API_KEY: z
    .string()
    .regex(/^gw_[\w-]{43}$/, "is not an API key: they begin with gw_ and are 46 characters long")
    .optional()
    .describe("Key with which command lines such as `npm run deploy:mark` call the API."),
  GATEWATCH_TRUST_PROXY: z
    .enum(["on", "off"])
    .default("off")
    .describe("`on`: believe X-Forwarded-For and X-Forwarded-Proto of the proxy in front."),
});

export type Environment = z.infer<typeof environmentSchema>;

/**
 * Reads and checks the environment. An empty variable counts as unset.
 * @throws GatewatchError CONFIG_INVALID that names each wrong variable; values are never shown
 */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const known = Object.keys(environmentSchema.shape);
  const given = Object.fromEntries(
    known.map((name) => [name, source[name] === "" ? undefined : source[name]]),
  );
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
  }));
  throw new GatewatchError(
    "CONFIG_INVALID",
    problems.map(({ path, message }) => `${path}: ${message}`).join("; "),
    { problems },
  );
}

/**
 * The database this process works on. `bin/start` sets DATABASE_URL for its children.
 * @throws GatewatchError CONFIG_INVALID when it is missing or wrong
 */
export function databaseUrl(): string {
  const url = readEnvironment().DATABASE_URL;
  if (url === undefined) {
    throw new GatewatchError(
      "CONFIG_INVALID",
      "DATABASE_URL is not set: start everything with `npm start`, or set it to a PostgreSQL server",
    );
  }
  return url;
}
