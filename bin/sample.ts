// The sample's origins and the proxy in front of them, while there is a sample. `npm start` runs it.
import { createLog } from "#lib/base/log.ts";
import { runSample } from "#lib/sample/run.ts";
import { database } from "#lib/store/client.ts";
import { runService } from "#lib/supervise/run-service.ts";

const log = createLog("sample");

function leave(): void {
  log.info("the sample was removed");
  // the ordinary way out, signals and all
  process.kill(process.pid, "SIGTERM");
}

await runService(async () => {
  const sample = await runSample(database());
  void sample.removed.then(leave);
  return {
    detail: sample.address,
    stop: async () => {
      await sample.stop();
      await database().$disconnect();
    },
  };
});
