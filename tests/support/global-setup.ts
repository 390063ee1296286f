import type { TestProject } from "vitest/node";

import { startTemplateServer } from "./database-copies.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A migrated database that nobody connects to; test databases are copies of it. */
    templateUrl: string;
  }
}

/** One embedded PostgreSQL for all integration tests, gone with everything in it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTemplateServer();
  project.provide("templateUrl", server.templateUrl);
  return () => server.stop();
}
