import { DAY, HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";
import { uuidv7 } from "#lib/base/id.ts";
import { bucketOf, LATENCY_BUCKETS } from "#lib/model/histogram.ts";
import { outcomeCode, OUTCOMES, type Outcome } from "#lib/model/outcome.ts";
import type { ComponentStatus } from "#lib/model/status.ts";
import { seededRandom } from "#lib/sample/random.ts";
import type { Database } from "#lib/store/client.ts";
import { Prisma } from "#lib/store/generated/client.ts";

export interface SeedOptions {
  readonly components: number;
  /** Days of history before today; 0: everything began just now. */
  readonly days: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

const NAMES = [
  "API",
  "Website",
  "Checkout",
  "Search",
  "Uploads",
  "Sign-in",
  "Webhooks",
  "Reports",
  "Mail",
  "Assets",
];
const INTERVAL = 30 * SECOND;

interface Outage {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly outcome: Outcome;
  readonly status: ComponentStatus;
}

interface Seeded {
  readonly id: string;
  readonly slug: string;
  readonly checkId: string;
  readonly number: number;
  readonly outages: readonly Outage[];
}

/** About one outage a component and week, a minute to an hour long: 502 and 504 most of the time. */
function makeOutages(random: () => number, { days, now }: SeedOptions): Outage[] {
  const outages: Outage[] = [];
  let at = now - days * DAY + random() * 7 * DAY;
  while (at < now - 2 * HOUR) {
    const endsAt = at + MINUTE + random() ** 3 * HOUR;
    const dice = random();
    const outcome: Outcome =
      dice < 0.45 ? "bad_gateway" : dice < 0.85 ? "gateway_timeout" : "connect_timeout";
    outages.push({
      startsAt: at,
      endsAt,
      outcome,
      status: random() < 0.6 ? "major_outage" : "partial_outage",
    });
    at = endsAt + random() * 14 * DAY;
  }
  return outages;
}

async function seedCatalogue(db: Database, options: SeedOptions, random: () => number): Promise<Seeded[]> {
  const createdAt = new Date(options.now - options.days * DAY);
  await db.pageSettings.create({ data: { name: "Status" } });
  const groups = ["Core", "Around it"].map((name, position) => ({ id: uuidv7(), name, position, createdAt }));
  await db.componentGroup.createMany({ data: groups });
  const region = await db.region.create({ data: { name: "local" } });
  const components = Array.from({ length: options.components }, (_, index) => {
    const name = `${NAMES[index % NAMES.length] ?? "Service"} ${Math.floor(index / NAMES.length) + 1}`;
    return {
      id: uuidv7(),
      slug: name.toLowerCase().replace(" ", "-"),
      name,
      groupId: groups[index % groups.length]?.id ?? null,
      position: index,
      status: "operational" as const,
      statusSince: createdAt,
      createdAt,
    };
  });
  await db.component.createMany({ data: components });
  const checks = await db.check.createManyAndReturn({
    data: components.map(({ id }) => ({
      componentId: id,
      name: "front door",
      kind: "http",
      target: { url: "http://127.0.0.1/" },
      intervalMs: INTERVAL,
      timeoutMs: 10_000,
      createdAt,
      updatedAt: createdAt,
    })),
  });
  const up = outcomeCode("up");
  await db.checkState.createMany({
    data: checks.map(({ number }) => ({
      checkNumber: number,
      regionId: region.id,
      health: "up" as const,
      outcome: up,
      since: createdAt,
      lastSlotAt: new Date(options.now),
      lastOutcome: up,
    })),
  });
  return components.flatMap(({ id, slug }) => {
    const check = checks.find((each) => each.componentId === id);
    const outages = makeOutages(random, options);
    return check === undefined ? [] : [{ id, slug, checkId: check.id, number: check.number, outages }];
  });
}

async function seedSpans(db: Database, seeded: readonly Seeded[], { days, now }: SeedOptions): Promise<void> {
  const data = seeded.flatMap(({ id, outages }) => {
    let from = now - Math.max(days * DAY, HOUR);
    const spans = outages.flatMap(({ startsAt, endsAt, status }) => {
      const fine = {
        componentId: id,
        status: "operational" as const,
        startsAt: new Date(from),
        endsAt: new Date(startsAt),
      };
      from = endsAt;
      return [fine, { componentId: id, status, startsAt: new Date(startsAt), endsAt: new Date(endsAt) }];
    });
    return [
      ...spans,
      { componentId: id, status: "operational" as const, startsAt: new Date(from), endsAt: null },
    ];
  });
  await db.statusSpan.createMany({ data });
}

/** Counts of one bucket of time, as the pipeline would have added them up. */
function rollup(seeded: Seeded, startsAt: number, length: number, random: () => number) {
  const outcomes = OUTCOMES.map(() => 0);
  const latency = Array.from({ length: LATENCY_BUCKETS }, () => 0);
  const total = Math.floor(length / INTERVAL);
  let failed = 0;
  for (const { outcome, startsAt: from, endsAt } of seeded.outages) {
    const overlap = Math.min(endsAt, startsAt + length) - Math.max(from, startsAt);
    if (overlap <= 0) continue;
    const count = Math.min(total - failed, Math.ceil(overlap / INTERVAL));
    outcomes[outcomeCode(outcome)] = (outcomes[outcomeCode(outcome)] ?? 0) + count;
    failed += count;
  }
  outcomes[outcomeCode("up")] = total - failed;
  const usual = 60 + random() * 120;
  latency[bucketOf(usual)] = Math.floor((total - failed) * 0.9);
  latency[bucketOf(usual * 3)] = total - failed - Math.floor((total - failed) * 0.9);
  return {
    check_number: seeded.number,
    starts_at: new Date(startsAt),
    total,
    outcomes,
    latency,
    latency_sum: Math.round(usual * (total - failed)),
  };
}

type Rollup = ReturnType<typeof rollup>;

/** As one document: thousands of rows with two arrays each take Prisma's createMany most of a minute. */
async function insertRollups(
  db: Database,
  table: "rollup_days" | "rollup_hours",
  regionId: number,
  rows: readonly Rollup[],
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO ${Prisma.raw(table)}
      (check_number, region_id, starts_at, total, outcomes, latency, latency_sum)
    SELECT check_number, ${regionId}::smallint, starts_at, total, outcomes, latency, latency_sum
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(
      check_number int, starts_at timestamptz, total int, outcomes int[], latency int[], latency_sum bigint
    )`;
}

async function seedRollups(
  db: Database,
  seeded: readonly Seeded[],
  options: SeedOptions,
  random: () => number,
) {
  if (options.days === 0) return;
  const { id } = await db.region.findFirstOrThrow();
  const back = (from: number, count: number, length: number): Rollup[] =>
    seeded.flatMap((each) =>
      Array.from({ length: count }, (_, i) => rollup(each, from - i * length, length, random)),
    );
  await insertRollups(db, "rollup_days", id, back(Math.floor(options.now / DAY) * DAY, options.days, DAY));
  await insertRollups(db, "rollup_hours", id, back(Math.floor(options.now / HOUR) * HOUR, 48, HOUR));
}

async function seedEpisodes(db: Database, seeded: readonly Seeded[]): Promise<void> {
  const data = seeded.flatMap(({ id, checkId, outages }) =>
    outages.map(({ outcome, startsAt, endsAt }) => ({
      componentId: id,
      checkId,
      outcome: outcomeCode(outcome),
      httpStatus: outcome === "bad_gateway" ? 502 : outcome === "gateway_timeout" ? 504 : null,
      gateway: outcome === "connect_timeout" ? null : "nginx",
      startedAt: new Date(startsAt),
      endedAt: new Date(endsAt),
      checks: Math.ceil((endsAt - startsAt) / INTERVAL),
      failures: Math.ceil((endsAt - startsAt) / INTERVAL),
      regions: ["local"],
    })),
  );
  await db.errorEpisode.createMany({ data });
}

/** An incident every nine days, each with three updates. */
async function seedIncidents(
  db: Database,
  seeded: readonly Seeded[],
  { days, now }: SeedOptions,
): Promise<void> {
  for (let back = 3; back < days; back += 9) {
    const startedAt = new Date(now - back * DAY);
    const component = seeded[back % seeded.length];
    if (component === undefined) continue;
    const update = (minutes: number, status: "investigating" | "identified" | "resolved", body: string) => ({
      status,
      body,
      displayAt: new Date(startedAt.getTime() + minutes * MINUTE),
    });
    await db.incident.create({
      data: {
        code: `seeded-${back}`,
        name: "Requests answered with 502",
        status: "resolved",
        impact: "major",
        startedAt,
        resolvedAt: new Date(startedAt.getTime() + 40 * MINUTE),
        components: { create: { componentId: component.id, status: "operational" } },
        updates: {
          create: [
            update(0, "investigating", "Some requests fail with **502**. We are looking into it."),
            update(15, "identified", "A deployment left one server without its upstream."),
            update(40, "resolved", "The deployment was rolled back and requests succeed again."),
          ],
        },
      },
    });
  }
}

/**
 * Fills an empty, migrated database with components and a history of outages as months of running
 * would have left it, without raw results: no page reads those.
 */
export async function seedHistory(
  db: Database,
  options: SeedOptions,
): Promise<readonly { id: string; slug: string }[]> {
  const random = seededRandom(20_260_131);
  const seeded = await seedCatalogue(db, options, random);
  await seedSpans(db, seeded, options);
  await seedRollups(db, seeded, options, random);
  await seedEpisodes(db, seeded);
  await seedIncidents(db, seeded, options);
  return seeded.map(({ id, slug }) => ({ id, slug }));
}
