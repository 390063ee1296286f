import { afterAll, beforeAll, expect, it } from "vitest";

import { outcomeCode, outcomeOf } from "#lib/model/outcome.ts";
import { readPublicVersion } from "#lib/store/public-version.ts";
import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";

import { eventually, openHouse, type House, type Watched } from "./house.ts";

let house: House;
let upstream: FakeUpstream;
let watched: Watched;

beforeAll(async () => {
  house = await openHouse();
  upstream = await startFakeUpstream();
  watched = await house.watch(upstream.url);
  await house.worker();
});
afterAll(async () => {
  await house.close();
  await upstream.close();
});

const component = () => house.db.component.findUniqueOrThrow({ where: { id: watched.componentId } });
const becomes = (status: string) =>
  eventually(`the component to be ${status}`, async () => {
    const row = await component();
    return row.status === status && row;
  });

it(
  "shows an answering target at once, a failing one after confirmation, and its recovery",
  { timeout: 60_000 },
  async () => {
    await becomes("operational");
    const before = await readPublicVersion(house.db);

    const switchedAt = Date.now();
    upstream.behave("bad-gateway");
    const down = await becomes("major_outage");
    expect(await readPublicVersion(house.db)).toBeGreaterThan(before);
    const open = await house.db.errorEpisode.findFirstOrThrow({
      where: { checkId: watched.checkId, endedAt: null },
    });
    expect(outcomeOf(open.outcome)).toBe("bad_gateway");
    expect(open.httpStatus).toBe(502);
    expect(open.regions).toEqual(["local"]);
    // from the first failure, not from its confirmation
    expect(open.startedAt).toEqual(down.statusSince);
    expect(open.startedAt.getTime()).toBeGreaterThanOrEqual(switchedAt - 1_000);
    const first = await house.db.result.findFirstOrThrow({
      where: { checkNumber: watched.number, outcome: outcomeCode("bad_gateway") },
      orderBy: { slotAt: "asc" },
    });
    expect(open.startedAt).toEqual(first.slotAt);

    upstream.behave("ok");
    const up = await becomes("operational");
    const closed = await house.db.errorEpisode.findFirstOrThrow({ where: { id: open.id } });
    expect(closed.endedAt).toEqual(up.statusSince);
    const failures = await house.db.result.count({
      where: { checkNumber: watched.number, outcome: outcomeCode("bad_gateway") },
    });
    expect(closed.failures).toBe(failures);
    expect(closed.checks).toBe(failures);
    expect(closed.lastEvidence).toMatchObject({ outcome: "bad_gateway", httpStatus: 502 });

    const spans = await house.db.statusSpan.findMany({
      where: { componentId: watched.componentId },
      orderBy: { startsAt: "asc" },
    });
    expect(spans.map((span) => span.status)).toEqual(["operational", "major_outage", "operational"]);
    expect(spans.slice(1).map((span) => span.startsAt)).toEqual(
      spans.slice(0, -1).map((span) => span.endsAt),
    );
  },
);
