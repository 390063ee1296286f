import { createSecureContext, type SecureContext } from "node:tls";

import packageJson from "../../package.json" with { type: "json" };

import type { Endpoint } from "./connect.ts";
import { PROBE_CODES, ProbeFailure } from "./failure.ts";
import { splitHostPort } from "./fields.ts";
import { bodyExpectation, type BodyExpectation } from "./http-expect.ts";
import type { HttpTarget } from "./http-target.ts";
import { redactUrl, secretsInBody, secretValues } from "./redact.ts";

/** What a probe calls itself, so that the target's people can tell it in their logs. */
export const USER_AGENT = `Gatewatch/${packageJson.version} (+status monitoring)`;

/** One request of a chain of redirects. */
export interface Step {
  readonly url: URL;
  /** The URL for the record: redacted, and without its query. */
  readonly shown: string;
  readonly method: HttpTarget["method"];
  /** Path and query. */
  readonly path: string;
  /** What is sent, names in lower case, without the fields of the connection. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  readonly endpoint: Endpoint;
}

/** All that a target says and that does not change from look to look: worked out once. */
export interface HttpPlan {
  readonly target: HttpTarget;
  readonly first: Step;
  /** Null: nothing is asked of the body. */
  readonly expectation: BodyExpectation | null;
  /** What we send that must not come back in the evidence, should the target echo it. */
  readonly secrets: readonly string[];
}

const plans = new WeakMap<HttpTarget, HttpPlan>();

/** The plan of a parsed target. */
export function planOf(target: HttpTarget): HttpPlan {
  const known = plans.get(target);
  if (known !== undefined) return known;
  const secrets = secretsOf(target);
  const plan = { target, first: firstStep(target, secrets), expectation: bodyExpectation(target), secrets };
  plans.set(target, plan);
  return plan;
}

function secretsOf({ url, headers, body, basicAuth, bearerToken }: HttpTarget): string[] {
  const own = [bearerToken, basicAuth?.password, basicAuth && credentials(basicAuth)];
  return [
    ...secretValues([...Object.entries(headers), ...new URL(url).searchParams]),
    ...secretsInBody(body),
    // as with headers: a shorter one would black out half of every answer
    ...own.filter((value) => value !== undefined && value.length >= 4).map(String),
  ];
}

function credentials({ user, password }: NonNullable<HttpTarget["basicAuth"]>): string {
  return Buffer.from(`${user}:${password}`, "utf8").toString("base64");
}

/** The headers that the check itself asks for: they go to its own origin only. */
function ownHeaders({ headers, basicAuth, bearerToken }: HttpTarget): [string, string][] {
  const own = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  if (basicAuth !== undefined) own.push(["authorization", `Basic ${credentials(basicAuth)}`]);
  if (bearerToken !== undefined) own.push(["authorization", `Bearer ${bearerToken}`]);
  return own;
}

function headersFor(url: URL, own: Iterable<readonly [string, string]>, body: string | undefined) {
  const headers = new Map<string, string>([
    ["host", url.host],
    ["user-agent", USER_AGENT],
    ["accept", "*/*"],
    ...own,
  ]);
  if (body !== undefined) headers.set("content-length", String(Buffer.byteLength(body)));
  return [...headers];
}

function firstStep(target: HttpTarget, secrets: readonly string[]): Step {
  const url = new URL(target.url);
  return {
    url,
    shown: redactUrl(url, secrets),
    method: target.method,
    path: `${url.pathname}${url.search}`,
    headers: headersFor(url, ownHeaders(target), target.body),
    body: target.body,
    endpoint: endpointOf(url, target, true),
  };
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The request that a redirect asks for (RFC 9110, 15.4), null when the answer is not one.
 * What the check says of headers, credentials, client certificate, names and ports stays behind when
 * the origin changes.
 * @throws ProbeFailure when the location cannot be requested
 */
export function nextStep(
  { target, first, secrets }: HttpPlan,
  step: Step,
  status: number,
  location: string | undefined,
): Step | null {
  if (!REDIRECTS.has(status) || location === undefined) return null;
  if (!URL.canParse(location, step.url.href)) {
    throw new ProbeFailure(PROBE_CODES.redirectInvalid, "redirected to something that is not a URL");
  }
  const url = new URL(location, step.url.href);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ProbeFailure(
      PROBE_CODES.redirectInvalid,
      `redirected to ${url.protocol.slice(0, 40)}, which is not HTTP`,
    );
  }
  // 303 always becomes GET, 301 and 302 do for POST, as every browser does it
  const rewrite = status === 303 ? step.method !== "HEAD" : status < 303 && step.method === "POST";
  const method = rewrite ? "GET" : step.method;
  const body = rewrite ? undefined : step.body;
  // once it has left, nothing returns: what comes back from elsewhere chose the address
  const home = url.origin === step.url.origin && step.endpoint === first.endpoint;
  return {
    url,
    shown: redactUrl(url, secrets),
    method,
    path: `${url.pathname}${url.search}`,
    headers: headersFor(url, home ? ownHeaders(target) : [], body),
    body,
    endpoint: home ? first.endpoint : endpointOf(url, target, false),
  };
}

/** Where a URL leads. @param home true where the check's own names, ports and client certificate belong */
function endpointOf(url: URL, target: HttpTarget, home: boolean): Endpoint {
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const elsewhere = home && target.connectTo !== undefined ? splitHostPort(target.connectTo) : null;
  return {
    ...(elsewhere ?? { host, port }),
    family: target.ipFamily,
    tls: secure
      ? {
          verify: target.verifyTls,
          alpn: ALPN[target.http2],
          name: (home ? target.serverName : undefined) ?? host,
          ...contextOf(target, home),
        }
      : null,
  };
}

const ALPN: Readonly<Record<HttpTarget["http2"], readonly string[]>> = {
  off: ["http/1.1"],
  prefer: ["h2", "http/1.1"],
  require: ["h2"],
};

/** The TLS context of a target that brings certificates of its own, made when it is first needed. */
function contextOf({ ca, clientCert, clientKey }: HttpTarget, home: boolean) {
  const pair = home && clientCert !== undefined && clientKey !== undefined;
  if (ca === undefined && !pair) return {};
  let made: SecureContext | undefined;
  const context = (): SecureContext =>
    (made ??= createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(pair ? { cert: clientCert, key: clientKey } : {}),
    }));
  return { context };
}
