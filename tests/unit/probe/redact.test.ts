import { describe, expect, test } from "vitest";

import { presentable, redactHeader, redactText, redactUrl, secretValues } from "#lib/probe/redact.ts";

const SECRET = "s3cr3t-value-0001";

describe("redaction", () => {
  test.each([
    `https://user:${SECRET}@host.test/path`,
    `Location: https://host.test/cb?state=1&access_token=${SECRET}`,
    `<a href="/next?x=1&amp;token=${SECRET}">`,
    `{"user":"ann","password":"${SECRET}"}`,
    `api_key: '${SECRET}'`,
    `Authorization: Bearer ${SECRET}`,
    `authorization: Basic ${SECRET}`,
    `https://host.test/#id_token=${SECRET}`,
  ])("takes the secret out of %s", (text) => {
    expect(redactText(text)).not.toContain(SECRET);
    expect(redactText(text)).not.toBe(text);
  });

  test("an OAuth code in a query is a secret, an error code in JSON is not", () => {
    expect(redactText('/cb?code=abc {"code":"E502"}')).toBe('/cb?code=[redacted] {"code":"E502"}');
  });

  test("takes a JSON web token out wherever it stands", () => {
    const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P";
    expect(redactText(`session ${token} ended`)).toBe("session [redacted] ended");
  });

  test("takes out what we sent ourselves, whole and in parts", () => {
    const sent = secretValues([
      ["X-Api-Key", SECRET],
      ["Authorization", `Token ${SECRET}2`],
      ["accept", "text/html"],
    ]);
    expect(redactText(`you sent ${SECRET} and ${SECRET}2`, sent)).toBe("you sent [redacted] and [redacted]");
    expect(redactText("you accept text/html", sent)).toBe("you accept text/html");
  });

  test("leaves ordinary text as it is", () => {
    const text =
      '<a href="/status?page=2&sort=asc">502 Bad Gateway</a> {"code":"E502","message":"no upstream"}';
    expect(redactText(text)).toBe(text);
  });

  test("headers that carry secrets keep their name only", () => {
    expect(redactHeader("set-cookie", "sid=1; HttpOnly", [])).toBe("[redacted]");
    expect(redactHeader("x-auth-token", SECRET, [])).toBe("[redacted]");
    expect(redactHeader("server", "nginx/1.22.1", [])).toBe("nginx/1.22.1");
    expect(redactHeader("x-long", "a".repeat(5_000), [])).toHaveLength(512);
  });

  test("a URL keeps origin and path", () => {
    expect(redactUrl(new URL(`https://u:p@host.test:8443/a/b?token=${SECRET}#x`))).toBe(
      "https://host.test:8443/a/b",
    );
  });

  test("what is stored is storable: no NUL, no half characters, bounded", () => {
    expect(presentable("a\u0000b\u001bc\td\n", 100)).toBe("a\ufffdb\ufffdc\td\n");
    expect(presentable("ab😀", 3)).toBe("ab\ufffd");
    expect(presentable("x".repeat(100), 10)).toHaveLength(10);
  });

  test("hostile text does not take long", () => {
    const start = performance.now();
    const pieces = [
      "?a=",
      "&",
      '"a":"',
      "bearer ",
      "eyJ",
      "http://",
      "a".repeat(50),
      "=",
      "token",
      'token":',
      "//u:",
    ];
    const more = [
      '\\"token\\":\\"',
      "<password ",
      "<td>token</td>",
      "token:[",
      "-----BEGIN PRIVATE KEY-----",
      "cookie: a=",
    ];
    for (const piece of [
      ...pieces,
      ...more,
      "&quot;token&quot;:&quot;",
      "<input name=",
      "basic ",
      "eyJaaaaaaaa.",
      "%3A%2F%2Fa",
    ]) {
      redactText(`token=x ${piece.repeat(1_000)}`);
    }
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
