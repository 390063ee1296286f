import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { CopyButton } from "#components/admin/copy-button.tsx";
import { EvidenceView, FactList, OutcomeMarker, TimingTable } from "#components/admin/evidence-view.tsx";
import { logTime } from "#components/admin/log-words.ts";
import { TextBox } from "#components/admin/scroll-box.tsx";
import { CARD, FOLD, H1, HINT } from "#components/admin/styles.ts";
import { MINUTE } from "#lib/base/clock.ts";
import { may } from "#lib/auth/permissions.ts";
import { toQuery } from "#lib/inspect/filter.ts";
import { lookKey } from "#lib/inspect/key.ts";
import { readNames, type NamedCheck } from "#lib/inspect/names.ts";
import { toLocalTime } from "#lib/model/local-time.ts";
import { findLook, type LookRow } from "#lib/store/check-log.ts";
import { database } from "#lib/store/client.ts";

import { Frame } from "../../_server/frame.tsx";
import { pageZone } from "../../_server/page-zone.ts";
import { requireUser } from "../../_server/session.ts";
import { paramsOf, readAsked } from "../asked.ts";

export const metadata: Metadata = { title: "Result" };

/** Every look at the check, a few minutes before and after this one. */
function around({ slotAt }: LookRow, check: NamedCheck, timeZone: string): string {
  const at = slotAt.getTime();
  return `/admin/log${toQuery({
    component: check.componentId,
    check: check.id,
    show: "all",
    from: toLocalTime(new Date(at - 15 * MINUTE), timeZone),
    to: toLocalTime(new Date(at + 15 * MINUTE), timeZone),
  })}`;
}

function Seen({ look }: { look: LookRow }) {
  if (look.evidence !== null) return <EvidenceView evidence={look.evidence} />;
  return (
    <>
      <TimingTable timings={look.timings} />
      {look.httpStatus === null ? null : <FactList facts={[["Status", String(look.httpStatus)]]} />}
      <p className={HINT}>Only failures and warnings keep what the answer looked like.</p>
    </>
  );
}

/** Everything as text, to hand on. */
function AsJson({ text }: { text: string }) {
  return (
    <details>
      <summary className={FOLD}>As JSON</summary>
      <TextBox label="The result as JSON" text={text} />
    </details>
  );
}

interface Props {
  params: Promise<{ look: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function LookPage({ params, searchParams }: Props) {
  const { look: name } = await params;
  const user = await requireUser("admin.read", `/admin/log/${encodeURIComponent(name)}`);
  const key = lookKey(name);
  const look = key === null ? null : await findLook(database(), key);
  if (look === null) notFound();
  const [names, timeZone] = [await readNames(database()), await pageZone()];
  const check = names.check(look.checkNumber);
  const asked = paramsOf(await searchParams);
  const { filter } = readAsked(asked, { now: Date.now(), timeZone });
  const at = look.slotAt.toISOString();
  const json = JSON.stringify(
    { time: at, region: names.region(look.regionId), ...withoutKey(look) },
    null,
    2,
  );
  return (
    <Frame user={user} place="/admin/log">
      <p>
        <a
          href={`/admin/log${filter === null ? "" : toQuery(filter)}`}
          className="inline-flex min-h-11 items-center"
        >
          Back to the log
        </a>
      </p>
      <header className="grid gap-1">
        <h1 className={`${H1} wrap-anywhere`}>
          {check?.component ?? "A check"}: {check?.name ?? look.checkNumber}
        </h1>
        <p className="flex flex-wrap items-center gap-x-4">
          <OutcomeMarker outcome={look.outcome} />
          <time dateTime={at}>{logTime(at, "exact", timeZone)}</time>
          <span className={HINT}>seen from {names.region(look.regionId)}</span>
        </p>
      </header>
      <section className={`${CARD} grid gap-5`} aria-labelledby="seen">
        <h2 id="seen" className="text-lg font-semibold wrap-anywhere">
          {look.evidence?.summary ?? "What was seen"}
        </h2>
        <Seen look={look} />
        <AsJson text={json} />
        <div>
          <CopyButton text={json} label="Copy as JSON" />
        </div>
      </section>
      {check === undefined ? null : (
        <p className="flex flex-wrap gap-x-5">
          <a href={around(look, check, timeZone)} className="inline-flex min-h-11 items-center">
            Every result of this check around this moment
          </a>
          {may(user.role, "catalog.write") ? (
            <a href={`/admin/checks/${check.id}`} className="inline-flex min-h-11 items-center">
              The check’s settings
            </a>
          ) : null}
        </p>
      )}
    </Frame>
  );
}

function withoutKey({ slotAt: _at, checkNumber: _check, regionId: _region, ...rest }: LookRow) {
  return rest;
}
