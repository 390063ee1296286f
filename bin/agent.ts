// An agent: looks from a region that cannot reach the database, and speaks to the page over HTTPS.
// oxlint-disable-next-line import/no-unassigned-import -- it must run before the others are loaded
import "./parts/threads.ts";

import { createLog } from "#lib/base/log.ts";
import { runService } from "#lib/supervise/run-service.ts";

import packageJson from "../package.json" with { type: "json" };
import { startAgent } from "./parts/agent.ts";

await runService(() => startAgent({ version: packageJson.version, log: createLog("agent") }));
