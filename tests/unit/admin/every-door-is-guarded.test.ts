import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

const APP = join(import.meta.dirname, "../../../app");

/** What nobody needs a session for, and why. */
const OPEN: Readonly<Record<string, string>> = {
  signInAction: "makes the session",
  setupAction: "is authorised by the setup token",
  signOutAction: "ends whatever session the cookie names",
};

async function filesUnder(folder: string, name: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((entry) => name.test(entry)).map((entry) => join(folder, entry));
}

/** Exported functions of a module with their bodies, cut at the next top-level declaration. */
function exportedFunctions(source: string): { name: string; body: string }[] {
  return [...source.matchAll(/^export async function (\w+)([\s\S]*?)^\}/gm)].map(
    ([, name = "", body = ""]) => ({ name, body }),
  );
}

describe("every door of the admin area is guarded", async () => {
  const modules = await filesUnder(APP, /actions\.ts$/);
  const sources = await Promise.all(
    modules.map(async (file) => ({ file, source: await readFile(file, "utf8") })),
  );
  const actions = sources
    .filter(({ source }) => source.startsWith('"use server"'))
    .flatMap(({ source }) => exportedFunctions(source));

  test("there are actions to look at", () => {
    expect(actions.length).toBeGreaterThan(15);
    expect(actions.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(OPEN)));
  });

  test.each(actions.filter(({ name }) => !(name in OPEN)))(
    "action $name asks for a permission first",
    ({ body }) => {
      // either itself, or through a helper of its module that does
      expect(body).toMatch(/return (act\(\s*"[a-z]+\.[a-z]+"|step\()/);
    },
  );

  const pages = await filesUnder(join(APP, "admin"), /(^|\/)page\.tsx$/);

  test.each(pages.map((file) => file.slice(APP.length)))(
    "page %s asks who is looking before it reads anything",
    async (page) => {
      const source = await readFile(join(APP, page), "utf8");
      const body = source.slice(source.indexOf("export default async function"));
      const guard = body.search(/await requireUser\(\s*"[a-z]+\.[a-z]+"/);
      expect(guard).toBeGreaterThan(0);
      const firstRead = body.search(/database\(\)|readCatalog|pageZone|groupOptions/);
      expect(firstRead === -1 || firstRead > guard).toBe(true);
    },
  );

  const handlers = await filesUnder(join(APP, "admin"), /(^|\/)route\.ts$/);

  test("there are handlers to look at", () => expect(handlers.length).toBeGreaterThan(0));

  test.each(handlers.map((file) => file.slice(APP.length)))(
    "handler %s asks for a permission before it reads anything",
    async (handler) => {
      const source = await readFile(join(APP, handler), "utf8");
      for (const [body] of source.matchAll(/^export async function [A-Z]+[\s\S]*?^\}/gm)) {
        const guard = body.search(/await requireUser\(\s*"[a-z]+\.[a-z]+"/);
        expect(guard).toBeGreaterThan(0);
        expect(body.search(/database\(\)|pageZone/)).toBeGreaterThan(guard);
      }
      // whatever it exports beside its methods would be a way around them
      expect(source.match(/^export /gm)?.length).toBe(
        source.match(/^export (async function [A-Z]+\(|const dynamic)/gm)?.length,
      );
    },
  );
});
