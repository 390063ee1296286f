// Run in a process, and a network namespace, of its own: takes one look and prints what it saw as JSON.
import { classify } from "#lib/classify/classify.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";

const [kind = "", target = "null", timeoutMs = "1000"] = process.argv.slice(2);
const check = { kind, target: JSON.parse(target) as unknown, timeoutMs: Number(timeoutMs), slowMs: null };
const observation = await runProbe(check);
process.stdout.write(JSON.stringify({ observation, verdict: classify(observation, expectationsOf(check)) }));
