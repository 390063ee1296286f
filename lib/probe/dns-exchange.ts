import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIP } from "node:net";

import { decode, encode, RECURSION_DESIRED, type DecodedPacket } from "dns-packet";

import type { Attempt } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import type { DnsRecordType } from "./dns-records.ts";
import { ProbeFailure, toFailure } from "./failure.ts";
import { hostAndPort, type HostAndPort } from "./host.ts";

/** Codes of kind `dns`; what they mean stands in lib/classify/kind-codes.ts. */
export const DNS_CODES = {
  nameNotFound: "DNS_NXDOMAIN",
  serverFailed: "DNS_SERVFAIL",
  refused: "DNS_REFUSED",
  noData: "DNS_NODATA",
  /** Another refusal: details.rcode names it. */
  otherError: "DNS_ERROR",
  timeout: "DNS_TIMEOUT",
  /** Nothing listens at the resolver's address. */
  unreachable: "DNS_UNREACHABLE",
  malformed: "DNS_MALFORMED",
  /** Records came, other ones than the check expects. */
  unexpected: "DNS_UNEXPECTED",
} as const;

interface Query {
  readonly id: number;
  readonly name: string;
  readonly type: DnsRecordType;
  readonly bytes: Buffer;
}

/** A reply, and how it came. */
export interface Reply {
  readonly packet: DecodedPacket;
  readonly transport: "udp" | "tcp";
}

/**
 * Asks one resolver: by UDP, sent again when nothing comes, and by TCP when the answer was too long
 * for a datagram (RFC 7766). No EDNS: what does not fit into 512 bytes takes the way that every server has.
 * @param withinMs after this the resolver counts as silent, if the probe's own time is not over before
 * @throws ProbeFailure DNS_TIMEOUT, DNS_UNREACHABLE, DNS_MALFORMED, or the system's own code
 */
export async function askResolver(
  attempt: Attempt,
  resolver: HostAndPort,
  question: { readonly name: string; readonly type: DnsRecordType },
  withinMs: number,
): Promise<Reply> {
  const id = randomInt(0, 65_536);
  const bytes = encode({ type: "query", id, flags: RECURSION_DESIRED, questions: [{ ...question }] });
  const query: Query = { ...question, id, bytes };
  attempt.remote = hostAndPort(resolver);
  try {
    const packet = await overUdp(attempt, resolver, query, withinMs);
    if (!packet.flag_tc) return { packet, transport: "udp" };
    return { packet: await overTcp(attempt, resolver, query), transport: "tcp" };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === "ECONNREFUSED" || failure.code === "EHOSTUNREACH") {
      throw new ProbeFailure(DNS_CODES.unreachable, `no resolver at ${hostAndPort(resolver)}`);
    }
    throw failure;
  } finally {
    // also when TCP came to it: for the check all of this is looking up a name
    attempt.phase = "dns";
  }
}

/** How often a datagram is sent: networks may lose one without being broken. */
const SENDS = 3;

async function overUdp(
  attempt: Attempt,
  { host, port }: HostAndPort,
  query: Query,
  withinMs: number,
): Promise<DecodedPacket> {
  const socket = createSocket(isIP(host) === 6 ? "udp6" : "udp4");
  let open = true;
  let again: NodeJS.Timeout | undefined;
  const free = (): void => {
    clearInterval(again);
    if (open) socket.close();
    open = false;
  };
  attempt.atEnd(free);
  try {
    return await attempt.wait<DecodedPacket>((resolve, reject) => {
      if (!open) return;
      socket.on("error", reject);
      socket.on("message", (bytes) => {
        try {
          const packet = readReply(bytes, query);
          if (packet !== null) resolve(packet);
        } catch (error) {
          reject(error);
        }
      });
      let sends = 0;
      const send = (): void => {
        sends += 1;
        if (sends > SENDS) reject(new ProbeFailure(DNS_CODES.timeout, "no answer from the resolver"));
        else socket.send(query.bytes);
      };
      // connected: the kernel drops what others send, and tells of a closed port
      socket.connect(port, host, () => {
        if (!open) return;
        send();
        again = setInterval(send, withinMs / SENDS);
      });
    });
  } finally {
    free();
  }
}

/**
 * A datagram as a reply to the query; null when it is none: forged, late, or for another question.
 * @throws ProbeFailure DNS_MALFORMED when it carries the query's number and cannot be read
 */
function readReply(bytes: Buffer, query: Query): DecodedPacket | null {
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== query.id) return null;
  let packet: DecodedPacket;
  try {
    packet = decode(bytes);
  } catch {
    throw new ProbeFailure(DNS_CODES.malformed, "the answer cannot be read");
  }
  const [asked] = packet.questions ?? [];
  // a server that could not read the question may leave it out
  const other = asked !== undefined && asked.name.toLowerCase() !== query.name.toLowerCase();
  return packet.type !== "response" || other ? null : packet;
}

// a message over TCP begins with its length in two bytes (RFC 1035, 4.2.2)
const LENGTH_BYTES = 2;

async function overTcp(attempt: Attempt, resolver: HostAndPort, query: Query): Promise<DecodedPacket> {
  const socket = await openConnection(attempt, { ...resolver, tls: null });
  attempt.phase = "dns";
  return attempt.wait<DecodedPacket>((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("end", () => reject(new ProbeFailure(DNS_CODES.malformed, "the answer over TCP was cut off")));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < LENGTH_BYTES) return;
      const end = LENGTH_BYTES + received.readUInt16BE(0);
      if (received.length < end) return;
      try {
        const packet = readReply(received.subarray(LENGTH_BYTES, end), query);
        if (packet === null)
          reject(new ProbeFailure(DNS_CODES.malformed, "the answer over TCP is to another question"));
        else resolve(packet);
      } catch (error) {
        reject(error);
      }
    });
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(query.bytes.length);
    socket.write(Buffer.concat([length, query.bytes]));
  });
}
