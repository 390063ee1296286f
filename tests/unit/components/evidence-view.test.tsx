import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";

import { EvidenceView } from "#components/admin/evidence-view.tsx";
import { Shell } from "#components/admin/shell.tsx";
import { makeEvidence } from "#tests/support/seed-looks.ts";

const html = (change: Parameters<typeof makeEvidence>[0] = {}): string =>
  renderToStaticMarkup(<EvidenceView evidence={makeEvidence(change)} />);

describe("the evidence of a look", () => {
  test("headers that tell hops come first, whatever order the database gives", () => {
    const shown = html({ headers: { "a-b": "1", date: "now", via: "1.1 x", server: "nginx" } });
    const order = ["server", "via", "date", "a-b"].map((name) => shown.indexOf(`>${name}<`));
    expect(order.toSorted((a, b) => a - b)).toEqual([
      shown.indexOf(">via<"),
      shown.indexOf(">server<"),
      shown.indexOf(">date<"),
      shown.indexOf(">a-b<"),
    ]);
  });

  test("what an answer holds is shown as text", () => {
    const shown = html({
      bodyStart: "<script>alert(1)</script>",
      headers: { "x-a": '"><img src=x onerror=alert(1)>' },
    });
    expect(shown).toContain("&lt;script&gt;alert(1)");
    expect(shown).not.toMatch(/<script|<img/);
  });

  test("redirects, details, error, phase and certificate each have their place", () => {
    const shown = html({
      phase: "tls",
      error: { code: "CERT_HAS_EXPIRED", message: "the certificate was refused: CERT_HAS_EXPIRED" },
      httpStatus: null,
      redirects: [{ status: 301, url: "http://example.com/", remote: "192.0.2.1:80" }],
      url: "https://www.example.com/",
      details: { rcode: "SERVFAIL", answers: 0 },
      certificate: {
        subject: "www.example.com",
        issuer: "Test CA",
        validFrom: "2025-01-01T00:00:00.000Z",
        validTo: "2026-01-01T00:00:00.000Z",
        altNames: "",
      },
    });
    for (const text of [
      "in the TLS handshake",
      "CERT_HAS_EXPIRED",
      "301",
      "http://example.com/",
      "https://www.example.com/",
      "SERVFAIL",
      "Test CA",
      "2026-01-01",
    ]) {
      expect(shown).toContain(text);
    }
    expect(shown).not.toContain("Names");
  });
});

function shell(closed: readonly "/admin/keys"[]): string {
  return renderToStaticMarkup(
    <Shell place="/admin" closed={closed} person="Vic" signOut={async () => {}}>
      x
    </Shell>,
  );
}

test("who may not make keys does not see where they are made", () => {
  expect(shell([])).toContain("/admin/keys");
  expect(shell(["/admin/keys"])).not.toContain("/admin/keys");
  expect(shell(["/admin/keys"])).toContain("/admin/log");
});
