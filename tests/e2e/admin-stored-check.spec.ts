import { createServer, type Server } from "node:net";

import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";

import { listenOn } from "../../bin/parts/port.ts";
import { newPage, setUp } from "./support/admin.ts";
import { startApp, type App } from "./support/app.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./support/axe.ts";
import { expect, test, type Page } from "./support/test.ts";

let app: App;
let cache: Server;
let upstream: FakeUpstream;
let owner: Page;

const PASSWORD = "swordfish-in-the-environment";

test.beforeAll(async ({ browser }) => {
  test.setTimeout(90_000);
  // a server that lets nobody in who does not know the word
  cache = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => void socket.write(chunk.includes(PASSWORD) ? "+OK\r\n" : "-ERR\r\n"));
  });
  const port = await listenOn(cache, "127.0.0.1", 0);
  upstream = await startFakeUpstream();
  const yaml = `components:
  - name: Cache
    checks:
      - name: sign in
        kind: tcp
        host: 127.0.0.1
        port: ${port}
        send: "AUTH \${CACHE_PASSWORD}\\r\\n"
        expect: +OK
      - { name: front door, kind: http, url: "${upstream.url}", reuse_connection: true }
`;
  app = await startApp({ yaml, env: { CACHE_PASSWORD: PASSWORD } });
  owner = await newPage(browser);
  await setUp(owner, app);
});
test.afterAll(async () => {
  await owner.context().close();
  await app.stop();
  await upstream.close();
  cache.close();
});

test("a check that has no form is shown as text without its secret, and tried out as it is", async () => {
  await owner.goto(`${app.url}/admin/components`);
  await owner.getByRole("link", { name: /Cache/ }).click();
  // what comes from the file is listed, and opened by its address
  await expect(owner.getByRole("link", { name: "sign in TCP" })).toBeVisible();
  await expect(owner.getByText("keeps its connection")).toBeVisible();
  const link = owner.getByRole("link", { name: /sign in/ });
  await link.click();
  await expect(owner.getByText("send: ••••••••")).toBeVisible();
  await owner.getByRole("button", { name: "Test now" }).click();
  const result = owner.getByRole("region", { name: "Test result" });
  await expect(result).toContainText("Up");
  await expect(result).toContainText("+OK");
  expect(await owner.content()).not.toContain(PASSWORD);
  await expectAccessible(owner);
  await expectNoSidewaysScroll(owner);
});

test("visitors are told what a check that keeps its connection does not see", async () => {
  await owner.goto(`${app.url}/components/cache`);
  await expect(owner.getByText(/Keeps its connection between looks/)).toBeVisible();
});
