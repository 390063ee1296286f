import type { Evidence } from "#lib/model/evidence.ts";

import { EvidenceView, OutcomeMarker } from "./evidence-view.tsx";
import { HINT } from "./styles.ts";

/** What one look saw and what it means; nothing of it is stored. */
export function TestReport({ evidence }: { readonly evidence: Evidence }) {
  return (
    <section
      aria-label="Test result"
      aria-live="polite"
      className="grid gap-3 rounded-lg border-2 border-line-strong p-4"
    >
      <h2 className="text-lg">
        <OutcomeMarker outcome={evidence.outcome} />
      </h2>
      <p>{evidence.summary}</p>
      <EvidenceView evidence={evidence} />
      <p className={HINT}>Only tried out: nothing was saved.</p>
    </section>
  );
}
