// Starts the embedded database as `npm start` does, tells what it holds, then writes on and on.
// A line `ack <n>` on standard output means that row n was committed.
import { createLog } from "#lib/base/log.ts";
import { writeAudit } from "#lib/store/audit.ts";
import { createDatabase } from "#lib/store/client.ts";
import { migrate } from "#lib/store/migrate.ts";
import { runSupervisor } from "#lib/supervise/run-supervisor.ts";

import { openDatabase } from "../../../bin/parts/database.ts";

const WRITERS = 4;

await runSupervisor(async ({ signal, onStop }) => {
  const database = await openDatabase(undefined, createLog("writer"));
  onStop(database.stop);
  await migrate(database.url);
  const db = createDatabase(database.url, { max: WRITERS });
  onStop(() => db.$disconnect());
  const rows = await db.auditEntry.findMany({
    where: { action: "test.written" },
    select: { targetId: true },
  });
  process.stdout.write(`found ${rows.map(({ targetId }) => targetId).join(",")}\n`);

  let next = Number(process.argv[2] ?? 0);
  const write = async (): Promise<void> => {
    while (!signal.aborted) {
      const id = String(next++);
      await db.$transaction((tx) =>
        writeAudit(tx, {
          actor: { id: null, name: "writer" },
          action: "test.written",
          target: { type: "row", id },
          // rows of different size, so that a kill falls into the middle of a page and of a segment
          detail: { filler: "x".repeat((next * 997) % 4_000) },
        }),
      );
      process.stdout.write(`ack ${id}\n`);
    }
  };
  for (let i = 0; i < WRITERS; i += 1) void write().catch(() => {});
});
