import { stringify } from "yaml";

import type { StoredCheckView } from "#components/admin/stored-check.tsx";
import { SECOND } from "#lib/base/clock.ts";
import { watchNote } from "#lib/model/watch-note.ts";
import { isProbeKind, targetSchema } from "#lib/probe/registry.ts";
import { maskSecrets } from "#lib/probe/secret-fields.ts";
import type { CheckRow } from "#lib/store/catalog.ts";

/** A stored check for reading, secrets masked; of whatever kind, also one that this version does not know. */
export function storedCheckView(check: CheckRow): StoredCheckView {
  const schema = isProbeKind(check.kind) ? targetSchema(check.kind) : undefined;
  return {
    kind: check.kind,
    target: stringify(maskSecrets(check.target, schema)).trimEnd(),
    note: watchNote(check.kind, check.target),
    interval: String(check.intervalMs / SECOND),
    timeout: String(check.timeoutMs / SECOND),
  };
}
