import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { WebSocketServer, type WebSocket } from "ws";

export interface FakeWebSocket {
  /** `ws://127.0.0.1:PORT/`. */
  readonly url: string;
  readonly port: number;
  /** Codes of the close frames that clients sent, in order. */
  readonly closes: number[];
  last(): IncomingMessage | undefined;
  close(): Promise<void>;
}

function echo(client: WebSocket): void {
  // text arrives as one buffer, unless the server asks for something else
  client.on("message", (data: Buffer) => client.send(`echo: ${data.toString()}`));
}

/** A real WebSocket server on loopback; `onOpen` is what it does with a client. */
export async function startFakeWebSocket(
  onOpen: (client: WebSocket, request: IncomingMessage) => void = echo,
  options: { readonly subprotocol?: string } = {},
): Promise<FakeWebSocket> {
  const closes: number[] = [];
  const sockets = new Set<Socket>();
  let latest: IncomingMessage | undefined;
  const http = createServer();
  http.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const server = new WebSocketServer({
    server: http,
    handleProtocols: (offered) =>
      options.subprotocol !== undefined && offered.has(options.subprotocol) ? options.subprotocol : false,
  });
  server.on("connection", (client, request) => {
    latest = request;
    client.on("error", () => {});
    client.on("close", (code) => closes.push(code));
    onOpen(client, request);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo; // a TCP listener has such an address
  return {
    url: `ws://127.0.0.1:${port}/`,
    port,
    closes,
    last: () => latest,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}
