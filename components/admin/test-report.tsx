import type { Evidence } from "#lib/model/evidence.ts";
import type { Timings } from "#lib/model/observation.ts";
import { healthOf, OUTCOME_LABELS, type Health } from "#lib/model/outcome.ts";
import type { ComponentStatus } from "#lib/model/status.ts";

import { StatusMarker } from "./marker.tsx";
import { FOLD, HINT } from "./styles.ts";

const HEALTH_STATUS: Readonly<Record<Health, ComponentStatus>> = {
  up: "operational",
  slow: "degraded_performance",
  partial: "partial_outage",
  down: "major_outage",
  unknown: "unknown",
};

const PHASES: readonly (readonly [Exclude<keyof Timings, "total">, string])[] = [
  ["dns", "Name lookup"],
  ["connect", "Connect"],
  ["tls", "TLS"],
  ["firstByte", "First byte"],
];

function milliseconds(value: number | null): string {
  return value === null ? "–" : `${Math.round(value)} ms`;
}

/** Milliseconds of each phase as text and as a bar of the whole. */
function Phases({ timings }: { readonly timings: Timings }) {
  const longest = Math.max(1, timings.total);
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">Time spent in each phase</caption>
      <tbody>
        {PHASES.map(([phase, label]) => (
          <tr key={phase}>
            <th scope="row" className="w-28 py-1 text-left font-normal">
              {label}
            </th>
            <td className="w-20 pr-3 text-right">{milliseconds(timings[phase])}</td>
            <td aria-hidden="true">
              <div
                className="h-2 rounded bg-ok-mark"
                style={{ width: `${(100 * (timings[phase] ?? 0)) / longest}%` }}
              />
            </td>
          </tr>
        ))}
        <tr className="border-t border-line font-semibold">
          <th scope="row" className="py-1 text-left">
            Total
          </th>
          <td className="w-20 pr-3 text-right">{milliseconds(timings.total)}</td>
        </tr>
      </tbody>
    </table>
  );
}

/** Node repeats the code in most of its messages; once is enough. */
function errorInWords({ code, message }: { readonly code: string; readonly message: string }): string {
  return message.includes(code) ? message : `${code}: ${message}`;
}

/** "daysLeft" as "Days left". */
function inWords(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** The facts worth a line, those that there are. */
function facts(evidence: Evidence): readonly (readonly [string, string])[] {
  const { httpStatus, httpVersion, gateway, gatewayEvidence, remote, error, certificate, cause } = evidence;
  const rows: (readonly [string, string | null])[] = [
    ["Status", httpStatus === null ? null : `${httpStatus} (HTTP/${httpVersion ?? "?"})`],
    ["Gateway", gateway],
    ["Proved by", gatewayEvidence.length === 0 ? null : gatewayEvidence.join("; ")],
    ["Probable cause", cause?.summary ?? null],
    ["Spoke to", remote],
    ["Error", error === null ? null : errorInWords(error)],
    ["Certificate", certificate === null ? null : `${certificate.subject}, valid to ${certificate.validTo}`],
    ...Object.entries(evidence.details ?? {}).map(
      ([label, value]) => [inWords(label), String(value)] as const,
    ),
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [[label, value] as const]));
}

/** What one look saw and what it means; nothing of it is stored. */
export function TestReport({ evidence }: { readonly evidence: Evidence }) {
  const headers = Object.entries(evidence.headers);
  return (
    <section
      aria-label="Test result"
      aria-live="polite"
      className="grid gap-3 rounded-lg border-2 border-line-strong p-4"
    >
      <p className="text-lg">
        <StatusMarker status={HEALTH_STATUS[healthOf(evidence.outcome)]}>
          {OUTCOME_LABELS[evidence.outcome]}
        </StatusMarker>
      </p>
      <p>{evidence.summary}</p>
      <Phases timings={evidence.timings} />
      <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[8rem_minmax(0,1fr)]">
        {facts(evidence).map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-soft">{label}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      {headers.length === 0 ? null : (
        <details>
          <summary className={FOLD}>Headers and the beginning of the body</summary>
          <pre className="rounded bg-sunk p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
            {headers.map(([name, value]) => `${name}: ${value}`).join("\n")}
            {"\n\n"}
            {evidence.bodyStart}
          </pre>
        </details>
      )}
      <p className={HINT}>Only tried out: nothing was saved.</p>
    </section>
  );
}
