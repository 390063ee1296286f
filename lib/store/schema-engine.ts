import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  DriverAdapterError,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import { DatabaseError, Pool } from "pg";

let instantiated: Promise<void> | undefined;

/** Loads the WebAssembly build once: the package's own entry needs a bundler to do it. */
function instantiate(): Promise<void> {
  instantiated ??= (async () => {
    const require = createRequire(import.meta.url);
    const file = require.resolve("@prisma/schema-engine-wasm/schema_engine_bg").replace(/\.js$/, ".wasm");
    const { instance } = await WebAssembly.instantiate(await readFile(file), {
      "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports,
    });
    bindings.__wbg_set_wasm(instance.exports);
    (instance.exports["__wbindgen_start"] as () => void)();
  })();
  return instantiated;
}

/**
 * Lends Prisma's schema engine, as WebAssembly and bound to a database: what `prisma migrate`
 * runs as a downloaded binary. It writes `_prisma_migrations` exactly as that does. Every
 * connection that it opened is closed when `use` has ended.
 */
export async function withSchemaEngine<T>(
  connectionString: string,
  use: (engine: bindings.SchemaEngine) => Promise<T>,
): Promise<T> {
  await instantiate();
  const pool = new Pool({ connectionString, max: 2, connectionTimeoutMillis: 5_000 });
  // an idle connection that breaks is replaced at the next query, which then tells the trouble
  pool.on("error", () => {});
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(withWholeScripts(pool));
    const engine = await bindings.SchemaEngine.new({ datamodels: undefined }, () => {}, adapter);
    try {
      return await use(engine);
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}

/**
 * The adapter cuts a script at every semicolon, also in comments and function bodies, and runs
 * the pieces one by one. A script sent whole is parsed by PostgreSQL and is one transaction: a
 * migration that fails leaves nothing behind.
 */
function withWholeScripts(pool: Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) => {
      await pool.query(script).catch((error: unknown) => {
        throw error instanceof DatabaseError ? toDriverError(error) : error;
      });
    };
    return adapter;
  };
  return factory;
}

function toDriverError(error: DatabaseError): DriverAdapterError {
  return new DriverAdapterError({
    kind: "postgres",
    code: error.code ?? "XX000",
    severity: error.severity ?? "ERROR",
    message: error.message,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  });
}
