import type { ManagedBy } from "#lib/model/status.ts";

const NOTES: Readonly<Record<Exclude<ManagedBy, "admin">, string>> = {
  yaml: "This comes from gatewatch.yaml and is changed there; here it is read-only.",
  sample: "This belongs to the sample data, which is removed as a whole on the start page.",
};

/** Says who manages what cannot be changed here; nothing for what can. */
export function ManagedNote({ managedBy }: { readonly managedBy: ManagedBy }) {
  return managedBy === "admin" ? null : (
    <p role="note" className="rounded-lg border border-line-strong bg-sunk p-3">
      {NOTES[managedBy]}
    </p>
  );
}

/** The same in two words, beside a name. */
export function ManagedTag({ managedBy }: { readonly managedBy: ManagedBy }) {
  if (managedBy === "admin") return null;
  return <span className="tag">{managedBy === "yaml" ? "gatewatch.yaml" : "sample data"}</span>;
}
