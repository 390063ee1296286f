import { afterEach, describe, expect, it, vi } from "vitest";

import { createLog, redact } from "#lib/base/log.ts";

describe("log", () => {
  afterEach(() => vi.restoreAllMocks());

  it("takes the user information out of URLs", () => {
    expect(redact("cannot reach postgresql://app:s3cret@db:5432/x now")).toBe(
      "cannot reach postgresql://…@db:5432/x now",
    );
  });

  it("writes one JSON object a line and hides fields that call themselves secrets", () => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    createLog("test").info("hello https://a:b@c/", {
      password: "hunter2",
      nested: { apiKey: "k", url: "http://u:p@h/" },
      count: 2n,
    });
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? "");
    expect(line).toMatchObject({ level: "info", scope: "test", password: "[redacted]", count: "2" });
    expect(lines[0]).not.toMatch(/hunter2|"k"|a:b|u:p/);
  });

  it("keeps an error's message, redacted", () => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    createLog("test").error("failed", { error: new Error("at redis://x:y@z/") });
    expect(JSON.parse(lines[0] ?? "").error.message).toBe("at redis://…@z/");
  });
});
