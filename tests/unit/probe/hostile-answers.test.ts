import { describe, expect, test } from "vitest";

import { redactSecrets } from "#lib/base/redact.ts";
import { keptHeaders } from "#lib/probe/http-headers.ts";
import { presentableStart, redactText } from "#lib/probe/redact.ts";
import { secretsInBody, secretValues } from "#lib/probe/sent-secrets.ts";
import { seededRandom } from "#lib/sample/random.ts";
import { BODY_WAYS, ECHOES, HEADER_WAYS, hostileAnswer, makeSecret } from "#tests/support/hostile-answers.ts";

const NAMES = ["token", "user[password]", "X-Api-Key", "client_secret", "sessionId", "Authorization", "sig"];

describe("secrets that an answer gives away", () => {
  test.each(Object.entries(BODY_WAYS))("in a body as %s", (_, way) => {
    const random = seededRandom(1);
    for (const name of NAMES) {
      const secret = makeSecret(random);
      const kept = redactText(way(secret, name));
      expect(kept).not.toContain(secret);
      expect(redactText(kept), "a second time changes nothing").toBe(kept);
    }
  });

  test.each(Object.entries(HEADER_WAYS))("in a header as %s", (_, way) => {
    const secret = makeSecret(seededRandom(2));
    const [name, value] = way(secret);
    expect(JSON.stringify(keptHeaders({ [name]: value }, []))).not.toContain(secret);
  });

  test("in two thousand answers: none is kept, and what tells something is", () => {
    const random = seededRandom(502);
    for (let n = 0; n < 2_000; n++) {
      const answer = hostileAnswer(random);
      const kept = `${JSON.stringify(keptHeaders(answer.headers, []))}\n${presentableStart(answer.body, 2_048)}`;
      for (const secret of answer.planted) expect(kept, answer.ways.join(", ")).not.toContain(secret);
      // the log sees none of it, and would not write it either
      const logged = redactSecrets(answer.body);
      for (const secret of answer.planted) expect(logged, answer.ways.join(", ")).not.toContain(secret);
      for (const text of answer.telling) expect(logged, answer.ways.join(", ")).toContain(text);
      expect(kept).toContain("nginx/1.22.1");
      expect(kept).toContain("9f2c-11");
    }
  });

  test("wherever the 2 KB end", () => {
    const random = seededRandom(3);
    for (let n = 0; n < 400; n++) {
      const secret = makeSecret(random, 40);
      const way = Object.values(BODY_WAYS)[n % Object.keys(BODY_WAYS).length] ?? String;
      const before = Math.floor(random() * 60) + (n % 2 === 0 ? 2_000 : 4_050);
      const kept = presentableStart(
        `${"x".repeat(before - 1)}\n${way(secret, "token")}`.slice(0, 4_096),
        2_048,
      );
      expect(kept).not.toContain(secret.slice(0, 12));
    }
  });
});

describe("what we sent ourselves", () => {
  const random = seededRandom(4);
  const secrets = [
    "p@ss/w+rd=\"é<&>'x y",
    "ümläut-passwort-123",
    makeSecret(random),
    `${makeSecret(random)}/+==`,
  ];

  test.each(Object.entries(ECHOES))("echoed as %s", (_, echo) => {
    for (const secret of secrets) {
      const sent = secretValues([["x-api-key", secret]]);
      const kept = redactText(echo(secret), sent);
      expect(kept).toMatch(/\[redacted\]/);
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(encodeURIComponent(secret));
      expect(kept).not.toContain(Buffer.from(secret).toString("hex"));
      expect(kept, "also when somebody decodes it").not.toContain(secret.toLowerCase());
      for (const word of kept.split(/[\s"]+/)) {
        expect(Buffer.from(word, "base64").toString()).not.toContain(secret);
      }
    }
  });

  test("the password of Basic credentials, each cookie, a key in the query, a field of the body", () => {
    const basic = secretValues([
      ["authorization", `Basic ${Buffer.from("ann:s3cret-pw").toString("base64")}`],
    ]);
    expect(redactText("hello ann, s3cret-pw", basic)).toBe("hello ann, [redacted]");
    const cookies = secretValues([["cookie", "theme=darkmode; sid=abc123def"]]);
    expect(redactText("x abc123def x", cookies)).toBe("x [redacted] x");
    expect(redactText("x 998877", secretValues([["key", "998877"]]))).toBe("x [redacted]");
    expect(redactText("x hunter22", secretsInBody('{"user":{"password":"hunter22"}}'))).toBe("x [redacted]");
    expect(redactText("x hunter22", secretsInBody("user=a&password=hunter22"))).toBe("x [redacted]");
    expect(redactText("x hunter22", secretsInBody("hunter22"))).toBe("x hunter22");
  });

  test("cut in the middle: no half of it is left", () => {
    const secret = makeSecret(random, 64);
    const sent = secretValues([["authorization", `Bearer ${secret}`]]);
    for (let length = 4_000; length < 4_090; length++) {
      // a long value that is redacted moves the end of what is looked at into what is kept
      const text = `<input name="token" value="${"y".repeat(2_600)}">${"x".repeat(length - 2_640)} ${secret}`;
      expect(presentableStart(text.slice(0, 4_096), 2_048, sent)).not.toContain(secret.slice(0, 4));
    }
  });
});
