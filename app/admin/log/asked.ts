import { z } from "zod";

import type { Option } from "#components/admin/fields.tsx";
import type { AskedFilters, FilterChoices } from "#components/admin/log-filters.tsx";
import { GATEWAYS } from "#lib/classify/gateways.ts";
import { isGatewatchError } from "#lib/base/errors.ts";
import { askedIn, parseLogFilter, toQuery, type LogFilter } from "#lib/inspect/filter.ts";
import type { Names } from "#lib/inspect/names.ts";
import { toLocalTime } from "#lib/model/local-time.ts";
import { OUTCOME_LABELS } from "#lib/model/outcome.ts";

/** The address of a page as URLSearchParams; Next hands it over as an object. */
export function paramsOf(
  searchParams: Readonly<Record<string, string | string[] | undefined>>,
): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(searchParams)) {
    for (const each of [value ?? []].flat()) params.append(name, each);
  }
  return params;
}

export type Reading =
  | { readonly filter: LogFilter; readonly problems: Readonly<Record<string, never>> }
  | { readonly filter: null; readonly problems: Readonly<Record<string, string>> };

/** What the address asks for, or what is wrong with which field. */
export function readAsked(
  params: URLSearchParams,
  at: { readonly now: number; readonly timeZone: string },
): Reading {
  try {
    return { filter: parseLogFilter(askedIn(params), at), problems: {} };
  } catch (error) {
    if (!isGatewatchError(error, "INPUT_INVALID")) throw error;
    return {
      filter: null,
      problems: Object.fromEntries(error.problems.map(({ path, message }) => [path, message])),
    };
  }
}

/**
 * What the form is filled in with, also when it could not be read. Its clocks show local times; the
 * address may hold a moment with a zone.
 */
export function formValues(params: URLSearchParams, timeZone: string): AskedFilters {
  const value = (name: string, otherwise = ""): string => params.get(name) ?? otherwise;
  const clock = (name: string): string => {
    const moment = z.iso.datetime({ offset: true }).safeParse(value(name));
    return moment.success ? toLocalTime(new Date(moment.data), timeZone) : value(name);
  };
  return {
    q: value("q"),
    component: value("component"),
    check: value("check"),
    kind: value("kind"),
    region: value("region"),
    gateway: value("gateway"),
    outcome: params.getAll("outcome"),
    show: value("show", "failures"),
    range: value("range", "24h"),
    from: clock("from"),
    to: clock("to"),
  };
}

function option(value: string): Option {
  return { value, label: value };
}

/** What there is to choose from; a choice that an address makes is always among them. */
export function choicesOf(names: Names, asked: AskedFilters): FilterChoices {
  const checks = names.checks.filter(
    ({ id, componentId }) =>
      id === asked.check || (asked.component !== "" && componentId === asked.component),
  );
  const kinds = new Set([...names.checks.map(({ kind }) => kind), asked.kind].filter((kind) => kind !== ""));
  const gateways = new Set(
    [...GATEWAYS.map(({ name }) => name), asked.gateway].filter((name) => name !== ""),
  );
  const regions = new Set(
    [...names.regions.map(({ name }) => name), asked.region].filter((name) => name !== ""),
  );
  return {
    components: names.components
      .map(({ id, name, archived }) => ({ value: id, label: archived ? `${name} (archived)` : name }))
      .toSorted((a, b) => a.label.localeCompare(b.label, "en")),
    checks: checks.map(({ id, name }) => ({ value: id, label: name })),
    kinds: [...kinds].toSorted().map((kind) => ({ value: kind, label: kind.toUpperCase() })),
    regions: [...regions].map(option),
    gateways: [...gateways].toSorted((a, b) => a.localeCompare(b, "en")).map(option),
  };
}

/** One thing that narrows the list, and the address without it. */
export interface ActiveFilter {
  readonly label: string;
  readonly without: string;
}

function nameOf(all: readonly { readonly id: string; readonly name: string }[], id: string): string {
  return all.find((each) => each.id === id)?.name ?? "something that is gone";
}

/** Everything that narrows the list, for people who do not see the form's folded part. */
export function activeFilters(filter: LogFilter, asked: AskedFilters, names: Names): ActiveFilter[] {
  const { component, check } = filter;
  const without = (change: Partial<LogFilter>): string => `/admin/log${toQuery({ ...filter, ...change })}`;
  const active: (ActiveFilter | null)[] = [
    filter.q === "" ? null : { label: `“${filter.q}”`, without: without({ q: "" }) },
    component === ""
      ? null
      : { label: nameOf(names.components, component), without: without({ component: "", check: "" }) },
    check === "" ? null : { label: `Check: ${nameOf(names.checks, check)}`, without: without({ check: "" }) },
    filter.kind === "" ? null : { label: filter.kind.toUpperCase(), without: without({ kind: "" }) },
    filter.region === "" ? null : { label: `From ${filter.region}`, without: without({ region: "" }) },
    filter.gateway === "" ? null : { label: filter.gateway, without: without({ gateway: "" }) },
    asked.from === "" ? null : { label: `Since ${clockInWords(asked.from)}`, without: without({ from: "" }) },
    asked.to === "" ? null : { label: `Until ${clockInWords(asked.to)}`, without: without({ to: "" }) },
    ...filter.outcome.map((each) => ({
      label: OUTCOME_LABELS[each],
      without: without({ outcome: filter.outcome.filter((other) => other !== each) }),
    })),
  ];
  return active.filter((each) => each !== null);
}

function clockInWords(local: string): string {
  return local.replace("T", " ");
}
