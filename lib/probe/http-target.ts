import { isIP } from "node:net";

import { z } from "zod";

import {
  certificatesSchema,
  hostPortSchema,
  ipFamilySchema,
  isPair,
  privateKeySchema,
  serverNameSchema,
  urlSchema,
} from "./fields.ts";
import { jsonConditionSchema } from "./json-path.ts";
import { patternSchema } from "./pattern.ts";
import { secret } from "./secret-fields.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Redirects followed before a chain counts as endless, unless the check says otherwise. */
const DEFAULT_MAX_REDIRECTS = 5;
/** Bytes of a body that are read unless the check says otherwise: 1 MiB. */
export const DEFAULT_MAX_BODY_BYTES = 1_048_576;

// RFC 9110, 5.6.2: what a field name may be made of
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// RFC 9110, 5.5, without line breaks and other controls: what Node puts on the wire
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
// the probe frames the message and closes the connection itself
const OWN_HEADERS = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const httpUrlSchema = urlSchema({
  schemes: ["http://", "https://"],
  like: "https://www.example.com/health",
  instead: "they have a field of their own (basic_auth)",
  fragment: true,
});

const statusRangeSchema = z.union([
  z
    .number()
    .int()
    .min(100, "is below 100, the first HTTP status")
    .max(599, "is above 599, the last HTTP status"),
  z
    .string()
    .regex(/^[1-5]\d\d(-[1-5]\d\d)?$/, 'must be a status like 204 or a range like "200-299"')
    .refine((range) => range.slice(0, 3) <= range.slice(-3), "must begin with its lower end"),
]);

const headersSchema = z
  .record(
    z.string().regex(HEADER_NAME, "is not a header name"),
    z.string().max(8192).regex(HEADER_VALUE, "must not hold line breaks or other control characters"),
  )
  .superRefine((headers, context) => {
    for (const name of Object.keys(headers)) {
      if (OWN_HEADERS.has(name.toLowerCase())) {
        context.addIssue({
          code: "custom",
          path: [name],
          message: "is set by the probe itself; leave it out",
        });
      }
    }
  });

const basicAuthSchema = z.strictObject({
  user: z
    .string()
    .min(1, "must not be empty")
    .max(256)
    // RFC 7617, 2: the first colon ends the name
    .regex(/^[^:\p{Cc}]+$/u, "must not hold a colon or control characters")
    .describe("User name."),
  password: secret(
    z
      .string()
      .min(1, "must not be empty")
      .max(1024)
      .regex(/^\P{Cc}+$/u, "must not hold control characters"),
    "Password.",
  ),
});

const bodyText = z.string().min(1).max(1024);

/**
 * Where and how an HTTP check looks, and what it expects to see. The parsed value is plain JSON
 * that the schema accepts again, so it can be stored as it is.
 */
