import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import {
  CLIENT_IP_HEADER,
  createAccess,
  SECURE_SESSION_COOKIE,
  SESSION_COOKIE,
  type Access,
} from "#lib/auth/access.ts";
import { createFirstOwner } from "#lib/auth/first-owner.ts";
import { signIn, signOut, type Visitor } from "#lib/auth/sign-in.ts";
import { createDatabase, type Database } from "#lib/store/client.ts";
import { hasOwner } from "#lib/store/users.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { addPerson, TEST_PASSWORD } from "#tests/support/people.ts";

const ORIGIN = "http://192.168.1.5:3000";
const SECRET = "a secret of at least thirty-two characters";
let database: TestDatabase;
let db: Database;
let access: Access;
let lastAddress = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  access = createAccess({ db, secret: SECRET, baseUrl: undefined, secureCookies: false });
});
afterAll(async () => database.drop());
beforeEach(async () => {
  await db.user.deleteMany();
  await db.rateLimit.deleteMany();
});

const owner = (name: string) => ({ name, email: `${name}@example.com`, password: TEST_PASSWORD });

/** A browser at an address of its own. */
function visitor(headers: Record<string, string> = {}, origin = ORIGIN): Visitor {
  lastAddress += 1;
  return {
    origin,
    headers: new Headers({ origin, [CLIENT_IP_HEADER]: `10.0.0.${lastAddress}`, ...headers }),
  };
}

async function sessionCookie(email: string): Promise<string> {
  const result = await signIn(db, access, visitor(), { email, password: TEST_PASSWORD });
  if (result.kind !== "signed_in") throw new Error(`expected to be signed in, was ${result.kind}`);
  return result.cookies[0]?.split(";")[0] ?? "";
}

