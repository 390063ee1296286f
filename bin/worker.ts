// A worker process: probes what is due in its region. Any number of them may work on one database.
import { createLog } from "#lib/base/log.ts";
import { readEnvironment } from "#lib/config/env.ts";
import { database } from "#lib/store/client.ts";
import { runService, type ServiceProcess } from "#lib/supervise/run-service.ts";

import { prepareProcess } from "./parts/prepare.ts";

const log = createLog("worker");

await runService(async (): Promise<ServiceProcess> => {
  await prepareProcess();
  log.info("probing", { region: readEnvironment().GATEWATCH_REGION });
  return { stop: () => database().$disconnect() };
});
