import { createSocket } from "node:dgram";

/** Codes of answers (RFC 1035, 4.1.1); `silent` answers nothing. */
const RCODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5, silent: -1 } as const;
export type Rcode = keyof typeof RCODES;

export interface NameServer {
  /** From the next question on. */
  say(rcode: Rcode | { readonly address: string }): void;
  close(): Promise<void>;
}

/** A name server on port 53 of an address that says to every question what it is told to say. */
export async function startNameServer(address: string): Promise<NameServer> {
  let said: Rcode | { readonly address: string } = "SERVFAIL";
  const server = createSocket("udp4");
  server.on("message", (query, from) => {
    const answer = answerTo(query, said);
    if (answer !== null) server.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.bind(53, address, resolve);
  });
  return {
    say: (next) => void (said = next),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answerTo(query: Buffer, said: Rcode | { readonly address: string }): Buffer | null {
  const code = typeof said === "string" ? RCODES[said] : 0;
  if (code < 0) return null;
  const question = query.subarray(12, endOfQuestion(query));
  const isA = question.readUInt16BE(question.length - 4) === 1;
  const found = typeof said === "string" || !isA ? [] : [said.address];
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  // an answer (QR), with recursion asked for and to be had (RD, RA)
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(found.length, 6);
  const records = found.map((address) =>
    // name: the question's; type A, class IN, for no time, four bytes
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split(".").map(Number)]),
  );
  return Buffer.concat([head, question, ...records]);
}

function endOfQuestion(query: Buffer): number {
  let at = 12;
  while (at < query.length && (query[at] ?? 0) > 0) at += (query[at] ?? 0) + 1;
  return Math.min(query.length, at + 5);
}
