import { getServers } from "node:dns";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";

import { z } from "zod";

import type { Observation } from "#lib/model/observation.ts";

import { Attempt } from "./attempt.ts";
import { askResolver, DNS_CODES, type Reply } from "./dns-exchange.ts";
import { canonical, rcodeOf, RECORD_TYPES, recordsOf, reverseName } from "./dns-records.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import { hostSchema } from "./fields.ts";
import { addressAndPort, hostAndPort, type HostAndPort } from "./host.ts";
import type { ProbeOptions } from "./options.ts";
import { presentable } from "./redact.ts";

const DNS_PORT = 53;
/** Of the system's resolvers, as many as its own library asks (resolv.conf(5), MAXNS). */
const MAX_RESOLVERS = 3;

/** What a DNS check asks, whom, and which answers are right. */
export const dnsTargetSchema = z
  .strictObject({
    query: hostSchema.describe("Name to look up; for `PTR` an address does as well."),
    type: z.enum(RECORD_TYPES).default("A").describe("Record type."),
    expect: z
      .array(z.string().min(1, "must not be empty").max(1024))
      .max(64, "takes at most 64 answers")
      .default([])
      .describe('Answers as zone files write them, like "10 mail.example.com" for MX; none: any will do.'),
    match: z
      .enum(["contains", "exactly"])
      .default("contains")
      .describe("`contains`: all of `expect` are among the answers; `exactly`: and there are no others."),
    resolver: z
      .string()
      .refine(
        (value) => addressAndPort(value, DNS_PORT) !== null,
        "must be an IP address, with a port if it is not 53: 192.0.2.53, 192.0.2.53:5353, [2001:db8::53]:5353",
      )
      .optional()
      .describe("Address of the resolver; without it those of the system, in their order."),
  })
  .superRefine((target, context) => {
    if (target.match === "exactly" && target.expect.length === 0) {
      context.addIssue({
        code: "custom",
        path: ["match"],
        message: "needs answers to compare with; name them in expect",
      });
    }
    if (target.type !== "PTR" && isIP(target.query) !== 0) {
      context.addIssue({
        code: "custom",
        path: ["query"],
        message: `is an address, which has no ${target.type} record; ask for PTR, or name a host`,
      });
    }
  });
type DnsTarget = z.infer<typeof dnsTargetSchema>;

type Details = Record<string, string | number>;

/** Asks a resolver for records and compares them. Never rejected because of the target. */
export async function probeDns(target: DnsTarget, options: ProbeOptions): Promise<Observation> {
  const attempt = new Attempt(options.timeoutMs, options.signal);
  const details: Details = { type: target.type };
  let failure: ProbeFailure | null = null;
  try {
    judge(target, await ask(attempt, target, details), details);
  } catch (error) {
    failure = toFailure(error);
    if (failure.code === PROBE_CODES.deadline) {
      failure = new ProbeFailure(DNS_CODES.timeout, "no answer from the resolver in time");
    }
  }
  return { ...attempt.finish(failure), details };
}

/**
 * The answer that counts. Of several resolvers the next one is asked when one is silent or says that
 * it cannot, as the system's own library does: that one of them is broken is no trouble of the name.
 */
async function ask(attempt: Attempt, target: DnsTarget, details: Details): Promise<Reply> {
  const resolvers = resolversOf(target);
  const name = isIP(target.query) === 0 ? domainToASCII(target.query) : reverseName(target.query);
  const question = { name: name.replace(/\.$/, ""), type: target.type };
  const from = performance.now();
  for (const [index, resolver] of resolvers.entries()) {
    const left = resolvers.length - index;
    details["resolver"] = hostAndPort(resolver);
    try {
      const withinMs = Math.max(1, attempt.leftMs() / left);
      const reply = await askResolver(attempt, resolver, question, withinMs);
      attempt.timings.dns = performance.now() - from;
      const rcode = rcodeOf(reply.packet);
      if (left > 1 && rcode !== "NOERROR" && rcode !== "NXDOMAIN") continue;
      details["rcode"] = rcode;
      details["transport"] = reply.transport;
      return reply;
    } catch (error) {
      const { code } = toFailure(error);
      const mayBeTheResolver = code === DNS_CODES.timeout || code === DNS_CODES.unreachable;
      if (left === 1 || !mayBeTheResolver) throw error;
    }
  }
  throw new ProbeFailure(PROBE_CODES.probeFailed, "this system has no resolver; name one in the check");
}

function resolversOf({ resolver }: DnsTarget): HostAndPort[] {
  const named = resolver === undefined ? getServers().slice(0, MAX_RESOLVERS) : [resolver];
  return named.flatMap((text) => addressAndPort(text, DNS_PORT) ?? []);
}

const ERRORS: Readonly<Record<string, string>> = {
  NXDOMAIN: DNS_CODES.nameNotFound,
  SERVFAIL: DNS_CODES.serverFailed,
  REFUSED: DNS_CODES.refused,
};

function judge(target: DnsTarget, { packet }: Reply, details: Details): void {
  const rcode = rcodeOf(packet);
  if (rcode !== "NOERROR") {
    throw new ProbeFailure(ERRORS[rcode] ?? DNS_CODES.otherError, `the resolver answers ${rcode}`);
  }
  const { texts, ttl } = recordsOf(packet, target.type);
  if (texts.length === 0) {
    throw new ProbeFailure(DNS_CODES.noData, `the name exists and has no ${target.type} record`);
  }
  details["answers"] = presentable(texts.join(", "), 512);
  if (ttl !== null) details["ttl"] = ttl;
  const expected = target.expect.map((text) => canonical(target.type, text));
  const missing = expected.filter((text) => !texts.includes(text)).length;
  const more = target.match === "exactly" ? texts.filter((text) => !expected.includes(text)).length : 0;
  if (missing > 0 || more > 0) {
    throw new ProbeFailure(
      DNS_CODES.unexpected,
      `of the expected answers ${missing} are missing; ${more} came that are not expected`,
    );
  }
}
