import { expect, test } from "vitest";

import { isSetupToken, setupLink, setupToken } from "#lib/auth/setup-token.ts";

const SECRET = "a secret of at least thirty-two characters";

test("every process with the same secret agrees on the token, and no other does", () => {
  expect(setupToken(SECRET)).toBe(setupToken(SECRET));
  expect(setupToken(SECRET)).not.toBe(setupToken(`${SECRET}.`));
  expect(setupToken(SECRET)).toMatch(/^[\w-]{43}$/);
});

test("only the whole token opens", () => {
  const token = setupToken(SECRET);
  expect(isSetupToken(token, SECRET)).toBe(true);
  for (const wrong of ["", token.slice(0, -1), `${token}x`, `${token.slice(0, -1)}!`, "é".repeat(43)]) {
    expect(isSetupToken(wrong, SECRET)).toBe(false);
  }
});

test("the link leads to the setup page of the given address", () => {
  const link = new URL(setupLink("https://status.example.org/", SECRET));
  expect(link.origin + link.pathname).toBe("https://status.example.org/setup");
  expect(isSetupToken(link.searchParams.get("token") ?? "", SECRET)).toBe(true);
});
