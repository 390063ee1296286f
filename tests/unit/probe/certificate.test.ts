import type { PeerCertificate } from "node:tls";

import { expect, test } from "vitest";

import { Attempt } from "#lib/probe/attempt.ts";
import { certificateFacts } from "#lib/probe/certificate.ts";
import { ProbeFailure } from "#lib/probe/failure.ts";

const HOSTILE = "a\u0000b" + "x".repeat(100_000);

test("a certificate's names are bounded, and any database takes them", () => {
  // what Node makes of a certificate is far more than what is read of it
  const certificate = {
    subject: { CN: HOSTILE },
    issuer: { O: HOSTILE },
    valid_from: "Jan  1 00:00:00 2026 GMT",
    valid_to: "Jan  1 00:00:00 2027 GMT",
    subjectaltname: HOSTILE,
  } as unknown as PeerCertificate;
  const facts = certificateFacts(certificate);
  expect(facts).toMatchObject({
    subject: expect.stringMatching(/^a\ufffdbx{253}$/),
    issuer: expect.stringMatching(/^a\ufffdbx{253}$/),
    altNames: expect.stringMatching(/^a\ufffdbx{4093}$/),
  });
});

test("an error's message is bounded as well", () => {
  const { error } = new Attempt(1_000, undefined).finish(new ProbeFailure("SOME_CODE", HOSTILE));
  expect(error?.message).toMatch(/^a\ufffdbx{997}$/);
});
