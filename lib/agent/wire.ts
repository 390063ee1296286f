/**
 * What an agent and the server say to each other. Both sides parse what they hear; the server
 * believes nothing that an agent says about regions, and takes nothing that is not listed here.
 */
import { z } from "zod";

import { OUTCOMES } from "#lib/model/outcome.ts";
import { PHASES } from "#lib/model/observation.ts";
import { ANSWERED_BY, FAULT_KINDS } from "#lib/model/verdict.ts";

export const SLOTS_PATH = "/api/v1/agent/slots";
export const RESULTS_PATH = "/api/v1/agent/results";

/** Records in one request, and bytes of one request's body. */
export const MAX_RECORDS = 200;
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Older than this nothing is handed in any more, nor kept. */
export const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1_000;

const jobId = z.uuid();
const jobs = z.array(z.strictObject({ id: jobId, retryCount: z.int().min(0).max(1_000) })).max(50);
const instant = z.int().min(0).max(8_640_000_000_000_000);

/** PostgreSQL takes neither NUL nor half a surrogate pair; a probe leaves none. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes("\0") && value.isWellFormed(), "holds what is no text");

/** Takes slots, shows that those taken before are in good hands, and gives back what is done or left. */
export const slotsRequestSchema = z.strictObject({
  agent: z.strictObject({
    /** Of the process, new at every start. */
    id: z.uuid(),
    hostname: text(253).min(1),
    pid: z.int().min(1).max(4_194_304),
    version: text(40).min(1),
    startedAt: instant,
  }),
  /** How many slots it would take; its fair share is the most that it gets. */
  take: z.int().min(0).max(64).default(0),
  /** Asks for the region's checks as they stand. */
  checks: z.boolean().default(false),
  touch: jobs.default([]),
  complete: jobs.default([]),
  fail: jobs.default([]),
  /** Whether it has lost its own network. */
  blind: z
    .strictObject({ since: instant, reason: text(300).min(1) })
    .nullable()
    .optional(),
});
export type SlotsRequest = z.input<typeof slotsRequestSchema>;

const milliseconds = z.number().min(0).max(3_600_000);
const phaseTime = milliseconds.nullable();
const timingsSchema = z.strictObject({
  dns: phaseTime,
  connect: phaseTime,
  tls: phaseTime,
  firstByte: phaseTime,
  total: milliseconds,
});
const outcomeSchema = z.enum(OUTCOMES);
/** Three digits, as a parser takes them from a server that counts in its own way. */
const statusSchema = z.int().min(0).max(999);
const urlSchema = text(4_096);
const remoteSchema = text(300).nullable();

/** As the probe writes it. What a newer agent adds is dropped, not refused. */
const evidenceSchema = z.object({
  at: z.iso.datetime(),
  outcome: outcomeSchema,
  summary: text(2_000),
  gateway: text(100).nullable(),
  gatewayEvidence: z.array(text(600)).max(32).readonly(),
  kind: z.enum(FAULT_KINDS).nullable(),
  kinds: z.array(z.enum(FAULT_KINDS)).max(FAULT_KINDS.length).readonly().exactOptional(),
  answeredBy: z.enum(ANSWERED_BY).nullable().exactOptional(),
  hops: z.array(text(300)).max(32).readonly().exactOptional(),
  roundTimeoutS: z.number().min(0).max(86_400).nullable().exactOptional(),
  phase: z.enum(PHASES),
  error: z.object({ code: text(100), message: text(4_000) }).nullable(),
  httpStatus: statusSchema.nullable(),
  httpVersion: text(20).nullable(),
  headers: z
    .record(text(256), text(1_024))
    .refine((all) => Object.keys(all).length <= 80, "too many headers"),
  bodyStart: text(8_192),
  url: urlSchema.nullable(),
  redirects: z
    .array(z.object({ status: statusSchema, url: urlSchema, remote: remoteSchema }))
    .max(32)
    .readonly()
    .exactOptional(),
  remote: remoteSchema,
  timings: timingsSchema,
  certificate: z
    .object({
      subject: text(1_024),
      issuer: text(1_024),
      validFrom: text(64),
      validTo: text(64),
      altNames: text(16_384),
    })
    .nullable(),
  details: z
    .record(text(128), z.union([text(2_000), z.number()]))
    .refine((all) => Object.keys(all).length <= 64, "too many details")
    .exactOptional(),
});

const checkNumber = z.int().min(1).max(2_147_483_647);

const lookSchema = z.strictObject({
  type: z.literal("look"),
  checkNumber,
  slotAt: instant,
  outcome: outcomeSchema,
  httpStatus: statusSchema.nullable(),
  timings: timingsSchema,
  evidence: evidenceSchema.nullable(),
});

const changeSchema = z.strictObject({
  type: z.literal("change"),
  checkNumber,
  /** What was believed, by its outcome. */
  from: z.strictObject({ outcome: outcomeSchema, since: instant, lastSlotAt: instant.nullable() }),
  /** What is believed from `at` on. */
  to: outcomeSchema,
  at: instant,
});

export const recordSchema = z.discriminatedUnion("type", [lookSchema, changeSchema]);
export type AgentRecord = z.output<typeof recordSchema>;

/** Looks and changed beliefs, oldest first. Handing the same in twice does no harm. */
export const resultsRequestSchema = z.strictObject({
  records: z.array(recordSchema).min(1).max(MAX_RECORDS),
});

// What an agent reads of the server's answers; the server is trusted to send no more than it means

const checkSpecSchema = z.object({
  id: z.uuid(),
  number: checkNumber,
  componentId: z.uuid(),
  name: z.string(),
  kind: z.string(),
  target: z.unknown(),
  intervalMs: z.int().min(100),
  timeoutMs: z.int().min(1),
  slowMs: z.int().nullable(),
  confirmMs: z.array(z.int()).readonly(),
});
const beliefSchema = z.object({
  health: z.enum(["up", "slow", "partial", "down", "unknown"]),
  outcome: outcomeSchema,
  since: z.number(),
  lastSlotAt: z.number().nullable(),
});

export const slotsAnswerSchema = z.object({
  /** The server's clock, epoch milliseconds. */
  now: z.number(),
  region: z.string(),
  canaries: z.array(z.string()),
  /** Slots that are this agent's now. */
  jobs: z.array(
    z.object({
      id: z.string(),
      retryCount: z.number(),
      slot: z.object({ region: z.string(), shard: z.int(), shards: z.int().min(1), from: z.number() }),
    }),
  ),
  /** Which of the touched ones still are. */
  held: z.array(z.string()),
  /** Every check of the region, targets as written; null when they were not asked for. */
  checks: z.array(z.object({ spec: checkSpecSchema, belief: beliefSchema })).nullable(),
});
export type SlotsAnswer = z.output<typeof slotsAnswerSchema>;

export const resultsAnswerSchema = z.object({
  /** Looks that were new. */
  stored: z.int(),
  /** Records that the region has no say in, or that are too old or of the future. */
  ignored: z.int(),
});
