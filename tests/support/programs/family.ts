// A supervisor with one web child, as `npm start` is one, but without Next and PostgreSQL.
import { createLog } from "#lib/base/log.ts";
import { keepRunning } from "#lib/supervise/keep-running.ts";
import { nodeService } from "#lib/supervise/node-service.ts";
import { runSupervisor } from "#lib/supervise/run-supervisor.ts";

await runSupervisor(async ({ onStop }) => {
  onStop(async () => void process.stdout.write("stopped the last\n"));
  const service = nodeService({
    name: "slow web",
    file: `${import.meta.dirname}/slow-web.ts`,
    env: process.env,
    onReady: (detail) => process.stdout.write(`ready ${detail}\n`),
  });
  onStop((await keepRunning(service, createLog("family"))).stop);
  process.stdout.write("started\n");
});