describe("signing in", () => {
  test("without configuration, on whatever address: a cookie that opens, with the safe attributes", async () => {
    const person = await addPerson(db, "editor", "kim@example.com");
    const result = await signIn(db, access, visitor(), { email: "Kim@Example.com", password: TEST_PASSWORD });
    if (result.kind !== "signed_in") throw new Error(result.kind);
    const [cookie = ""] = result.cookies;
    expect(cookie).toMatch(new RegExp(`^${SESSION_COOKIE}=`));
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(cookie).not.toMatch(/; Secure/i);
    const user = await access.findUser(new Headers({ cookie: cookie.split(";")[0] ?? "" }));
    expect(user).toEqual({ id: person.id, email: "kim@example.com", name: "The editor", role: "editor" });
    expect(await db.auditEntry.findFirst({ where: { action: "session.started" } })).toMatchObject({
      actorId: person.id,
    });
  });

  test("on https the cookie is Secure", async () => {
    await addPerson(db, "owner");
    const origin = "https://status.example.org";
    const secure = createAccess({ db, secret: SECRET, baseUrl: origin, secureCookies: true });
    const result = await signIn(db, secure, visitor({}, origin), {
      email: "owner@example.com",
      password: TEST_PASSWORD,
    });
    if (result.kind !== "signed_in") throw new Error(result.kind);
    expect(result.cookies[0]).toMatch(new RegExp(`^${SECURE_SESSION_COOKIE}=.*; Secure`, "i"));
  });

  test("a wrong password and an unknown address are refused alike, and leave no session", async () => {
    await addPerson(db, "owner");
    expect(
      await signIn(db, access, visitor(), { email: "owner@example.com", password: "not the password" }),
    ).toEqual({ kind: "refused" });
    expect(
      await signIn(db, access, visitor(), { email: "nobody@example.com", password: TEST_PASSWORD }),
    ).toEqual({ kind: "refused" });
    expect(await db.session.count()).toBe(0);
  });

  test("a form on another site cannot sign anybody in", async () => {
    await addPerson(db, "owner");
    const foreign = visitor({ origin: "https://evil.example", "sec-fetch-site": "cross-site" });
    expect(
      await signIn(db, access, foreign, { email: "owner@example.com", password: TEST_PASSWORD }),
    ).toEqual({ kind: "refused" });
  });

  test("nobody signs up, and nobody gives himself a role", async () => {
    const cookie = await addPerson(db, "viewer", "v@example.com").then(() => sessionCookie("v@example.com"));
    const post = (path: string, body: unknown) =>
      access.handle(
        new Request(`${ORIGIN}/api/auth${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", origin: ORIGIN, cookie },
          body: JSON.stringify(body),
        }),
      );
    const signUp = await post("/sign-up/email", {
      email: "new@example.com",
      password: TEST_PASSWORD,
      name: "New",
    });
    expect(signUp.ok).toBe(false);
    await post("/update-user", { role: "owner" });
    expect(await db.user.findMany({ select: { email: true, role: true } })).toEqual([
      { email: "v@example.com", role: "viewer" },
    ]);
  });
});

describe("the rate limit", () => {
  test("the sixth attempt in a minute waits, in every process, and other addresses do not", async () => {
    await addPerson(db, "owner");
    const otherProcess = createDatabase(database.url, { max: 2 });
    const second = createAccess({
      db: otherProcess,
      secret: SECRET,
      baseUrl: undefined,
      secureCookies: false,
    });
    try {
      const guesser = visitor();
      const wrong = { email: "owner@example.com", password: "not the password" };
      const kinds: string[] = [];
      for (let attempt = 0; attempt < 6; attempt += 1) {
        kinds.push((await signIn(db, attempt % 2 === 0 ? access : second, guesser, wrong)).kind);
      }
      expect(kinds).toEqual(["refused", "refused", "refused", "refused", "refused", "limited"]);
      const right = { email: "owner@example.com", password: TEST_PASSWORD };
      const limited = await signIn(db, access, guesser, right);
      expect(limited.kind === "limited" && limited.retryAfterSeconds).toBeGreaterThan(0);
      expect((await signIn(db, access, visitor(), right)).kind).toBe("signed_in");
    } finally {
      await otherProcess.$disconnect();
    }
  });

  test("attempts at the same moment count one by one", async () => {
    await addPerson(db, "owner");
    const guesser = visitor();
    const wrong = { email: "owner@example.com", password: "not the password" };
    const results = await Promise.all(Array.from({ length: 12 }, () => signIn(db, access, guesser, wrong)));
    expect(results.filter(({ kind }) => kind === "refused")).toHaveLength(5);
  });

  test("X-Forwarded-For is no way around", async () => {
    await addPerson(db, "owner");
    const guesser = visitor();
    const kinds: string[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      guesser.headers.set("x-forwarded-for", `203.0.113.${attempt}`);
      kinds.push(
        (await signIn(db, access, guesser, { email: "owner@example.com", password: "not the password" }))
          .kind,
      );
    }
    expect(kinds.at(-1)).toBe("limited");
  });
});

describe("a session", () => {
  test("signing out ends it for every copy of the cookie", async () => {
    await addPerson(db, "owner");
    const cookie = await sessionCookie("owner@example.com");
    expect(await access.findUser(new Headers({ cookie }))).not.toBeNull();
    const cleared = await signOut(db, access, visitor({ cookie }));
    expect(cleared.join()).toMatch(/Max-Age=0/i);
    expect(await access.findUser(new Headers({ cookie }))).toBeNull();
    expect(await db.auditEntry.count({ where: { action: "session.ended" } })).toBe(1);
  });

  test("expires, and cannot be forged or signed by another secret", async () => {
    await addPerson(db, "owner");
    const cookie = await sessionCookie("owner@example.com");
    const stranger = createAccess({
      db,
      secret: "another secret of thirty-two chars",
      baseUrl: undefined,
      secureCookies: false,
    });
    expect(await stranger.findUser(new Headers({ cookie }))).toBeNull();
    const { token } = await db.session.findFirstOrThrow();
    expect(await access.findUser(new Headers({ cookie: `${SESSION_COOKIE}=${token}` }))).toBeNull();
    await db.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
    expect(await access.findUser(new Headers({ cookie }))).toBeNull();
  });

  test("ends with the person", async () => {
    await addPerson(db, "owner");
    const cookie = await sessionCookie("owner@example.com");
    await db.user.deleteMany();
    expect(await access.findUser(new Headers({ cookie }))).toBeNull();
  });
});

describe("the first owner", () => {
  test("of several setups at the same moment one wins, also across processes", async () => {
    const others = [createDatabase(database.url, { max: 2 }), createDatabase(database.url, { max: 2 })];
    try {
      const attempts = [db, ...others, db, ...others].map((one, n) =>
        createFirstOwner(one, owner(`owner${n}`)),
      );
      const made = (await Promise.all(attempts)).filter((id) => id !== null);
      expect(made).toHaveLength(1);
      expect(await db.user.count()).toBe(1);
      expect(await db.auditEntry.count({ where: { action: "user.created", targetId: made[0] ?? "" } })).toBe(
        1,
      );
    } finally {
      await Promise.all(others.map((one) => one.$disconnect()));
    }
  });

  test("can sign in; a later setup changes nothing", async () => {
    expect(await hasOwner(db)).toBe(false);
    expect(await createFirstOwner(db, owner("first"), "environment")).not.toBeNull();
    expect(
      await createFirstOwner(db, { ...owner("first"), password: "another password" }, "environment"),
    ).toBeNull();
    expect(await sessionCookie("first@example.com")).toContain(SESSION_COOKIE);
    expect(await hasOwner(db)).toBe(true);
  });
});
