import type { CheckDefaults } from "#components/admin/check-form.tsx";
import { SECOND } from "#lib/base/clock.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import type { CheckInput } from "#lib/catalog/input.ts";
import { httpTargetSchema, type HttpTarget } from "#lib/probe/registry.ts";
import type { CheckRow } from "#lib/store/catalog.ts";

import { field } from "../_server/act.ts";
import { fromLines, toLines } from "./header-lines.ts";

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

/**
 * A check of kind http from its form; the catalogue's schemas judge the values.
 * @param stored the check being edited; masked header values stand for its own
 * @throws GatewatchError INPUT_INVALID
 */
export function checkFrom(
  form: FormData,
  stored: CheckRow | null,
): CheckInput & { kind: "http"; timeoutMs: number; slowMs: number | null } {
  const before = stored === null ? null : httpTargetOf(stored);
  const url = field(form, "url").trim();
  const lines = fromLines(field(form, "headers"), before, url);
  if ("problem" in lines) throw problem("headers", lines.problem);
  const optional = (name: string): Record<string, string> => {
    const value = field(form, name);
    return value === "" ? {} : { [name]: value };
  };
  return {
    name: field(form, "name"),
    kind: "http",
    target: {
      // what the form does not show stays as it was
      ...(before === null ? {} : { maxBodyBytes: before.maxBodyBytes }),
      url,
      method: field(form, "method"),
      headers: lines.headers,
      expectStatus: statuses(field(form, "expectStatus")),
      ...optional("body"),
      ...optional("keyword"),
      ...optional("keywordAbsent"),
      followRedirects: form.has("followRedirects"),
      verifyTls: form.has("verifyTls"),
    },
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
};

/** The same error with each problem at the field that shows it. */
export function atFields(error: GatewatchError): GatewatchError {
  const problems = error.problems.map(({ path, message }) => {
    const inner = path.replace(/^target\./, "");
    const name = inner.split(".")[0] ?? inner;
    return { path: FIELDS[name] ?? name, message };
  });
  const message = problems.length === 0 ? error.message : "Some fields need another look.";
  return new GatewatchError(error.code, message, { problems, cause: error });
}

const LISTED = (status: string | number): string => String(status);

/** What the form begins with: a stored check, or sensible values for a new one. */
export function defaultsOf(check: CheckRow | null): CheckDefaults {
  const target = check === null ? null : httpTargetOf(check);
  return {
    name: check?.name ?? "",
    url: target?.url ?? "",
    method: target?.method ?? "GET",
    expectStatus: (target?.expectStatus ?? ["200-299"]).map(LISTED).join(", "),
    keyword: target?.keyword ?? "",
    keywordAbsent: target?.keywordAbsent ?? "",
    headers: toLines(target?.headers ?? {}),
    body: target?.body ?? "",
    followRedirects: target?.followRedirects ?? true,
    verifyTls: target?.verifyTls ?? true,
    interval: String((check?.intervalMs ?? 30 * SECOND) / SECOND),
    timeout: String((check?.timeoutMs ?? 10 * SECOND) / SECOND),
    slow: check?.slowMs === null || check === null ? "" : String(check.slowMs / SECOND),
    enabled: check?.enabled ?? true,
  };
}
