import { slugTaken } from "#lib/store/catalog.ts";
import type { Transaction } from "#lib/store/client.ts";

const MAX_LENGTH = 64;

/** A slug from a name: `Søk & Kø` becomes `sok-ko`; a name without any usable letter gives `component`. */
export function slugify(name: string): string {
  const plain = name
    // letters that Unicode does not take apart into a base letter and a mark
    .replaceAll(/[øØ]/g, "o")
    .replaceAll("ß", "ss")
    .replaceAll(/[æÆ]/g, "ae")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return trimHyphens(trimHyphens(plain).slice(0, MAX_LENGTH)) || "component";
}

function trimHyphens(text: string): string {
  return text.replaceAll(/^-+|-+$/g, "");
}

/** The first of `api`, `api-2`, `api-3`, … that no component has, archived ones included. */
export async function freeSlug(tx: Transaction, name: string): Promise<string> {
  const base = slugify(name);
  let slug = base;
  for (let n = 2; await slugTaken(tx, slug); n += 1) {
    const suffix = `-${n}`;
    slug = trimHyphens(base.slice(0, MAX_LENGTH - suffix.length)) + suffix;
  }
  return slug;
}
