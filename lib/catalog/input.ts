import { z } from "zod";

import { SECOND } from "#lib/base/clock.ts";
import { parseCanary } from "#lib/model/canary.ts";
import { formatDuration } from "#lib/config/duration.ts";

/** One line of text, trimmed, that is not empty. */
export function line(max: number): z.ZodString {
  return (
    z
      .string("must be text")
      .trim()
      .min(1, "must not be empty")
      .max(max, `must have at most ${max} characters`)
      // control characters would break feeds and terminals further on
      .regex(/^[^\p{Cc}]*$/u, "must be one line without control characters")
  );
}

/** A public link: http and https alone, so that no script hides in an address. */
export const linkSchema = z
  .url({ protocol: /^https?$/, error: "must be an address that begins with https:// or http://" })
  .max(2_000, "must have at most 2000 characters");

/** An IANA zone that this machine knows. */
export const timeZoneSchema = z
  .string("must be text")
  .refine(isTimeZone, "is not a time zone; use a name such as Europe/Berlin or Etc/UTC");

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Base address of a Statuspage v2 API; asked without credentials, so it may not hold any. */
export const statusPageUrlSchema = linkSchema.refine(
  (address) => URL.canParse(address) && new URL(address).username === "",
  "must not hold a user name or password",
);

export const slugSchema = z
  .string("must be text")
  .max(64, "must have at most 64 characters")
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "takes lower-case letters and digits, with single hyphens between them");

const positionSchema = z.number().int().min(0).max(1_000_000);

/** A place on the network that answers unless our own network is gone: host:port, or a web address. */
export const canarySchema = z
  .string("must be text")
  .max(300, "must have at most 300 characters")
  .refine(
    (text) => parseCanary(text) !== null,
    "must be host:port, such as 192.0.2.1:53, or an http(s) address",
  );

/** Page settings. */
export const pageInputSchema = z.strictObject({
  name: line(100),
  url: linkSchema.nullable().default(null),
  timeZone: timeZoneSchema.default("Etc/UTC"),
  /** Where visitors find help: a web address or mailto:. */
  supportUrl: z
    .union(
      [linkSchema, z.string().regex(/^mailto:[^\s@]+@[^\s@]+$/)],
      "must begin with https://, http:// or mailto:",
    )
    .nullable()
    .default(null),
  canaries: z.array(canarySchema).max(8, "takes at most 8 addresses").default([]),
});
export type PageInput = z.input<typeof pageInputSchema>;

/** A group; without `position` a new one goes last and an old one stays where it is. */
export const groupInputSchema = z.strictObject({
  name: line(100),
  position: positionSchema.optional(),
});
export type GroupInput = z.input<typeof groupInputSchema>;

/** A component; without `slug` one is made from the name, and an old one keeps its own. */
export const componentInputSchema = z.strictObject({
  name: line(100),
  slug: slugSchema.optional(),
  description: z
    .string("must be text")
    .trim()
    .max(500, "must have at most 500 characters")
    .nullable()
    .default(null),
  groupId: z.uuid("is not the id of a group").nullable().default(null),
  position: positionSchema.optional(),
  showcase: z.boolean().default(true),
  onlyShowIfDegraded: z.boolean().default(false),
  startDate: z.iso.date("must be a day such as 2026-01-31").nullable().default(null),
  /** The status page of a provider that it depends on. */
  dependsOn: statusPageUrlSchema.nullable().default(null),
});
export type ComponentInput = z.input<typeof componentInputSchema>;

const DEFAULT_INTERVAL_MS = 30 * SECOND;
const DEFAULT_TIMEOUT_MS = 10 * SECOND;

/** A region's name, as in GATEWATCH_REGION. */
export const regionSchema = z
  .string("must be text")
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "takes lower-case letters, digits and hyphens, 32 at most");

const QUORUM_MESSAGE = "must be majority, any, all, or a number of regions from 1 to 32";

/** How many regions must see a failure; kept as text. */
const quorumSchema = z
  .union([z.string(), z.number()], QUORUM_MESSAGE)
  .transform(String)
  .pipe(z.string().regex(/^(majority|any|all|[1-9]|[12]\d|3[0-2])$/, QUORUM_MESSAGE))
  .default("majority");

/** A whole number of milliseconds in a range; the limits are those of the database's own constraints. */
function milliseconds(from: number, to: number): z.ZodNumber {
  const message = `must be between ${formatDuration(from)} and ${formatDuration(to)}`;
  return z
    .number("must be a number of milliseconds")
    .int("must be whole milliseconds")
    .min(from, message)
    .max(to, message);
}

/** How a check runs, whatever its kind. Milliseconds throughout. */
export const checkTimingShape = {
  intervalMs: milliseconds(1_000, 86_400_000).default(DEFAULT_INTERVAL_MS),
  /** Default: 10 s, or the interval when that is shorter. */
  timeoutMs: milliseconds(100, 120_000).optional(),
  slowMs: milliseconds(1, 120_000).nullable().default(null),
  confirmMs: z
    .array(milliseconds(100, 60_000))
    .max(5, "takes at most 5 delays")
    .refine(
      (delays) => delays.every((delay, i) => delay > (delays[i - 1] ?? 0)),
      "must grow from one delay to the next",
    )
    .default([500, 2_000]),
};

/** A check, with its target as the probe registry takes it for the kind. */
export const checkInputSchema = z
  .strictObject({
    name: line(100),
    kind: z.string("must be text").min(1, "must not be empty"),
    target: z.unknown(),
    ...checkTimingShape,
    regions: z
      .array(regionSchema)
      .max(32, "takes at most 32 regions")
      .refine((names) => new Set(names).size === names.length, "names a region twice")
      .default([]),
    quorum: quorumSchema,
    enabled: z.boolean().default(true),
  })
  .transform((check) => ({
    ...check,
    timeoutMs: check.timeoutMs ?? Math.min(DEFAULT_TIMEOUT_MS, check.intervalMs),
  }))
  .superRefine((check, context) => {
    if (check.timeoutMs > check.intervalMs) {
      // two probes of one check must never overlap: the later one would overtake
      context.addIssue({
        code: "custom",
        path: ["timeoutMs"],
        message: "must not be longer than the interval",
      });
    }
    if (check.slowMs !== null && check.slowMs >= check.timeoutMs) {
      context.addIssue({ code: "custom", path: ["slowMs"], message: "must be shorter than the timeout" });
    }
  });
export type CheckInput = z.input<typeof checkInputSchema>;
