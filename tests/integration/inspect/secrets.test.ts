import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import { createLog } from "#lib/base/log.ts";
import { askedIn, parseLogFilter } from "#lib/inspect/filter.ts";
import { openExport, type ExportFormat } from "#lib/inspect/export.ts";
import { readNames } from "#lib/inspect/names.ts";
import { evidenceOf } from "#lib/model/evidence.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import { seededRandom } from "#lib/sample/random.ts";
import { storeResults } from "#lib/store/results.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";
import { ECHOES, hostileAnswer, makeSecret } from "#tests/support/hostile-answers.ts";

const ANSWERS = 60;

let test: TestDatabase;
let upstream: FakeUpstream;
beforeAll(async () => {
  test = await createTestDatabase();
  upstream = await startFakeUpstream();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await upstream.close();
  await test.drop();
});

it("nothing that an answer gives away reaches the database, the exports or the log", async () => {
  const random = seededRandom(20_260_115);
  const region = await test.db.region.create({ data: { name: "eu" } });
  const component = await test.db.component.create({
    data: {
      slug: "api",
      name: "API",
      checks: { create: { name: "a", kind: "http", target: {}, intervalMs: 10_000, timeoutMs: 1_000 } },
    },
    include: { checks: true },
  });
  const logged: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => logged.push(String(chunk)) > 0);
  }
  const log = createLog("test");

  const own = makeSecret(random);
  const target = {
    url: `${upstream.url}health?api_key=${own}q`,
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`ann:${own}b`).toString("base64")}`,
      cookie: `theme=dark; sid=${own}c`,
      "x-api-key": `${own}k`,
    },
    body: JSON.stringify({ client_secret: `${own}s` }),
  };
  const ways = Object.values(ECHOES);
  const planted = [own];
  const now = Date.now();
  for (let n = 0; n < ANSWERS; n++) {
    const answer = hostileAnswer(random);
    planted.push(...answer.planted);
    const echo = ["q", "b", "c", "k", "s"].map((end) => ways[n % ways.length]?.(`${own}${end}`)).join("\n");
    const { body, headers } = answer;
    upstream.behave({ status: 502, headers, body: `${echo}\n${body}` });
    const check = { kind: "http", target, timeoutMs: 2_000, slowMs: null };
    const observation = await runProbe(check);
    const verdict = classify(observation, expectationsOf(check));
    expect(verdict.outcome).toBe("bad_gateway");
    log.warn("seen", { observation, summary: verdict.summary, error: new Error(body) });
    await storeResults(test.db, [
      {
        checkNumber: component.checks[0]?.number ?? -1,
        regionId: region.id,
        slotAt: now - n * 1_000,
        outcome: verdict.outcome,
        httpStatus: 502,
        timings: observation.timings,
        evidence: evidenceOf(observation, verdict),
      },
    ]);
  }

  const filter = parseLogFilter(askedIn(new URLSearchParams()), { now, timeZone: "Etc/UTC" });
  const names = await readNames(test.db);
  const exported = async (format: ExportFormat) =>
    new Response(await openExport(test.db, { filter, names, format })).text();
  const kept = {
    database: JSON.stringify(await test.db.evidence.findMany()),
    csv: await exported("csv"),
    ndjson: await exported("ndjson"),
    log: logged.join(""),
  };
  for (const [place, text] of Object.entries(kept)) {
    for (const secret of planted) {
      expect(text, place).not.toContain(secret);
      expect(text, place).not.toContain(Buffer.from(secret).toString("hex"));
    }
    // and what people need is there, once an answer
    expect(text.split("9f2c-11").length, place).toBeGreaterThan(ANSWERS);
    expect(text, place).toContain("nginx/1.22.1");
  }
});
