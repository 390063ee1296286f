import { describe, expect, it } from "vitest";

import { createLink } from "#lib/agent/client-link.ts";

const open =
  (server: string, insecure = false) =>
  () =>
    createLink({ server, token: "gw_x", insecure });

describe("the way to the server", () => {
  it.each(["https://status.example.com", "http://127.0.0.1:3000", "http://localhost", "http://[::1]:3000"])(
    "may be %s",
    (server) => expect(open(server)).not.toThrow(),
  );

  it("is not plain HTTP to another machine, unless somebody says so", () => {
    expect(open("http://status.example.com")).toThrow(/https:\/\//);
    expect(open("http://127.0.0.1.example.com")).toThrow(/https:\/\//);
    expect(open("http://status.example.com", true)).not.toThrow();
  });
});