export const httpTargetSchema = z
  .strictObject({
    url: httpUrlSchema.describe("Address to request: http:// or https://, without user name and password."),
    method: z.enum(METHODS).default("GET").describe("Request method."),
    headers: headersSchema
      .default({})
      .describe("Request headers by name; `host` may differ from the address's."),
    body: z.string().max(65_536, "is longer than 64 KiB").optional().describe("Request body."),
    basicAuth: basicAuthSchema.optional().describe("User name and password for basic authentication."),
    bearerToken: secret(
      // RFC 6750, 2.1, a little wider: what fits into a header
      z
        .string()
        .min(1)
        .max(8192)
        .regex(/^[\x21-\x7e]+$/, "must be one word of printable ASCII"),
      "Token for bearer authentication.",
    ).optional(),
    expectStatus: z
      .array(statusRangeSchema)
      .min(1, "needs at least one status")
      .max(32)
      .default(["200-299"])
      .describe('Statuses that are fine: numbers or ranges like "200-299".'),
    keyword: bodyText.optional().describe("Text that the body must contain."),
    keywordAbsent: bodyText.optional().describe("Text that the body must not contain."),
    pattern: patternSchema
      .optional()
      .describe("Regular expression (RE2 syntax) that must be found in the body."),
    patternAbsent: patternSchema
      .optional()
      .describe("Regular expression (RE2 syntax) that must not be found in the body."),
    json: z
      .array(jsonConditionSchema)
      .max(32, "takes at most 32 comparisons")
      .optional()
      .describe("Comparisons of what JSON paths find in the body."),
    followRedirects: z.boolean().default(true).describe("Follow redirects."),
    maxRedirects: z
      .number()
      .int()
      .min(1, "must be at least 1; to follow none, write follow_redirects: false")
      .max(20, "must be at most 20")
      .default(DEFAULT_MAX_REDIRECTS)
      .describe("Redirects that are followed at most."),
    ipFamily: ipFamilySchema,
    connectTo: hostPortSchema
      .optional()
      .describe("Host and port to connect to instead of the address's, which keeps its name."),
    verifyTls: z.boolean().default(true).describe("Ask for a certificate that is valid for the name."),
    serverName: serverNameSchema
      .optional()
      .describe("Name for SNI and for the certificate, instead of the address's host."),
    ca: certificatesSchema
      .optional()
      .describe("Certificates of the authorities to trust instead of the system's, as PEM text."),
    clientCert: certificatesSchema
      .optional()
      .describe("Certificate to present (with its chain), as PEM text; sent to the address's own host only."),
    clientKey: secret(privateKeySchema, "Private key of the certificate to present, as PEM text.").optional(),
    http2: z
      .enum(["off", "prefer", "require"])
      .default("off")
      .describe("HTTP/2: not at all, where the server offers it, or nothing else."),
    reuseConnection: z
      .boolean()
      .default(false)
      .describe("Keep the connection for the next look, for up to 5 minutes."),
    maxBodyBytes: z
      .number()
      .int()
      .min(1024, "must be at least 1,024")
      .max(16_777_216, "must be at most 16,777,216 (16 MiB)")
      .default(DEFAULT_MAX_BODY_BYTES)
      .describe("Bytes of the body that are read; a larger one counts as too large."),
  })
  .superRefine((target, context) => {
    for (const [field, message] of [...bodyProblems(target), ...authProblems(target), ...tlsProblems(target)])
      context.addIssue({ code: "custom", path: [field], message });
  });

/** A parsed target of kind `http`. */
export type HttpTarget = z.infer<typeof httpTargetSchema>;

type Problem = readonly [field: keyof HttpTarget, message: string];

/** Fields that ask something of the body. */
const ABOUT_THE_BODY = ["keyword", "keywordAbsent", "pattern", "patternAbsent", "json"] as const;

function bodyProblems(target: HttpTarget): Problem[] {
  const problems: Problem[] = [];
  if (target.body !== undefined && (target.method === "GET" || target.method === "HEAD"))
    problems.push(["body", `cannot be sent with ${target.method}; choose another method`]);
  if (target.method !== "HEAD") return problems;
  for (const field of ABOUT_THE_BODY) {
    if (target[field] !== undefined)
      problems.push([field, "cannot be looked for: a HEAD answer has no body"]);
  }
  return problems;
}

function authProblems(target: HttpTarget): Problem[] {
  const { basicAuth, bearerToken, headers } = target;
  const ways: [keyof HttpTarget, boolean][] = [
    ["headers", Object.keys(headers).some((name) => name.toLowerCase() === "authorization")],
    ["basicAuth", basicAuth !== undefined],
    ["bearerToken", bearerToken !== undefined],
  ];
  const [, second] = ways.filter(([, used]) => used).map(([field]) => field);
  return second === undefined
    ? []
    : [
        [
          second,
          "is a second way to authenticate; keep one of headers.authorization, basic_auth, bearer_token",
        ],
      ];
}

function tlsProblems(target: HttpTarget): Problem[] {
  const { url, ipFamily, clientCert, clientKey } = target;
  const problems: Problem[] = [];
  if ((clientCert === undefined) !== (clientKey === undefined)) {
    const missing = clientKey === undefined ? "clientKey" : "clientCert";
    problems.push([missing, "is missing; a client certificate and its key come together"]);
  } else if (clientCert !== undefined && clientKey !== undefined && !isPair(clientCert, clientKey)) {
    problems.push(["clientKey", "does not belong to the client certificate"]);
  }
  const family = URL.canParse(url) ? isIP(new URL(url).hostname.replace(/^\[|\]$/g, "")) : 0;
  if (target.connectTo === undefined && family !== 0 && ipFamily !== "both" && family !== ipFamily)
    problems.push(["ipFamily", `does not fit the address, which is IPv${family}`]);
  return problems;
}
