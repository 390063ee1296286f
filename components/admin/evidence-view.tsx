import type { ReactNode } from "react";

import { formatLatency } from "#components/status/format.ts";
import { FAULT_WORDS } from "#components/status/words.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import { hopsFirst, tellsHop } from "#lib/model/hop-headers.ts";
import type { FollowedRedirect, Timings } from "#lib/model/observation.ts";
import { OUTCOME_LABELS, type Outcome } from "#lib/model/outcome.ts";
import type { AnsweredBy, FaultKind } from "#lib/model/verdict.ts";

import { outcomeStatus } from "./log-words.ts";
import { StatusMarker } from "./marker.tsx";
import { ScrollBox, TextBox } from "./scroll-box.tsx";

/** An outcome with its colour and shape. */
export function OutcomeMarker({ outcome }: { readonly outcome: Outcome }) {
  return <StatusMarker status={outcomeStatus(outcome)}>{OUTCOME_LABELS[outcome]}</StatusMarker>;
}

const PHASES: readonly (readonly [Exclude<keyof Timings, "total">, string])[] = [
  ["dns", "Name lookup"],
  ["connect", "Connect"],
  ["tls", "TLS"],
  ["firstByte", "First byte"],
];

interface Stretch {
  readonly label: string;
  readonly ms: number | null;
  /** Percent of the whole at which it begins, and that it takes. */
  readonly from: number;
  readonly width: number;
}

/** One stretch behind the other; what is left is the body, or the redirects before. */
function stretches(timings: Timings): readonly Stretch[] {
  const whole = Math.max(1, timings.total);
  let from = 0;
  const measured = PHASES.map(([phase, label]) => {
    const ms = timings[phase];
    const stretch = { label, ms, from: (100 * from) / whole, width: (100 * (ms ?? 0)) / whole };
    from += ms ?? 0;
    return stretch;
  });
  const rest = timings.total - from;
  const worthIt = rest >= 1 && rest / whole > 0.02;
  return worthIt
    ? [...measured, { label: "The rest", ms: rest, from: (100 * from) / whole, width: (100 * rest) / whole }]
    : measured;
}

/** Milliseconds of each phase, as text and drawn one behind the other. */
export function TimingTable({ timings }: { readonly timings: Timings }) {
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">Time spent in each phase</caption>
      <tbody>
        {stretches(timings).map(({ label, ms, from, width }) => (
          <tr key={label}>
            <th scope="row" className="w-28 py-1 text-left font-normal">
              {label}
            </th>
            <td className="w-24 pr-3 text-right whitespace-nowrap">{formatLatency(ms)}</td>
            <td aria-hidden="true">
              {ms === null ? null : (
                <div
                  className="h-2.5 min-w-0.5 rounded-sm bg-ok-mark"
                  style={{ marginLeft: `${Math.min(from, 99.5)}%`, width: `${width}%` }}
                />
              )}
            </td>
          </tr>
        ))}
        <tr className="border-t border-line font-semibold">
          <th scope="row" className="py-1 text-left">
            Total
          </th>
          <td className="w-24 pr-3 text-right whitespace-nowrap">{formatLatency(timings.total)}</td>
          <td aria-hidden="true" />
        </tr>
      </tbody>
    </table>
  );
}

/** Node repeats the code in most of its messages; once is enough. */
function errorInWords({ code, message }: { readonly code: string; readonly message: string }): string {
  return message.includes(code) ? message : `${code}: ${message}`;
}

const PHASE_WORDS: Readonly<Record<Exclude<Evidence["phase"], "done">, string>> = {
  dns: "while the name was looked up",
  connect: "while connecting",
  tls: "in the TLS handshake",
  request: "while the request was sent",
  first_byte: "while waiting for the first byte",
  body: "while the body was read",
};

type Fact = readonly [label: string, value: ReactNode];

const ANSWERED_WORDS: Readonly<Record<AnsweredBy, string>> = {
  edge: "the outermost gateway itself",
  origin: "a hop behind the outermost gateway, which passed it on",
};

/** The kind of fault, or those that it can have been. */
function behindIt(kind: FaultKind | null, kinds: readonly FaultKind[]): string | null {
  if (kind !== null) return FAULT_WORDS[kind];
  return kinds.length === 0 ? null : kinds.map((open) => FAULT_WORDS[open]).join("; or ");
}

