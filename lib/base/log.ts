import { redactSecrets } from "./redact.ts";

/** Severity of a log line, in the words of most collectors. */
export type LogLevel = "debug" | "info" | "warn" | "error";

export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

// anything that calls itself a secret must not reach a log, whatever its value looks like
const SECRET_KEY = /pass(word)?|secret|token|authorization|cookie|api[-_]?key/i;

/** Text as a log may hold it. */
export function redact(text: string): string {
  return redactSecrets(text);
}

function plain(key: string, value: unknown): unknown {
  if (SECRET_KEY.test(key)) return "[redacted]";
  if (value instanceof Error) {
    // the stack begins with the message
    return { name: value.name, message: redact(value.message), stack: redact(value.stack ?? "") };
  }
  if (typeof value === "bigint") return value.toString();
  return typeof value === "string" ? redact(value) : value;
}

function write(level: LogLevel, scope: string, message: string, fields: LogFields): void {
  const line = JSON.stringify(
    { at: new Date().toISOString(), level, scope, message: redact(message), ...fields },
    plain,
  );
  (level === "error" || level === "warn" ? process.stderr : process.stdout).write(`${line}\n`);
}

/**
 * A log that writes one JSON object a line: warnings and errors to standard error, the rest to
 * standard output. Secrets in field names and URLs are redacted.
 */
export function createLog(scope: string): Log {
  return {
    debug: (message, fields = {}) => write("debug", scope, message, fields),
    info: (message, fields = {}) => write("info", scope, message, fields),
    warn: (message, fields = {}) => write("warn", scope, message, fields),
    error: (message, fields = {}) => write("error", scope, message, fields),
  };
}
