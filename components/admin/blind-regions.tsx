import { StatusMarker } from "#components/admin/marker.tsx";
import { Since } from "#components/ui/time.tsx";

import { HINT } from "./styles.ts";

/** A region that has lost its own network. */
export interface BlindRegion {
  readonly region: string;
  /** ISO 8601. */
  readonly since: string;
  readonly reason: string;
}

/** Who sees nothing, and why: their checks have no vote until they see again. */
export function BlindRegions({ regions }: { readonly regions: readonly BlindRegion[] }) {
  if (regions.length === 0) return null;
  return (
    <ul className="mt-2 grid gap-2" aria-label="Blind regions">
      {regions.map(({ region, since, reason }) => (
        <li key={region} className="flex flex-wrap items-center gap-x-3">
          <StatusMarker status="unknown">{region} is blind</StatusMarker>
          <span className={HINT}>
            for <Since at={since} />. {reason}
          </span>
        </li>
      ))}
    </ul>
  );
}
