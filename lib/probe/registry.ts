import type { z } from "zod";

import { GatewatchError } from "#lib/base/errors.ts";
import type { StatusRange } from "#lib/model/http-status.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Expectations } from "#lib/model/verdict.ts";

import { Attempt } from "./attempt.ts";
import { dnsTargetSchema, probeDns } from "./dns.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import { grpcTargetSchema, probeGrpc } from "./grpc.ts";
import { httpTargetSchema } from "./http-target.ts";
import { probeHttp } from "./http.ts";
import { icmpTargetSchema, probeIcmp } from "./icmp.ts";
import type { Probe, ProbeExtras, ProbeOptions } from "./options.ts";
import { memberExpectations, poolTargetSchema, probePool } from "./pool.ts";
import { probePush, pushTargetSchema } from "./push.ts";
import { probeTcp, tcpTargetSchema } from "./tcp.ts";
import { probeTls, tlsTargetSchema } from "./tls.ts";
import { probeWebSocket, websocketTargetSchema } from "./websocket.ts";

export { httpTargetSchema, type HttpTarget } from "./http-target.ts";
export type { ProbeOptions } from "./options.ts";

/** What the registry knows of a kind, with its target type closed over. */
interface Kind {
  readonly schema: z.ZodType;
  /** Parses and binds: the target's type never leaves the kind. */
  bind(target: unknown): z.ZodSafeParseResult<BoundTarget>;
}

/** What a target asks of HTTP answers. */
type Asked = Omit<Expectations, "slowMs">;

interface BoundTarget {
  readonly value: unknown;
  readonly asked: Asked;
  run(options: ProbeOptions): Promise<Observation>;
}

function kind<Schema extends z.ZodType>(
  schema: Schema,
  probe: Probe<z.infer<Schema>>,
  expectStatus: (target: z.infer<Schema>) => readonly StatusRange[] = () => [],
  more: (target: z.infer<Schema>) => Omit<Asked, "expectStatus"> = () => ({}),
): Kind {
  const bound = schema.transform((target) => ({
    value: target,
    asked: { expectStatus: expectStatus(target), ...more(target) },
    run: (options: ProbeOptions) => probe(target, options),
  }));
  return { schema, bind: (target) => bound.safeParse(target) };
}

/** Every kind of check. A new one is a schema, a function, and a line here. */
const KINDS = {
  http: kind(httpTargetSchema, probeHttp, (target) => target.expectStatus),
  tcp: kind(tcpTargetSchema, probeTcp),
  tls: kind(tlsTargetSchema, probeTls),
  dns: kind(dnsTargetSchema, probeDns),
  websocket: kind(websocketTargetSchema, probeWebSocket, () => [101]),
  grpc: kind(grpcTargetSchema, probeGrpc, () => [200]),
  icmp: kind(icmpTargetSchema, probeIcmp),
  push: kind(pushTargetSchema, probePush),
  pool: kind(poolTargetSchema, probePool, ({ front }) => front.expectStatus, memberExpectations),
} satisfies Record<string, Kind>;

export type ProbeKind = keyof typeof KINDS;

/** Names of all kinds. */
export const PROBE_KINDS = Object.keys(KINDS).filter(isProbeKind);

/** True for the name of a kind that this version knows. */
export function isProbeKind(name: string): name is ProbeKind {
  return Object.hasOwn(KINDS, name);
}

/** The zod schema of a kind's target, for forms and configuration files. */
export function targetSchema<K extends ProbeKind>(name: K): (typeof KINDS)[K]["schema"] {
  return KINDS[name].schema;
}

/**
 * A target as its kind wants it, with defaults filled in: plain JSON that can be stored and parsed again.
 * @throws GatewatchError INPUT_INVALID that names each field that is wrong
 */
export function parseTarget(name: string, target: unknown): unknown {
  return bind(name, target).value;
}

/**
 * What a check asks of an answer, for the classifier.
 * @throws GatewatchError INPUT_INVALID when the target does not fit its kind
 */
export function expectationsOf(check: {
  readonly kind: string;
  readonly target: unknown;
  readonly slowMs: number | null;
}): Expectations {
  return { slowMs: check.slowMs, ...bind(check.kind, check.target).asked };
}

/**
 * Carries out one probe. Never rejects: trouble of the target, an abort, a target that does not fit its
 * kind and a defect of ours are all observations, told apart by `error.code` (failure.ts).
 * @param extras what some kinds need from outside this room
 */
export async function runProbe(
  check: {
    readonly id?: string;
    readonly kind: string;
    readonly target: unknown;
    readonly timeoutMs: number;
  },
  signal?: AbortSignal,
  extras: ProbeExtras = {},
): Promise<Observation> {
  const options: ProbeOptions = {
    ...extras,
    timeoutMs: check.timeoutMs,
    ...(signal === undefined ? {} : { signal }),
    ...(check.id === undefined ? {} : { checkId: check.id }),
  };
  try {
    return await bind(check.kind, check.target).run(options);
  } catch (error) {
    const failure =
      error instanceof GatewatchError
        ? new ProbeFailure(PROBE_CODES.targetInvalid, error.message)
        : new ProbeFailure(PROBE_CODES.probeFailed, toFailure(error).message);
    return new Attempt(check.timeoutMs, undefined).finish(failure);
  }
}

// parsing costs more than everything else we do for a probe, and a worker probes the same
// target again and again
const boundTargets = new WeakMap<object, Map<string, BoundTarget>>();

function bind(name: string, target: unknown): BoundTarget {
  if (!isProbeKind(name)) {
    const message = `"${name}" is not a kind of check; choose one of: ${PROBE_KINDS.join(", ")}`;
    throw new GatewatchError("INPUT_INVALID", message, { problems: [{ path: "kind", message }] });
  }
  const known =
    typeof target === "object" && target !== null ? boundTargets.get(target)?.get(name) : undefined;
  if (known !== undefined) return known;
  const parsed = KINDS[name].bind(target);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      path: issue.path.join("."),
      message: issue.message,
    }));
    const sentence = problems
      .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
      .join("; ");
    throw new GatewatchError("INPUT_INVALID", sentence, { problems });
  }
  if (typeof target === "object" && target !== null) {
    const kinds = boundTargets.get(target) ?? new Map<string, BoundTarget>();
    boundTargets.set(target, kinds.set(name, parsed.data));
  }
  return parsed.data;
}
