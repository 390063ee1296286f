import { randomInt } from "node:crypto";

export { v7 as uuidv7, validate as isUuid } from "uuid";

// no vowels, no look-alikes: a code is read out on the phone and never spells a word
const ALPHABET = "bcdfghjkmnpqrstvwxz23456789";

/** A short public code such as `k3f9x2mwq7`: 10 characters, about 47 bits. */
export function shortCode(length = 10): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}
