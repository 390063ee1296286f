import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { LogFilters, type AskedFilters } from "#components/admin/log-filters.tsx";
import { LogList, type ListedLook } from "#components/admin/log-list.tsx";
import { CARD, H1, H2, HINT, SECONDARY } from "#components/admin/styles.ts";
import { zoneInWords } from "#components/admin/words.ts";
import { isGatewatchError } from "#lib/base/errors.ts";
import { hasOwnWindow, toQuery, type LogFilter } from "#lib/inspect/filter.ts";
import { lookKey, lookName } from "#lib/inspect/key.ts";
import { readLogPage, type LogPage } from "#lib/inspect/log.ts";
import { readNames, type Names } from "#lib/inspect/names.ts";
import type { LookRow } from "#lib/store/check-log.ts";
import { database } from "#lib/store/client.ts";

import { Frame } from "../_server/frame.tsx";
import { pageZone } from "../_server/page-zone.ts";
import { requireUser } from "../_server/session.ts";
import { activeFilters, choicesOf, formValues, paramsOf, readAsked, type ActiveFilter } from "./asked.ts";

export const metadata: Metadata = { title: "Log" };

const SIZE = 50;

function listed(look: LookRow, names: Names, query: string): ListedLook {
  const check = names.check(look.checkNumber);
  return {
    href: `/admin/log/${lookName(look)}${query}`,
    at: look.slotAt.toISOString(),
    outcome: look.outcome,
    component: check?.component ?? "",
    check: check?.name ?? `check ${look.checkNumber}`,
    region: names.region(look.regionId),
    totalMs: look.timings.total,
    gateway: look.gateway,
    summary: look.evidence?.summary ?? null,
  };
}

type Read = { readonly page: LogPage } | { readonly trouble: string };

async function readPage(filter: LogFilter, names: Names, after: string): Promise<Read> {
  try {
    return { page: await readLogPage(database(), { filter, names, after: lookKey(after), size: SIZE }) };
  } catch (error) {
    if (isGatewatchError(error, "QUERY_TOO_WIDE")) return { trouble: error.message };
    throw error;
  }
}

function headingOf({ show, outcome }: AskedFilters): string {
  if (outcome.length > 0) return "Results";
  return show === "all" ? "Every result" : "Failures and warnings";
}

/** What narrows the list, each with a way to take it off. */
function Active({ filters }: { filters: readonly ActiveFilter[] }) {
  if (filters.length === 0) return null;
  return (
    <ul aria-label="Filters" className="my-2 flex flex-wrap gap-2">
      {filters.map(({ label, without }) => (
        <li key={label} className="min-w-0">
          <a
            href={without}
            className="inline-flex min-h-11 items-center gap-2 rounded-full border border-line-strong px-4 text-sm wrap-anywhere text-ink no-underline hover:bg-sunk"
          >
            <span className="sr-only">Remove</span> {label} <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What to try when nothing fits. */
function Nothing({ filter }: { filter: LogFilter }) {
  const everything =
    filter.show === "failures" && filter.outcome.length === 0 && filter.q + filter.gateway === "";
  return (
    <div className="grid gap-1 py-2">
      <p>{everything ? "Nothing failed in this time." : "No result fits."}</p>
      <p className="flex flex-wrap gap-x-4">
        {everything ? (
          <a
            href={`/admin/log${toQuery({ ...filter, show: "all" })}`}
            className="inline-flex min-h-11 items-center"
          >
            Show every result
          </a>
        ) : null}
        {hasOwnWindow(filter) || filter.range === "30d" ? null : (
          <a
            href={`/admin/log${toQuery({ ...filter, range: "30d" })}`}
            className="inline-flex min-h-11 items-center"
          >
            Look at 30 days
          </a>
        )}
      </p>
    </div>
  );
}

function Pages({ filter, older, isFirst }: { filter: LogFilter; older: LogPage["older"]; isFirst: boolean }) {
  if (older === null && isFirst) return null;
  return (
    <nav aria-label="Pages of the log" className="mt-4 flex flex-wrap gap-3">
      {older === null ? null : (
        <a href={`/admin/log${toQuery(filter, { after: lookName(older) })}`} className={SECONDARY} rel="next">
          Older
        </a>
      )}
      {isFirst ? null : (
        <a href={`/admin/log${toQuery(filter)}`} className={SECONDARY}>
          Newest
        </a>
      )}
    </nav>
  );
}

function Exports({ filter }: { filter: LogFilter }) {
  return (
    <p className="flex flex-wrap gap-3">
      {(["csv", "ndjson"] as const).map((format) => (
        <a key={format} href={`/admin/log/export${toQuery(filter, { format })}`} className={SECONDARY}>
          {format.toUpperCase()}
        </a>
      ))}
    </p>
  );
}

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function LogPageView({ searchParams }: { searchParams: Search }) {
  const params = paramsOf(await searchParams);
  const user = await requireUser(
    "admin.read",
    `/admin/log${params.size === 0 ? "" : `?${params.toString()}`}`,
  );
  const timeZone = await pageZone();
  const { filter, problems } = readAsked(params, { now: Date.now(), timeZone });
  // a form sends empty fields as well; the address is to be shared
  if (filter !== null && [...params.values()].includes("")) redirect(`/admin/log${toQuery(filter)}`);
  const names = await readNames(database());
  const asked = formValues(params, timeZone);
  const after = params.get("after") ?? "";
  const read = filter === null ? null : await readPage(filter, names, after);
  return (
    <Frame user={user} place="/admin/log">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className={H1}>Log</h1>
        {filter === null ? null : <Exports filter={filter} />}
      </div>
      <div className={CARD}>
        <LogFilters asked={asked} choices={choicesOf(names, asked)} problems={problems} timeZone={timeZone} />
      </div>
      <section className={CARD} aria-labelledby="looks">
        <h2 id="looks" className={H2}>
          {headingOf(asked)}
        </h2>
        {filter === null || read === null ? (
          <p role="alert" className="font-semibold text-major">
            Some filters need another look: they are marked above.
          </p>
        ) : "trouble" in read ? (
          <p role="alert" className="font-semibold text-major">
            {read.trouble}
          </p>
        ) : (
          <>
            <p className={HINT}>Newest first. Times in {zoneInWords(timeZone)}.</p>
            <Active filters={activeFilters(filter, asked, names)} />
            {read.page.looks.length === 0 ? (
              <Nothing filter={filter} />
            ) : (
              <LogList
                looks={read.page.looks.map((look) => listed(look, names, toQuery(filter)))}
                timeZone={timeZone}
              />
            )}
            <Pages filter={filter} older={read.page.older} isFirst={after === ""} />
          </>
        )}
      </section>
    </Frame>
  );
}
