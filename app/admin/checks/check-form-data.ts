import type { CheckDefaults } from "#components/admin/check-form.tsx";
import type { ConnectionDefaults } from "#components/admin/http-connection-fields.tsx";
import { SECOND } from "#lib/base/clock.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import type { CheckInput } from "#lib/catalog/input.ts";
import { httpTargetSchema, type HttpTarget } from "#lib/probe/registry.ts";
import { MASK } from "#lib/probe/secret-fields.ts";
import type { CheckRow } from "#lib/store/catalog.ts";

import { field } from "../_server/act.ts";
import { fromLines, toLines } from "./header-lines.ts";
import { fromJsonLines, toJsonLines } from "./json-lines.ts";
import { readSecret, sameDestination, type Destination } from "./kept-secrets.ts";

function problem(path: string, message: string): GatewatchError {
  return new GatewatchError("INPUT_INVALID", "Some fields need another look.", {
    problems: [{ path, message }],
  });
}

/** Seconds of a number field as milliseconds. @throws GatewatchError INPUT_INVALID */
function seconds(form: FormData, name: string): number {
  const value = Number(field(form, name).replace(",", "."));
  if (field(form, name).trim() === "" || !Number.isFinite(value))
    throw problem(name, "Enter a number of seconds.");
  return Math.round(value * SECOND);
}

/** "200-299, 404" as the target's schema takes it. */
function statuses(text: string): (string | number)[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== "");
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The http target of a stored check; null when it is of another kind or from an older version. */
export function httpTargetOf(check: CheckRow): HttpTarget | null {
  const parsed = check.kind === "http" ? httpTargetSchema.safeParse(check.target) : null;
  return parsed?.success === true ? parsed.data : null;
}

/** True for a check that can be edited here: the other kinds live in gatewatch.yaml. */
export function hasForm(check: CheckRow): boolean {
  return check.kind === "http";
}

/** A text field as a part of a target: empty means that it is not there. */
function optional(form: FormData, name: string): Record<string, string> {
  const value = field(form, name);
  return value.trim() === "" ? {} : { [name]: value };
}

/** A secret field as a part of a target. @throws GatewatchError INPUT_INVALID */
function secretOf(
  form: FormData,
  name: string,
  stored: string | undefined,
  same: boolean,
): string | undefined {
  const reading = readSecret(field(form, name).trim(), stored ?? null, same);
  if ("problem" in reading) throw problem(name, reading.problem);
  return reading.value;
}

/** User and password, token and key; the masked ones are the stored check's. */
function credentialsOf(form: FormData, before: HttpTarget | null, to: Destination): object {
  const same = sameDestination(before, to);
  const user = field(form, "basicUser").trim();
  const password = secretOf(form, "basicPassword", before?.basicAuth?.password, same);
  const bearerToken = secretOf(form, "bearerToken", before?.bearerToken, same);
  const clientKey = secretOf(form, "clientKey", before?.clientKey, same);
  if (user === "" && password !== undefined) throw problem("basicUser", "Enter the user name as well.");
  return {
    ...(user === "" ? {} : { basicAuth: { user, password: password ?? "" } }),
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(clientKey === undefined ? {} : { clientKey }),
  };
}

/** Parts of a target that the form shows; what it does not show stays as it was. */
const SHOWN = new Set<string>([
  "url",
  "method",
  "headers",
  "body",
  "basicAuth",
  "bearerToken",
  "expectStatus",
  "keyword",
  "keywordAbsent",
  "pattern",
  "patternAbsent",
  "json",
  "followRedirects",
  "maxRedirects",
  "ipFamily",
  "connectTo",
  "verifyTls",
  "serverName",
  "ca",
  "clientCert",
  "clientKey",
  "http2",
  "reuseConnection",
] satisfies (keyof HttpTarget)[]);

function targetFrom(form: FormData, before: HttpTarget | null): object {
  const url = field(form, "url").trim();
  const connectTo = field(form, "connectTo").trim();
  const to: Destination = { url, ...(connectTo === "" ? {} : { connectTo }) };
  const lines = fromLines(field(form, "headers"), before, to);
  if ("problem" in lines) throw problem("headers", lines.problem);
  const json = fromJsonLines(field(form, "json"));
  if ("problem" in json) throw problem("json", json.problem);
  const family = field(form, "ipFamily");
  return {
    ...Object.fromEntries(Object.entries(before ?? {}).filter(([name]) => !SHOWN.has(name))),
    ...to,
    method: field(form, "method"),
    headers: lines.headers,
    ...optional(form, "body"),
    ...credentialsOf(form, before, to),
    expectStatus: statuses(field(form, "expectStatus")),
    ...optional(form, "keyword"),
    ...optional(form, "keywordAbsent"),
    ...optional(form, "pattern"),
    ...optional(form, "patternAbsent"),
    ...(json.conditions.length === 0 ? {} : { json: json.conditions }),
    followRedirects: form.has("followRedirects"),
    maxRedirects: Number(field(form, "maxRedirects")),
    ipFamily: family === "both" ? family : Number(family),
    verifyTls: form.has("verifyTls"),
    ...optional(form, "serverName"),
    ...optional(form, "ca"),
    ...optional(form, "clientCert"),
    http2: field(form, "http2"),
    reuseConnection: form.has("reuseConnection"),
  };
}

