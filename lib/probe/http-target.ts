import { z } from "zod";

import { parseHostAndPort } from "./host.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Redirects followed before a chain counts as endless. */
export const MAX_REDIRECTS = 5;
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

const urlSchema = z
  .string()
  .max(2048, "is longer than 2,048 characters")
  .superRefine((value, context) => {
    const url = URL.canParse(value) ? new URL(value) : null;
    const problem =
      url === null
        ? "is not a URL; write it with its scheme, like https://www.example.com/health"
        : url.protocol !== "http:" && url.protocol !== "https:"
          ? "must begin with http:// or https://"
          : url.username !== "" || url.password !== ""
            ? "must not hold a user name or password; send them in an Authorization header"
            : url.port === "0"
              ? "names port 0, on which nothing can listen"
              : null;
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
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

/**
 * Where and how an HTTP check looks, and what it expects to see. The parsed value is plain JSON
 * that the schema accepts again, so it can be stored as it is.
 */
export const httpTargetSchema = z
  .strictObject({
    url: urlSchema.describe("Address to request: http:// or https://, without user name and password."),
    method: z.enum(METHODS).default("GET").describe("Request method."),
    headers: headersSchema.default({}).describe("Request headers by name."),
    body: z.string().max(65_536, "is longer than 64 KiB").optional().describe("Request body."),
    expectStatus: z
      .array(statusRangeSchema)
      .min(1, "needs at least one status")
      .max(32)
      .default(["200-299"])
      .describe('Statuses that are fine: numbers or ranges like "200-299".'),
    keyword: z.string().min(1).max(1024).optional().describe("Text that the body must contain."),
    keywordAbsent: z.string().min(1).max(1024).optional().describe("Text that the body must not contain."),
    followRedirects: z.boolean().default(true).describe(`Follow redirects, ${MAX_REDIRECTS} at most.`),
    connectTo: z
      .string()
      .refine((text) => parseHostAndPort(text, null) !== null, "must be host:port, like 192.0.2.7:8443")
      .optional()
      .describe("Host and port to connect to instead of the address's, which keeps its name."),
    verifyTls: z.boolean().default(true).describe("Ask for a certificate that is valid for the name."),
    maxBodyBytes: z
      .number()
      .int()
      .min(1024, "must be at least 1,024")
      .max(16_777_216, "must be at most 16,777,216 (16 MiB)")
      .default(DEFAULT_MAX_BODY_BYTES)
      .describe("Bytes of the body that are read; a larger one counts as too large."),
  })
  .superRefine((target, context) => {
    const refuse = (field: string, message: string): void =>
      context.addIssue({ code: "custom", path: [field], message });
    if (target.body !== undefined && (target.method === "GET" || target.method === "HEAD")) {
      refuse("body", `cannot be sent with ${target.method}; choose another method`);
    }
    if (target.method === "HEAD") {
      if (target.keyword !== undefined) refuse("keyword", "cannot be looked for: a HEAD answer has no body");
      if (target.keywordAbsent !== undefined) {
        refuse("keywordAbsent", "cannot be looked for: a HEAD answer has no body");
      }
    }
  });

/** A parsed target of kind `http`. */
export type HttpTarget = z.infer<typeof httpTargetSchema>;
