import { z } from "zod";

import { matchesStatus, type StatusRange } from "#lib/model/http-status.ts";
import type { Observation } from "#lib/model/observation.ts";
import { MAX_FRONT_SAMPLES, samplesMissing } from "#lib/model/pool.ts";

import { PROBE_CODES } from "./failure.ts";
import { hostPortSchema } from "./fields.ts";
import { httpTargetSchema, type HttpTarget } from "./http-target.ts";
import { probeHttp } from "./http.ts";
import type { ProbeOptions } from "./options.ts";

const memberSchema = z
  .strictObject({
    name: z
      .string()
      .min(1, "must not be empty")
      .max(64, "must have at most 64 characters")
      .regex(/^\P{Cc}+$/u, "must not hold control characters")
      .describe("What the member is called in sentences."),
    address: hostPortSchema
      .optional()
      .describe("host:port to connect to; the request is the front door's, its host name included."),
    url: httpTargetSchema.shape.url
      .optional()
      .describe(
        "Address of its own; without a path the front door's path and query. The rest is the front door's.",
      ),
    target: httpTargetSchema
      .optional()
      .describe("A request of its own, with everything that kind `http` takes."),
  })
  .superRefine((member, context) => {
    const ways = [member.address, member.url, member.target].filter((way) => way !== undefined).length;
    if (ways === 1) return;
    context.addIssue({ code: "custom", message: "needs exactly one of address, url and target" });
  });

/** The front door of a pool, and its members as they are reached past it. */
export const poolTargetSchema = z
  .strictObject({
    front: httpTargetSchema.describe("The way that visitors take: everything that kind `http` takes."),
    members: z
      .array(memberSchema)
      .min(2, "needs at least 2 members; for one server use kind http")
      .max(50, "takes at most 50 members")
      .describe("The servers behind it, each reached directly."),
    frontSamples: z
      .number()
      .int()
      .min(1, "must be at least 1")
      .max(MAX_FRONT_SAMPLES, `must be at most ${MAX_FRONT_SAMPLES}`)
      .optional()
      .describe("Requests to the front door in one look; without it as many as there are members."),
  })
  .superRefine((target, context) => {
    for (const [index, { name }] of target.members.entries()) {
      if (target.members.findIndex((other) => other.name === name) === index) continue;
      context.addIssue({
        code: "custom",
        path: ["members", index, "name"],
        message: "names two members; each name once",
      });
    }
  });
type PoolTarget = z.infer<typeof poolTargetSchema>;

/** What each member's answer is held against, for the classifier. */
export function memberExpectations(target: PoolTarget): {
  readonly members: readonly (readonly StatusRange[])[];
} {
  return { members: target.members.map((member) => memberTarget(target, member).expectStatus) };
}

/**
 * Requests every member and, as many times, the front door, all at once. When a member fails that the
 * front door does not show, it is asked further, until chance is no explanation: then the gateway
 * leaves the member out. Never rejects: each request is an observation of kind `http`.
 */
export async function probePool(target: PoolTarget, options: ProbeOptions): Promise<Observation> {
  const from = performance.now();
  const members = target.members.map((member) => ({
    name: member.name,
    target: memberTarget(target, member),
  }));
  const [looks, front] = await Promise.all([
    Promise.all(members.map((member) => probeHttp(member.target, limits(options)))),
    sample(target.front, target.frontSamples ?? members.length, options),
  ]);
  const failing = members.filter((member, i) => fails(looks[i], member.target)).length;
  const leftMs = options.timeoutMs - (performance.now() - from);
  const quiet = front.every((look) => !fails(look, target.front));
  // as long again as the first round took must be left
  if (quiet && leftMs > options.timeoutMs / 2) {
    const more = samplesMissing(failing, members.length, front.length);
    front.push(...(await sample(target.front, more, { ...options, timeoutMs: leftMs })));
  }
  const pool = {
    members: members.flatMap(({ name }, i) => {
      const observation = looks[i];
      return observation === undefined ? [] : [{ name, observation }];
    }),
    front,
  };
  const failed = looks.filter((look, i) => fails(look, members[i]?.target ?? target.front));
  return { ...telling(target, front, failed.length === looks.length ? [] : failed), pool };
}

function memberTarget({ front }: PoolTarget, member: PoolTarget["members"][number]): HttpTarget {
  if (member.target !== undefined) return member.target;
  if (member.address !== undefined) return { ...front, connectTo: member.address };
  const url = new URL(member.url ?? front.url);
  if (url.pathname === "/" && url.search === "") {
    const { pathname, search } = new URL(front.url);
    url.pathname = pathname;
    url.search = search;
  }
  // an address of its own is connected to as it says
  const { connectTo: _, ...rest } = front;
  return { ...rest, url: url.href };
}

// a kept connection would lead to one and the same member
function limits({ timeoutMs, signal }: ProbeOptions): ProbeOptions {
  return signal === undefined ? { timeoutMs } : { timeoutMs, signal };
}

function sample(front: HttpTarget, times: number, options: ProbeOptions): Promise<Observation[]> {
  return Promise.all(Array.from({ length: times }, () => probeHttp(front, limits(options))));
}

/** Whether a request went wrong, as far as that shows without knowing gateways. */
function fails(look: Observation | undefined, { expectStatus }: HttpTarget): boolean {
  if (look === undefined || look.error?.code === PROBE_CODES.aborted) return false;
  const { error, http } = look;
  if (error !== null || http === null) return error?.code !== PROBE_CODES.certificateExpiring;
  return !matchesStatus(expectStatus, http.status) || http.bodyMatched === false || http.bodyCapped;
}

/**
 * The observation that speaks for the pool: a failure at the front door, of several the most frequent;
 * otherwise the request there that took the median time, with the answer of a member that fails.
 */
function telling(
  { front: target }: PoolTarget,
  front: readonly Observation[],
  failedMembers: readonly Observation[],
): Observation {
  const failed = front.filter((look) => fails(look, target));
  const counts = new Map<string, number>();
  for (const look of failed) counts.set(classOf(look), (counts.get(classOf(look)) ?? 0) + 1);
  const [worst] = failed.toSorted((a, b) => (counts.get(classOf(b)) ?? 0) - (counts.get(classOf(a)) ?? 0));
  if (worst !== undefined) return worst;
  const byTime = front.toSorted((a, b) => a.timings.total - b.timings.total);
  const [median = emptyFront()] = byTime.slice(Math.floor((byTime.length - 1) / 2));
  const answered = failedMembers.find(({ http }) => http !== null);
  return answered === undefined ? median : { ...median, http: answered.http };
}

function classOf({ error, http }: Observation): string {
  return error?.code ?? String(http?.status);
}

function emptyFront(): never {
  throw new Error("a pool was looked at without its front door");
}
