// Serves on every address, one port a behaviour that is named, until it is killed; prints the ports.
// For network namespaces, into which a process cannot go by itself.
import { startFakeUpstream, type BehaviourName } from "../fake-upstream.ts";

const upstreams = await Promise.all(
  process.argv
    .slice(2)
    .map((behaviour) => startFakeUpstream({ behaviour: behaviour as BehaviourName, host: "0.0.0.0" })),
);
process.stdout.write(`${JSON.stringify(upstreams.map(({ port }) => port))}\n`);
