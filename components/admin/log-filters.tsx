import { OUTCOME_LABELS, OUTCOMES, type Outcome } from "#lib/model/outcome.ts";

import { Choices, SelectField, TextField, type Option } from "./fields.tsx";
import { FRESH_FORM } from "./form-state.ts";
import { FOLD_ROW, HINT, PRIMARY, SECONDARY, WIDE } from "./styles.ts";
import { zoneInWords } from "./words.ts";

/** What the form is filled in with: everything as the address says it. */
export interface AskedFilters {
  readonly q: string;
  readonly component: string;
  readonly check: string;
  readonly kind: string;
  readonly region: string;
  readonly gateway: string;
  readonly outcome: readonly string[];
  readonly show: string;
  readonly range: string;
  readonly from: string;
  readonly to: string;
}

export interface FilterChoices {
  readonly components: readonly Option[];
  /** Of the component that is chosen. */
  readonly checks: readonly Option[];
  readonly kinds: readonly Option[];
  readonly regions: readonly Option[];
  readonly gateways: readonly Option[];
}

const ANY: Option = { value: "", label: "Any" };
const RANGE_OPTIONS: readonly Option[] = [
  { value: "1h", label: "Last hour" },
  { value: "6h", label: "Last 6 hours" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
];
const SHOW_OPTIONS: readonly Option[] = [
  { value: "failures", label: "Failures" },
  { value: "all", label: "Every result" },
];

interface Props {
  readonly asked: AskedFilters;
  readonly choices: FilterChoices;
  /** A sentence beside each field that could not be read. */
  readonly problems: Readonly<Record<string, string>>;
  readonly timeZone: string;
}

/** A plain form that the address answers to: it works without scripts, and with the back button. */
export function LogFilters({ asked, choices, problems, timeZone }: Props) {
  const state = { ...FRESH_FORM, problems };
  return (
    <search>
      <form action="/admin/log" method="get" className="grid gap-4">
        <div className="grid grid-cols-2 gap-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)] sm:gap-5">
          <div className="col-span-2 sm:col-span-1">
            <TextField
              state={state}
              name="q"
              label="Search"
              placeholder="ECONNREFUSED, cf-ray, 192.0.2.7"
              initial={asked.q}
              maxLength={200}
            />
          </div>
          <SelectField
            state={state}
            name="component"
            label="Component"
            initial={asked.component}
            options={[ANY, ...choices.components]}
          />
          <SelectField
            state={state}
            name="range"
            label="Time"
            initial={asked.range}
            options={RANGE_OPTIONS}
          />
        </div>
        {choices.checks.length === 0 ? null : (
          <SelectField
            state={state}
            name="check"
            label="Check"
            initial={asked.check}
            options={[ANY, ...choices.checks]}
          />
        )}
        <div className="flex flex-wrap items-end justify-between gap-4">
          <Choices state={state} name="show" label="Show" initial={asked.show} options={SHOW_OPTIONS} />
          <div className="flex grow gap-3 sm:grow-0">
            <a href="/admin/log" className={SECONDARY}>
              Reset
            </a>
            <button type="submit" className={`${PRIMARY} grow sm:grow-0`}>
              Search the log
            </button>
          </div>
        </div>
        <MoreFilters asked={asked} choices={choices} problems={problems} timeZone={timeZone} />
      </form>
    </search>
  );
}

const FOLDED = ["kind", "region", "gateway", "from", "to"] as const;

/** Closed, because what it is set to stands above the list; open when there is something to mend in it. */
function MoreFilters({ asked, choices, problems, timeZone }: Props) {
  const state = { ...FRESH_FORM, problems };
  const { kind, region, gateway, outcome, from, to } = asked;
  const set = FOLDED.filter((name) => asked[name] !== "").length + outcome.length;
  return (
    <details
      open={[...FOLDED, "outcome"].some((name) => name in problems)}
      className="rounded-lg border border-line px-4"
    >
      <summary className={FOLD_ROW}>More filters{set === 0 ? null : ` (${set} set)`}</summary>
      <div className="grid gap-5 pb-4">
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 sm:gap-5">
          <SelectField
            state={state}
            name="kind"
            label="Kind of check"
            initial={kind}
            options={[ANY, ...choices.kinds]}
          />
          <SelectField
            state={state}
            name="region"
            label="Region"
            initial={region}
            options={[ANY, ...choices.regions]}
          />
          <SelectField
            state={state}
            name="gateway"
            label="Gateway"
            initial={gateway}
            options={[ANY, ...choices.gateways]}
          />
        </div>
        <div className="grid gap-3 sm:grid-cols-2 sm:gap-5">
          <TextField state={state} name="from" type="datetime-local" label="From" initial={from} />
          <TextField state={state} name="to" type="datetime-local" label="To" initial={to} />
          <p className={`${HINT} sm:col-span-2`}>
            Times in {zoneInWords(timeZone)}, 31 days at most; they go before the choice above.
          </p>
        </div>
        <OutcomeBoxes chosen={outcome} problem={problems["outcome"]} />
        <div>
          <button type="submit" className={WIDE}>
            Search with these
          </button>
        </div>
      </div>
    </details>
  );
}

function OutcomeBoxes(props: { readonly chosen: readonly string[]; readonly problem: string | undefined }) {
  return (
    <fieldset>
      <legend className="font-semibold">Outcome</legend>
      <p className={HINT}>None chosen: as “Show” says.</p>
      <div className="mt-1 grid sm:grid-cols-2 lg:grid-cols-3">
        {OUTCOMES.map((outcome: Outcome) => (
          <label key={outcome} className="flex min-h-11 cursor-pointer items-center gap-3">
            <input
              type="checkbox"
              name="outcome"
              value={outcome}
              defaultChecked={props.chosen.includes(outcome)}
              className="size-5 shrink-0 accent-accent"
            />
            {OUTCOME_LABELS[outcome]}
          </label>
        ))}
      </div>
      {props.problem === undefined ? null : (
        <p className="text-sm font-semibold text-major">{props.problem}</p>
      )}
    </fieldset>
  );
}
