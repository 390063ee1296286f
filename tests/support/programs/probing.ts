// Probes what its argument says (kind, target, timeoutMs) and prints the observation.
import { runProbe } from "#lib/probe/registry.ts";

const check = JSON.parse(process.argv[2] ?? "{}") as { kind: string; target: unknown; timeoutMs: number };
process.stdout.write(JSON.stringify(await runProbe(check)));
