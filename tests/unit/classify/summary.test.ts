import { describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import { duration } from "#lib/classify/duration.ts";
import type { Observation } from "#lib/model/observation.ts";

import { answered, failed } from "./observations.ts";

const say = (observation: Observation, slowMs: number | null = null): string =>
  classify(observation, { slowMs, expectStatus: ["200-299"] }).summary;

const NGINX_PAGE =
  "<html>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</html>";

describe("summary", () => {
  test.each<[Observation, string]>([
    [answered(200), "Answered 200 OK after 12 ms."],
    [
      answered(502, { server: "nginx/1.22.1" }, NGINX_PAGE),
      "nginx answered 502 Bad Gateway after 12 ms: it could not get a valid answer from the server behind it.",
    ],
    [
      answered(504),
      "The server answered 504 Gateway Timeout after 12 ms: the server behind it did not answer in time.",
    ],
    [
      answered(522, { server: "cloudflare" }),
      "Cloudflare answered 522 after 12 ms: no connection to the server behind it could be made in time.",
    ],
    [answered(404), "The server answered 404 Not Found after 12 ms."],
    [
      answered(200, {}, "", { bodyMatched: false }),
      "The server answered 200 OK after 12 ms, but the body is not as expected.",
    ],
    [
      answered(304),
      "The server answered 304 Not Modified after 12 ms, which is not a status that the check expects.",
    ],
    [
      failed("ECONNREFUSED", "connect"),
      "The connection was refused after 12 ms: nothing listens on that port, or a firewall rejects.",
    ],
    [failed("ENOTFOUND", "dns"), "The name does not exist or has no address."],
    [
      failed("DEADLINE", "first_byte"),
      "Connected, but no answer within 12 ms: gave up waiting for the first byte of an answer.",
    ],
    [
      failed("HPE_INVALID_CONSTANT", "first_byte"),
      "What came back is not valid HTTP (HPE_INVALID_CONSTANT).",
    ],
    [failed("CLOSED", "tls"), "The connection was closed after 12 ms, while waiting for the TLS handshake."],
    [failed("DEPTH_ZERO_SELF_SIGNED_CERT", "tls"), "The certificate is self-signed."],
    [failed("HTTP2_REFUSED", "tls"), "The server does not offer HTTP/2, which the check requires."],
    [failed("STARTTLS_REFUSED", "first_byte"), "The server does not go over to TLS when it is asked to."],
    [
      failed("HTTP2_GOAWAY", "first_byte"),
      "The server ended the HTTP/2 connection (GOAWAY) before it had answered.",
    ],
    [
      failed("HTTP2_STREAM_RESET", "first_byte"),
      "The server reset the request (HTTP/2 RST_STREAM) before it had answered.",
    ],
    [failed("HTTP2_INVALID", "first_byte"), "What came back is not valid HTTP/2."],
    [
      failed("UNEXPECTED_ANSWER", "first_byte"),
      "It answered after 12 ms, with something else than the check expects.",
    ],
    [
      { ...failed("CERTIFICATE_EXPIRING", "tls"), details: { daysLeft: 1 } },
      "All is well, but a certificate of the chain expires in 1 day.",
    ],
    [failed("ENETUNREACH", "connect"), "This machine has no route to the target (ENETUNREACH)."],
  ])("case %#: $1", (observation, expected) => {
    expect(say(observation)).toBe(expected);
  });

  test("slow names both times", () => {
    expect(say(answered(200), 5)).toBe("Answered 200 OK after 12 ms, slower than the 5 ms that are allowed.");
  });

  test("an expired certificate says since when", () => {
    const observation: Observation = {
      ...failed("CERT_HAS_EXPIRED", "tls"),
      certificate: {
        subject: "a",
        issuer: "b",
        validFrom: "2024-01-01T00:00:00.000Z",
        validTo: "2024-02-01T00:00:00.000Z",
        altNames: "",
      },
    };
    expect(say(observation)).toBe("The certificate has expired on 2024-02-01.");
  });

  test("nothing of the target's text gets into a sentence", () => {
    const secret = "hunter2hunter2";
    const spoken = [
      answered(502, { server: secret, location: secret }, secret, { url: `http://${secret}/` }),
      answered(302, { location: secret }, secret),
      { ...failed("ECONNRESET", "tls"), error: { code: "ECONNRESET", message: secret }, remote: secret },
    ].map((observation) => say(observation));
    expect(spoken.filter((sentence) => sentence.includes(secret))).toEqual([]);
  });

  test("durations are short to read", () => {
    expect([0.4, 12.3, 999.4, 1_000, 12_345].map(duration)).toEqual([
      "less than 1 ms",
      "12 ms",
      "999 ms",
      "1.0 s",
      "12.3 s",
    ]);
  });
});
