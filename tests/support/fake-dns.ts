import { createSocket } from "node:dgram";
import { createServer, type AddressInfo, type Socket } from "node:net";

import { decode, encode, TRUNCATED_RESPONSE, type Answer, type Question } from "dns-packet";

/** What a fake resolver does with a question; what is not given is empty or zero. */
export interface DnsBehaviour {
  readonly rcode?: number;
  readonly answers?: readonly Answer[];
  /** Over UDP: says that the answer did not fit. */
  readonly truncated?: boolean;
  /** Sends these bytes after the question's number instead of an answer. */
  readonly garbage?: boolean;
  /** Says nothing, or nothing to the first so many datagrams. */
  readonly silent?: boolean | number;
}

/** A real resolver on loopback, UDP and TCP on one port, that misbehaves on command. */
export interface FakeDns {
  /** `127.0.0.1:PORT`. */
  readonly resolver: string;
  behave(behaviour: DnsBehaviour): void;
  /** Questions that have arrived, as `udp A example.test`. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function startFakeDns(first: DnsBehaviour = {}): Promise<FakeDns> {
  let behaviour = first;
  const asked: string[] = [];
  const sockets = new Set<Socket>();

  const reply = (bytes: Buffer, transport: "udp" | "tcp"): Buffer | null => {
    const { id = 0, questions = [] } = decode(bytes);
    const [question] = questions;
    asked.push(`${transport} ${question?.type} ${question?.name}`);
    const { silent = false } = behaviour;
    if (silent === true || (typeof silent === "number" && asked.length <= silent)) return null;
    if (behaviour.garbage === true) return Buffer.concat([bytes.subarray(0, 2), Buffer.alloc(40, 0xff)]);
    return encodeReply(id, question, behaviour, transport);
  };

  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      const message = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      const answer = reply(message.subarray(2), "tcp");
      if (answer === null) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      // in two pieces, as networks deliver
      socket.write(Buffer.concat([length, answer.subarray(0, 5)]));
      setImmediate(() => socket.write(answer.subarray(5)));
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  const { port } = tcp.address() as AddressInfo; // a TCP listener has such an address
  const udp = createSocket("udp4");
  udp.on("message", (bytes, from) => {
    const answer = reply(bytes, "udp");
    if (answer !== null) udp.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => udp.bind(port, "127.0.0.1", resolve));

  return {
    resolver: `127.0.0.1:${port}`,
    behave: (next) => {
      asked.splice(0);
      behaviour = next;
    },
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ]);
    },
  };
}

function encodeReply(
  id: number,
  question: Question | undefined,
  { rcode = 0, answers = [], truncated = false }: DnsBehaviour,
  transport: "udp" | "tcp",
): Buffer {
  const cut = truncated && transport === "udp";
  const bytes = encode({
    type: "response",
    id,
    flags: cut ? TRUNCATED_RESPONSE : 0,
    questions: question === undefined ? [] : [question],
    answers: cut ? [] : [...answers],
  });
  // the code is in the low half of the header's fourth byte (RFC 1035, 4.1.1)
  bytes.writeUInt8((bytes.readUInt8(3) & 0xf0) | rcode, 3);
  return bytes;
}
