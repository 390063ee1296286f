import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { z } from "zod";

import { DAY, SECOND } from "#lib/base/clock.ts";
import { uuidv7 } from "#lib/base/id.ts";
import { createLog } from "#lib/base/log.ts";
import { ROLES, type Role } from "#lib/model/status.ts";
import type { Database } from "#lib/store/client.ts";

import { PASSWORD_MAX, PASSWORD_MIN } from "./credentials.ts";

/**
 * The header in which the web process names the visitor's address: it sets it from the socket and
 * drops whatever a visitor sent under that name.
 */
export const CLIENT_IP_HEADER = "x-gatewatch-client-ip";

export const AUTH_PATH = "/api/auth";
const COOKIE_PREFIX = "gatewatch";
/** The session cookie's name; browsers refuse `__Secure-` ones on plain http. */
export const SESSION_COOKIE = `${COOKIE_PREFIX}.session_token`;
export const SECURE_SESSION_COOKIE = `__Secure-${SESSION_COOKIE}`;

/** Long enough for a phone that is needed twice a month at 3 a.m.; signing out ends it at once. */
const SESSION_SECONDS = (30 * DAY) / SECOND;

/** A person with a session. */
export interface SignedInUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

/** Better Auth as this application uses it. */
export interface Access {
  /** Answers a request to `/api/auth/…`, rate limits included. Its URL says what the own origin is. */
  handle(request: Request): Promise<Response>;
  /** Who the session cookie belongs to; null without one, and when it is forged, ended or expired. */
  findUser(headers: Headers): Promise<SignedInUser | null>;
}

export interface AccessSettings {
  readonly db: Database;
  /** GATEWATCH_SECRET: signs the cookie. */
  readonly secret: string;
  /** GATEWATCH_BASE_URL; requests from its origin are believed besides those from their own. */
  readonly baseUrl: string | undefined;
  /** Whether cookies are marked Secure: yes wherever the visitor is on https. */
  readonly secureCookies: boolean;
}

const userSchema = z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.enum(ROLES) });

const log = createLog("auth");

/** Better Auth's options: e-mail address and password, nobody signs up, everything in the database. */
function options(settings: AccessSettings) {
  const { db, secret, baseUrl, secureCookies } = settings;
  return {
    appName: "Gatewatch",
    database: prismaAdapter(db, { provider: "postgresql" }),
    secret,
    // links are never built from it, and what is trusted is the request's own origin
    baseURL: baseUrl ?? "http://localhost",
    basePath: AUTH_PATH,
    trustedOrigins: (request?: Request) => (request === undefined ? [] : [new URL(request.url).origin]),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
    },
    user: {
      additionalFields: { role: { type: "string", required: true, input: false, defaultValue: "viewer" } },
    },
    // pages cannot set cookies while they render, so a session has one fixed end
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 100,
      customRules: { "/sign-in/email": { window: 60, max: 5 } },
    },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: secureCookies,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" },
      // Better Auth switches these off under test runners unless it is told
      disableOriginCheck: false,
      disableCSRFCheck: false,
      database: { generateId: () => uuidv7() },
      ipAddress: { ipAddressHeaders: [CLIENT_IP_HEADER] },
    },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      log: (_level, message) => log.error(message),
    },
  } as const satisfies Parameters<typeof betterAuth>[0];
}

/** Makes the one way in. Cheap to keep, slow to make: one a process and kind of cookie. */
export function createAccess(settings: AccessSettings): Access {
  const auth = betterAuth(options(settings));
  return {
    handle: (request) => auth.handler(request),
    findUser: async (headers) => {
      const session = await auth.api.getSession({ headers, query: { disableRefresh: true } });
      if (session === null) return null;
      const user = userSchema.safeParse(session.user);
      return user.success ? user.data : null;
    },
  };
}
