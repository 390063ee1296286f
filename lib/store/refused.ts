// SQLSTATE classes of statements that fail however often they are tried: data exceptions,
// constraint violations, wrong SQL (https://www.postgresql.org/docs/current/errcodes-appendix.html)
const REFUSALS = /^(22|23|42)/;

/** The SQLSTATE of an error that came through Prisma's driver adapter; null when it has none. */
export function sqlState(error: unknown): string | null {
  const cause = property(property(property(error, "meta"), "driverAdapterError"), "cause");
  const code = property(cause, "originalCode");
  return typeof code === "string" ? code : null;
}

/** True when trying again cannot help: the database understood and said no. */
export function isRefused(error: unknown): boolean {
  if (error instanceof Error && error.name === "PrismaClientValidationError") return true;
  const state = sqlState(error);
  return state !== null && REFUSALS.test(state);
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
