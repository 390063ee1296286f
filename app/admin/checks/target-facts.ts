import { yamlKeyOf } from "#lib/config/yaml-keys.ts";
import { isSecretName, redactText } from "#lib/probe/redact.ts";

import { MASK } from "./header-lines.ts";

/** A target of any kind as label and text, by the file's own keys; what looks secret is masked. */
export function targetFacts(target: unknown): [label: string, text: string][] {
  if (typeof target !== "object" || target === null) return [];
  return Object.entries(target)
    .filter(([, value]) => !isEmpty(value))
    .map(([field, value]: [string, unknown]) => [labelOf(field), textOf(field, value)]);
}

function labelOf(field: string): string {
  const words = yamlKeyOf(field).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function textOf(field: string, value: unknown): string {
  if (typeof value === "number" && field.endsWith("Ms")) return `${value / 1_000} s`;
  if (typeof value === "string") return isSecretName(field) ? MASK : redactText(value);
  return redactText(JSON.stringify(value, masked));
}

function masked(name: string, value: unknown): unknown {
  return typeof value === "string" && isSecretName(name) ? MASK : value;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