/**
 * A check of kind http from its form; the catalogue's schemas judge the values.
 * @param stored the check being edited; masked values stand for its own
 * @throws GatewatchError INPUT_INVALID
 */
export function checkFrom(
  form: FormData,
  stored: CheckRow | null,
): CheckInput & { kind: "http"; timeoutMs: number; slowMs: number | null } {
  return {
    name: field(form, "name"),
    kind: "http",
    target: targetFrom(form, stored === null ? null : httpTargetOf(stored)),
    intervalMs: seconds(form, "interval"),
    timeoutMs: seconds(form, "timeout"),
    slowMs: field(form, "slow").trim() === "" ? null : seconds(form, "slow"),
    ...(stored === null
      ? {}
      : { confirmMs: stored.confirmMs, regions: stored.regions, quorum: stored.quorum }),
    enabled: form.has("enabled"),
  };
}

/** Fields of the form that stand for parts of a check under other names. */
const FIELDS: Readonly<Record<string, string>> = {
  intervalMs: "interval",
  timeoutMs: "timeout",
  slowMs: "slow",
  target: "url",
  basicAuth: "basicUser",
  "basicAuth.user": "basicUser",
  "basicAuth.password": "basicPassword",
};

/** The same error with each problem at the field that shows it. */
export function atFields(error: GatewatchError): GatewatchError {
  const problems = error.problems.map(({ path, message }) => {
    const inner = path.replace(/^target\./, "");
    const name = inner.split(".")[0] ?? inner;
    return { path: FIELDS[inner] ?? FIELDS[name] ?? name, message };
  });
  const message = problems.length === 0 ? error.message : "Some fields need another look.";
  return new GatewatchError(error.code, message, { problems, cause: error });
}

const LISTED = (status: string | number): string => String(status);

/** What is shown of a secret: that there is one. */
function masked(secret: string | undefined): string {
  return secret === undefined ? "" : MASK;
}

function connectionDefaults(target: HttpTarget | null): ConnectionDefaults {
  return {
    basicUser: target?.basicAuth?.user ?? "",
    basicPassword: masked(target?.basicAuth?.password),
    bearerToken: masked(target?.bearerToken),
    clientCert: target?.clientCert ?? "",
    clientKey: masked(target?.clientKey),
    ca: target?.ca ?? "",
    serverName: target?.serverName ?? "",
    connectTo: target?.connectTo ?? "",
    ipFamily: String(target?.ipFamily ?? "both"),
    http2: target?.http2 ?? "off",
    maxRedirects: String(target?.maxRedirects ?? 5),
    followRedirects: target?.followRedirects ?? true,
    verifyTls: target?.verifyTls ?? true,
    reuseConnection: target?.reuseConnection ?? false,
  };
}

/** What the form begins with: a stored check, or sensible values for a new one. */
export function defaultsOf(check: CheckRow | null): CheckDefaults {
  const target = check === null ? null : httpTargetOf(check);
  return {
    ...connectionDefaults(target),
    name: check?.name ?? "",
    url: target?.url ?? "",
    method: target?.method ?? "GET",
    expectStatus: (target?.expectStatus ?? ["200-299"]).map(LISTED).join(", "),
    keyword: target?.keyword ?? "",
    keywordAbsent: target?.keywordAbsent ?? "",
    headers: toLines(target?.headers ?? {}),
    pattern: target?.pattern ?? "",
    patternAbsent: target?.patternAbsent ?? "",
    json: toJsonLines(target?.json ?? []),
    body: target?.body ?? "",
    interval: String((check?.intervalMs ?? 30 * SECOND) / SECOND),
    timeout: String((check?.timeoutMs ?? 10 * SECOND) / SECOND),
    slow: check?.slowMs === null || check === null ? "" : String(check.slowMs / SECOND),
    enabled: check?.enabled ?? true,
  };
}
