/**
 * What a look costs and how punctual it is: a worker process as `npm start` runs it, on an embedded
 * PostgreSQL, looks at a target in a process of its own that closes each connection; then a bare
 * `node:http` loop makes the same requests at the same times and keeps nothing.
 *
 *     npm run bench:probe                                   every part, about 20 minutes
 *     npm run bench:probe -- --part rates --seconds 20      one part (rates, thousand, hanging, https,
 *                                                           reuse, many, storage), and for how long
 *
 * Ends with 1 when something that was asked did not hold. Linux only.
 */
import { parseArgs } from "node:util";

import { PARTS } from "./probe/parts.ts";
import { openStage, type Finding } from "./probe/stage.ts";

const { values } = parseArgs({
  options: { part: { type: "string", multiple: true }, seconds: { type: "string", default: "60" } },
});
const seconds = Number(values.seconds);
const names = values.part ?? Object.keys(PARTS).filter((name) => name !== "thousand");
const unknown = names.filter((name) => PARTS[name] === undefined);
if (unknown.length > 0 || !(seconds >= 2)) {
  console.error(`--part takes ${Object.keys(PARTS).join(", ")}; --seconds a number from 2`);
  process.exit(2);
}

const findings: Finding[] = [];
const stage = await openStage();
// what it has started must not outlive it
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => void stage.close().then(() => process.exit(1)));
}
try {
  for (const name of names) findings.push(...((await PARTS[name]?.(stage, seconds)) ?? []));
} finally {
  await stage.close();
}
console.log();
for (const { what, kept } of findings) console.log(`${kept ? "kept  " : "BROKEN"}  ${what}`);
process.exitCode = findings.every(({ kept }) => kept) ? 0 : 1;
