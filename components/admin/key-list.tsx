import { Day, Since } from "#components/ui/time.tsx";

import type { FormAction } from "./form-state.ts";
import { SCOPE_WORDS } from "./key-words.ts";
import { DANGER, FOLD, HINT, ROWS } from "./styles.ts";
import { ButtonForm } from "./text-forms.tsx";

export interface ListedKey {
  readonly id: string;
  readonly name: string;
  /** The first characters. */
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly region: string | null;
  readonly createdBy: string;
  /** ISO 8601, as all of these. */
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  readonly isExpired: boolean;
}

function End({ apiKey }: { readonly apiKey: ListedKey }) {
  const { revokedAt, expiresAt, isExpired } = apiKey;
  if (revokedAt !== null) {
    return (
      <>
        revoked <Day at={revokedAt} />
      </>
    );
  }
  if (expiresAt === null) return "valid until it is revoked";
  return (
    <>
      {isExpired ? "expired" : "valid until"} <Day at={expiresAt} />
    </>
  );
}

/** Keys, newest first; what is over stands there without a way to use it. */
export function KeyList({
  keys,
  revoke,
}: {
  readonly keys: readonly ListedKey[];
  readonly revoke: (id: string) => FormAction;
}) {
  if (keys.length === 0) return <p className={HINT}>No key has been made yet.</p>;
  return (
    <ul className={ROWS}>
      {keys.map((key) => {
        const isOver = key.revokedAt !== null || key.isExpired;
        return (
          <li key={key.id} className="grid gap-0.5 py-3">
            <p className="flex flex-wrap items-center gap-x-3">
              <strong className="wrap-anywhere">{key.name}</strong>
              <code className="font-mono text-sm">{key.prefix}…</code>
              {isOver ? <span className="tag">{key.revokedAt === null ? "expired" : "revoked"}</span> : null}
            </p>
            <p className="text-sm">
              {key.scopes.map((scope) => SCOPE_WORDS[scope] ?? scope).join(", ")}
              {key.region === null ? null : <>, from {key.region}</>}
            </p>
            <p className={HINT}>
              Made by {key.createdBy} on <Day at={key.createdAt} />,{" "}
              {key.lastUsedAt === null ? (
                "never used"
              ) : (
                <>
                  last used <Since at={key.lastUsedAt} ago />
                </>
              )}
              , <End apiKey={key} />.
            </p>
            {key.revokedAt === null ? (
              <details>
                <summary className={FOLD}>Revoke “{key.name}”</summary>
                <div className="grid gap-3 pb-2">
                  <p>Programs that use it are refused from then on. This cannot be taken back.</p>
                  <ButtonForm action={revoke(key.id)} label="Revoke for good" className={DANGER} />
                </div>
              </details>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