/** "daysLeft" as "Days left". */
function inWords(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** The facts worth a line, those that there are. */
function facts(evidence: Evidence): readonly Fact[] {
  const { httpStatus, httpVersion, gateway, gatewayEvidence, remote, error, cause, kind, url } = evidence;
  const { kinds = [], hops = [], answeredBy = null, roundTimeoutS = null } = evidence;
  const rows: (readonly [string, ReactNode | null])[] = [
    ["Status", httpStatus === null ? null : `${httpStatus} (HTTP/${httpVersion ?? "?"})`],
    ["Error", error === null ? null : errorInWords(error)],
    ["Failed", evidence.phase === "done" ? null : PHASE_WORDS[evidence.phase]],
    ["Gateway", gateway],
    ["Proved by", gatewayEvidence.length === 0 ? null : gatewayEvidence.join("; ")],
    ["Answered by", answeredBy === null ? null : ANSWERED_WORDS[answeredBy]],
    ["Hops seen", hops.length < 2 ? null : hops.join(" → ")],
    ["Behind it", behindIt(kind, kinds)],
    ["Time limit", roundTimeoutS === null ? null : `ended on ${roundTimeoutS} s, a usual limit of gateways`],
    ["Probable cause", cause?.summary ?? null],
    ["Asked", url],
    ["Spoke to", remote],
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const]));
}

/** Labels with their values, beside each other where there is room. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm sm:grid-cols-[8rem_minmax(0,1fr)]">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-ink-soft">{label}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="grid gap-2">
      <h3 className="text-base font-bold">{title}</h3>
      {children}
    </div>
  );
}

/** Those first, and marked, that tell which hops the answer passed. */
function HeaderTable({ headers }: { readonly headers: Evidence["headers"] }) {
  return (
    <ScrollBox label="Headers">
      <table className="w-full">
        <caption className="sr-only">Headers of the answer, those first that tell its hops</caption>
        <tbody>
          {hopsFirst(Object.entries(headers)).map(([name, value]) => (
            <tr key={name} className="block align-top sm:table-row">
              <th
                scope="row"
                className={`block pr-4 text-left sm:table-cell sm:w-56 ${tellsHop(name) ? "font-bold" : "font-normal text-ink-soft"}`}
              >
                {name}
              </th>
              <td className="mb-1.5 block sm:table-cell">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function Redirects({
  redirects,
  url,
}: {
  readonly redirects: readonly FollowedRedirect[];
  readonly url: string | null;
}) {
  return (
    <ol className="list-decimal pl-6 text-sm wrap-anywhere">
      {redirects.map((hop) => (
        <li key={`${hop.status} ${hop.url}`}>
          <strong>{hop.status}</strong> from {hop.url}
          {hop.remote === null ? null : <span className="text-ink-soft"> ({hop.remote})</span>}
        </li>
      ))}
      <li>{url ?? "the last one"}</li>
    </ol>
  );
}

function certificateFacts({
  subject,
  issuer,
  validFrom,
  validTo,
  altNames,
}: NonNullable<Evidence["certificate"]>) {
  return [
    ["For", subject],
    ["Names", altNames],
    ["Issued by", issuer],
    ["Valid from", validFrom],
    ["Valid to", validTo],
  ] as const;
}

/** Everything that a look left behind. */
export function EvidenceView({ evidence }: { readonly evidence: Evidence }) {
  const { certificate, details = {}, redirects = [] } = evidence;
  return (
    <>
      <Part title="Time">
        <TimingTable timings={evidence.timings} />
      </Part>
      <Part title="Facts">
        <FactList facts={facts(evidence)} />
      </Part>
      {redirects.length === 0 ? null : (
        <Part title="Redirects">
          <Redirects redirects={redirects} url={evidence.url} />
        </Part>
      )}
      {Object.keys(details).length === 0 ? null : (
        <Part title="Details">
          <FactList facts={Object.entries(details).map(([name, value]) => [inWords(name), value] as const)} />
        </Part>
      )}
      {Object.keys(evidence.headers).length === 0 ? null : (
        <Part title="Headers">
          <HeaderTable headers={evidence.headers} />
        </Part>
      )}
      {evidence.bodyStart === "" ? null : (
        <Part title="Beginning of the body">
          <TextBox label="Beginning of the body" text={evidence.bodyStart} />
        </Part>
      )}
      {certificate === null ? null : (
        <Part title="Certificate">
          <FactList facts={certificateFacts(certificate).filter(([, value]) => value !== "")} />
        </Part>
      )}
    </>
  );
}
