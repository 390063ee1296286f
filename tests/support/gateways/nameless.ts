import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";

/** A name server on loopback that knows no name: it answers NXDOMAIN to everything (RFC 1035, 4.1.1). */
export async function startNameless(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createSocket("udp4");
  server.on("message", (query, from) => {
    const answer = Buffer.from(query);
    // QR and RA set, RCODE 3; the question stands as it came, and any OPT record is left out
    answer.writeUInt16BE(0x8183, 2);
    answer.writeUInt16BE(0, 6);
    answer.writeUInt16BE(0, 8);
    answer.writeUInt16BE(0, 10);
    server.send(answer.subarray(0, endOfQuestion(query)), from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  const { port }: AddressInfo = server.address();
  return {
    port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function endOfQuestion(query: Buffer): number {
  let at = 12;
  while (at < query.length && (query[at] ?? 0) > 0) at += (query[at] ?? 0) + 1;
  return Math.min(query.length, at + 5);
}
