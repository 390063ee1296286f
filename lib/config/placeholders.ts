import { GatewatchError } from "#lib/base/errors.ts";

/** The environment as a plain record; tests hand in their own. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of this process, read when it is asked for. */
export function processVariables(): Variables {
  return process.env;
}

// $${ is an escaped ${; then ${NAME} or ${NAME:-default}; then anything that opens like one and is none
const PLACEHOLDER = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/** Variables that guard the installation itself: a check must not be able to send them anywhere. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  "DATABASE_URL",
  "GATEWATCH_SECRET",
  "GATEWATCH_ADMIN_PASSWORD",
  "GATEWATCH_AGENT_TOKEN",
]);

export interface Substitution {
  readonly text: string;
  /** What could not be resolved, as sentences that name the variable and never a value. */
  readonly problems: readonly string[];
}

/** True when the text holds `${…}` or its escape, i.e. when it differs from what it stands for. */
export function hasPlaceholder(text: string): boolean {
  return text.includes("${");
}

/**
 * Puts variables into a text: `${NAME}` must be set and not be empty, `${NAME:-default}` takes
 * the default otherwise, `$${` is a literal `${`.
 */
export function substitute(text: string, variables: Variables): Substitution {
  const problems: string[] = [];
  const resolved = text.replaceAll(
    PLACEHOLDER,
    (whole, name: string | undefined, fallback: string | undefined) => {
      if (whole === "$${") return "${";
      if (name === undefined) {
        problems.push(
          "`${` does not begin a variable such as ${NAME} or ${NAME:-default}; write $${ for the characters themselves",
        );
        return whole;
      }
      if (FORBIDDEN.has(name)) {
        problems.push(`the variable ${name} belongs to Gatewatch itself and cannot be used here`);
        return whole;
      }
      const value = variables[name] || fallback;
      if (value === undefined)
        problems.push(`the variable ${name} is not set; set it, or write \${${name}:-default}`);
      return value ?? whole;
    },
  );
  return { text: resolved, problems };
}

/** Every string inside a JSON value, changed by `change`; keys stay. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}

/**
 * A check's target with its variables put in, right before the probe: the database holds
 * `${NAME}`, never the value.
 * @throws GatewatchError CONFIG_INVALID that names the variable this process does not have
 */
export function resolvePlaceholders(target: unknown, variables: Variables): unknown {
  return mapStrings(target, (text) => {
    if (!hasPlaceholder(text)) return text;
    const { text: resolved, problems } = substitute(text, variables);
    if (problems.length > 0) throw new GatewatchError("CONFIG_INVALID", problems.join("; "));
    return resolved;
  });
}

/**
 * `resolvePlaceholders` for a worker that probes the same targets again and again: a target
 * without variables comes back as the same object, another one is resolved once.
 * @returns a function that throws GatewatchError CONFIG_INVALID when a variable is missing
 */
export function targetResolver(variables: Variables = processVariables()): (target: unknown) => unknown {
  const resolved = new WeakMap<object, unknown>();
  return (target) => {
    if (target === null || typeof target !== "object") return target;
    if (!resolved.has(target)) {
      resolved.set(target, mentionsVariable(target) ? resolvePlaceholders(target, variables) : target);
    }
    return resolved.get(target);
  };
}

/** True when some string of a JSON value names a variable. */
export function mentionsVariable(value: unknown): boolean {
  let found = false;
  mapStrings(value, (text) => {
    found ||= hasPlaceholder(text);
    return text;
  });
  return found;
}
