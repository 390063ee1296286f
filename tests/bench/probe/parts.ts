import { readFileSync } from "node:fs";
import { join } from "node:path";
import { storage } from "./storage.ts";
import { measureBare, measureWorker, quantileOf, type Measured } from "./measure.ts";
import type { BenchCheck, Finding, Stage } from "./stage.ts";

/** Runs one part, prints its figures, and says what was asked of them. */
export type Part = (stage: Stage, seconds: number) => Promise<Finding[]>;

/** Every part by its name for `--part`. */
export const PARTS: Readonly<Record<string, Part>> = {
  rates: async (stage, seconds) => {
    const findings: Finding[] = [];
    for (const count of [100, 500, 1_000, 2_000]) findings.push(...(await rate(stage, count, seconds)));
    return findings;
  },
  thousand: (stage, seconds) => rate(stage, 1_000, seconds),
  hanging,
  https,
  reuse,
  many,
  storage,
};

function httpChecks(stage: Stage, count: number, path: (i: number) => string): BenchCheck[] {
  return Array.from({ length: count }, (_, i) => ({
    target: { url: `http://127.0.0.1:${stage.target.ready.http}/${path(i)}` },
    intervalMs: 1_000,
    timeoutMs: 2_000,
    path: i,
  }));
}

async function rate(stage: Stage, count: number, seconds: number): Promise<Finding[]> {
  const checks = httpChecks(stage, count, String);
  const scene = await stage.open(checks);
  const measured = await measureWorker(stage, scene, checks, { seconds });
  await scene.close();
  const bare = await measureBare(stage, scene, checks, Math.min(seconds, 20));
  show(`${count} checks a second`, measured);
  console.log(
    `    bare loop    ${lateness(bare.lateness)}  CPU ${bare.cpu.toFixed(3)} s / 1,000  done ${bare.done}`,
  );
  const findings = [
    { what: `${count}/s: every look carried out and stored`, kept: measured.stored === measured.due },
    memoryOf(`${count}/s`, measured),
  ];
  if (count !== 1_000) return findings;
  return [
    ...findings,
    { what: "1,000/s: p99 within 10 ms of the due time", kept: quantileOf(measured.lateness, 0.99) < 10 },
    { what: "1,000/s: worker CPU under 0.5 s / 1,000", kept: measured.worker < 0.5 },
  ];
}

const neverHangs = ({ path }: BenchCheck): boolean => path % 5 !== 0;

/** A fifth of the targets never answer: each of their looks lasts until its time-out. */
async function hanging(stage: Stage, seconds: number): Promise<Finding[]> {
  const count = 1_000;
  const p99: number[] = [];
  for (const share of [0, 5]) {
    const hangs = (i: number): boolean => share > 0 && i % share === 0;
    const checks = httpChecks(stage, count, (i) => (hangs(i) ? `hang/${i}` : String(i)));
    const scene = await stage.open(checks);
    const measured = await measureWorker(stage, scene, checks, { seconds, punctual: neverHangs });
    await scene.close();
    show(share === 0 ? "1,000 checks a second, none hangs" : "a fifth of them hang for 2 s", measured);
    p99.push(quantileOf(measured.lateness, 0.99));
  }
  const [before = 0, after = 0] = p99;
  return [{ what: "a fifth hanging: p99 of the others at most doubles", kept: after <= 2 * before }];
}

/** The highest rate of full handshakes that a bare loop reaches, and three quarters of it as checks. */
async function https(stage: Stage, seconds: number): Promise<Finding[]> {
  const ca = readFileSync(join(import.meta.dirname, "../../support/certs/ca.pem"), "utf8");
  const ms = Math.min(seconds, 10) * 1_000;
  const url = `https://127.0.0.1:${stage.target.ready.https}/0`;
  const bare = await stage.bare.ask({ kind: "flat-out", url, ca, ms });
  const reached = bare.done / (ms / 1_000);
  console.log(
    `bare loop, a full handshake each: ${reached.toFixed(0)} a second, ${((1_000 * bare.cpuSeconds) / bare.done).toFixed(2)} s / 1,000`,
  );
  const count = Math.ceil(0.75 * reached);
  const checks = httpChecks(stage, count, String).map((check) => ({
    ...check,
    // the target's authority is a test's own; what is measured is the handshake
    target: { url: `https://127.0.0.1:${stage.target.ready.https}/${check.path}`, verifyTls: false },
  }));
  const scene = await stage.open(checks);
  const measured = await measureWorker(stage, scene, checks, { seconds });
  await scene.close();
  show(`${count} HTTPS checks a second`, measured);
  return [
    { what: "HTTPS: 0.75 of the bare loop's rate, all stored", kept: measured.stored === measured.due },
    memoryOf("HTTPS", measured),
  ];
}

/** Checks that keep their connection, over TLS, where a new one costs most. */
async function reuse(stage: Stage, seconds: number): Promise<Finding[]> {
  const checks = httpChecks(stage, 1_000, String).map((check) => ({
    ...check,
    target: {
      url: `https://127.0.0.1:${stage.target.ready.https}/${check.path}`,
      verifyTls: false,
      reuseConnection: true,
    },
  }));
  const scene = await stage.open(checks);
  await stage.target.ask({});
  const measured = await measureWorker(stage, scene, checks, { seconds });
  await scene.close();
  show("1,000 HTTPS checks a second on kept connections", measured);
  return [{ what: "kept connections: every look stored", kept: measured.stored === measured.due }];
}

async function many(stage: Stage, seconds: number): Promise<Finding[]> {
  const checks = httpChecks(stage, 10_000, String).map((check) => ({
    ...check,
    intervalMs: 30_000,
    timeoutMs: 5_000,
  }));
  const scene = await stage.open(checks);
  const measured = await measureWorker(stage, scene, checks, { seconds: 5 * seconds });
  await scene.close();
  show(`10,000 checks every 30 s, for ${5 * seconds} s`, measured);
  return [
    { what: "10,000 checks at 30 s: nothing skipped", kept: measured.stored === measured.due },
    memoryOf("10,000 checks at 30 s", measured),
  ];
}

/** By what is resident, which is what an operator sees; the share of it that others use too is in the PSS. */
function memoryOf(what: string, measured: Measured): Finding {
  return { what: `${what}: worker memory under 200 MB resident`, kept: measured.peakRss < 200 };
}

function show(what: string, m: Measured): void {
  console.log(
    `${what}: ${m.stored} of ${m.due} stored (${((100 * m.stored) / m.due).toFixed(2)} %)\n` +
      `    worker       ${lateness(m.lateness)}  CPU ${m.worker.toFixed(3)} s / 1,000` +
      `  (PostgreSQL ${m.postgres.toFixed(3)}, target ${m.target.toFixed(3)})` +
      `  memory ${m.pss.toFixed(0)} MB PSS, ${m.peakRss.toFixed(0)} MB peak RSS`,
  );
}

function lateness(sorted: readonly number[]): string {
  const ms = (q: number): string => quantileOf(sorted, q).toFixed(1).padStart(6);
  return `late p50${ms(0.5)}  p99${ms(0.99)}  max${ms(1)} ms`;
}
