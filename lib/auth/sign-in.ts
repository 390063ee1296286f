import { z } from "zod";

import { writeAudit } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";

import { AUTH_PATH, CLIENT_IP_HEADER, type Access } from "./access.ts";

/** Where a form's request came from. */
export interface Visitor {
  /** `requestOrigin` of it. */
  readonly origin: string;
  readonly headers: Headers;
}

export type SignInResult =
  | { readonly kind: "signed_in"; readonly cookies: readonly string[] }
  | { readonly kind: "refused" }
  | { readonly kind: "limited"; readonly retryAfterSeconds: number };

const signedInSchema = z.object({ user: z.object({ id: z.uuid(), email: z.string() }) });

/** The headers that Better Auth judges by; the others are no business of it. */
const PASSED_ON = [
  "origin",
  "referer",
  "cookie",
  "user-agent",
  "sec-fetch-site",
  "sec-fetch-mode",
  "sec-fetch-dest",
  CLIENT_IP_HEADER,
];

/** A request to Better Auth on behalf of a form, so that its rate limit and origin check apply. */
function authRequest(visitor: Visitor, path: string, body: unknown): Request {
  const headers = new Headers({ "content-type": "application/json" });
  for (const name of PASSED_ON) {
    const value = visitor.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(new URL(`${AUTH_PATH}${path}`, visitor.origin), {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
}

/**
 * Signs in. An unknown address and a wrong password are one answer, after the same time.
 * @returns the `Set-Cookie` values to pass on when it worked
 */
export async function signIn(
  db: Database,
  access: Access,
  visitor: Visitor,
  credentials: { readonly email: string; readonly password: string },
): Promise<SignInResult> {
  const response = await access.handle(authRequest(visitor, "/sign-in/email", credentials));
  if (response.status === 429) {
    const seconds = Number(response.headers.get("x-retry-after"));
    return { kind: "limited", retryAfterSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : 60 };
  }
  if (!response.ok) return { kind: "refused" };
  const { user } = signedInSchema.parse(await response.json());
  await writeAudit(db, {
    actor: { id: user.id, name: user.email },
    action: "session.started",
    target: { type: "user", id: user.id },
  });
  return { kind: "signed_in", cookies: response.headers.getSetCookie() };
}

/** Ends the session in the database, so that its cookie is worth nothing wherever it was copied to. */
export async function signOut(db: Database, access: Access, visitor: Visitor): Promise<readonly string[]> {
  const user = await access.findUser(visitor.headers);
  const response = await access.handle(authRequest(visitor, "/sign-out", {}));
  if (user !== null && response.ok) {
    await writeAudit(db, {
      actor: { id: user.id, name: user.email },
      action: "session.ended",
      target: { type: "user", id: user.id },
    });
  }
  return response.headers.getSetCookie();
}
