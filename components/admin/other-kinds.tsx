import { CARD, FOLD_ROW, HINT } from "./styles.ts";

/** What a check of these kinds begins with in gatewatch.yaml; a kind without a line here is only named. */
export const KIND_EXAMPLES: Readonly<Record<string, string>> = {
  tcp: "{ name: cache, kind: tcp, host: cache.example.com, port: 6379 }",
  tls: "{ name: certificate, kind: tls, host: www.example.com, warn_days: 21 }",
  dns: "{ name: zone, kind: dns, query: www.example.com, type: A }",
  websocket: '{ name: live, kind: websocket, url: "wss://www.example.com/live" }',
  grpc: "{ name: orders, kind: grpc, host: orders.example.com, port: 443 }",
  icmp: "{ name: router, kind: icmp, host: gw.example.com }",
  push: "{ name: backup, kind: push, every: 24h, grace: 30m }",
  pool: '{ name: pool, kind: pool, front: { url: "https://www.example.com/" }, members: [{ name: a, address: "192.0.2.11:443" }, { name: b, address: "192.0.2.12:443" }] }',
};

/** A whole file with one check of the kind. */
export function fileWith(example: string): string {
  return `components:\n  - name: Website\n    checks:\n      - ${example}\n`;
}

/** Says beside the form for kind http what to write for the others. */
export function OtherKinds({ kinds }: { readonly kinds: readonly string[] }) {
  return (
    <details className={CARD}>
      <summary className={FOLD_ROW}>Another kind of check: {kinds.join(", ")}</summary>
      <div className="mt-2 grid gap-3">
        <p>
          This form makes checks of kind http. The others are written in <code>gatewatch.yaml</code>, with the
          component that they belong to; what is in the file is read-only here. It is read again when it
          changes. Every key of every kind stands in <code>docs/configuration.md</code>.
        </p>
        <pre className="rounded bg-sunk p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
          {fileWith("{ … }")}
        </pre>
        <p className={HINT}>In place of the braces, for example:</p>
        <ul className="grid gap-2">
          {kinds.map((kind) => (
            <li key={kind} className="font-mono text-xs wrap-anywhere">
              {KIND_EXAMPLES[kind] ?? `{ name: …, kind: ${kind}, … }`}
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
