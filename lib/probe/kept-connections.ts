import type { ClientHttp2Session } from "node:http2";
import type { Socket } from "node:net";

import { MINUTE } from "#lib/base/clock.ts";
import type { CertificateFacts } from "#lib/model/observation.ts";

import type { Endpoint } from "./connect.ts";

/** An open connection, and what was seen when it was made. */
export interface Connection {
  readonly socket: Socket;
  /** Null: HTTP/1.1 is spoken. */
  readonly session: ClientHttp2Session | null;
  readonly endpoint: Endpoint;
  readonly remote: string | null;
  readonly certificate: CertificateFacts | null;
  /** `performance.now()` when it stood. */
  readonly openedAt: number;
}

/** Connections that wait for the next look of their check: one a check. */
export interface KeptConnections {
  /** Takes a check's connection out; null when there is none that still leads to this endpoint. */
  take(checkId: string, endpoint: Endpoint): Connection | null;
  /** Lays a connection by until the check's next look. */
  keep(checkId: string, connection: Connection): void;
  /** Closes what belongs to other checks than these. */
  keepOnly(checkIds: ReadonlySet<string>): void;
  /** Closes all. */
  close(): void;
  readonly size: number;
}

/**
 * A connection is renewed after this, so that a new address, an expired certificate or a firewall rule is
 * seen at last. Milliseconds.
 */
export const MAX_AGE_MS = 5 * MINUTE;

/** A thousand TLS connections hold some 50 MB; beyond, the one that waits longest is closed. */
const MAX_KEPT = 1_000;

interface Entry {
  readonly connection: Connection;
  /** Stops watching it. */
  release(): void;
}

/** Makes an empty store of connections. They never keep the process alive. */
export function createKeptConnections(limit = MAX_KEPT): KeptConnections {
  const entries = new Map<string, Entry>();

  const remove = (checkId: string): Connection | null => {
    const entry = entries.get(checkId);
    if (entry === undefined) return null;
    entries.delete(checkId);
    entry.release();
    return entry.connection;
  };
  const drop = (checkId: string): void => void remove(checkId)?.socket.destroy();

  return {
    take(checkId, endpoint) {
      const connection = remove(checkId);
      if (connection === null) return null;
      const { socket, session, openedAt } = connection;
      const fresh = connection.endpoint === endpoint && performance.now() - openedAt < MAX_AGE_MS;
      if (!fresh || socket.destroyed || session?.closed === true) {
        socket.destroy();
        return null;
      }
      (session ?? socket).ref();
      return connection;
    },
    keep(checkId, connection) {
      drop(checkId);
      for (const oldest of entries.keys()) {
        if (entries.size < limit) break;
        drop(oldest);
      }
      entries.set(checkId, { connection, release: watch(connection, () => drop(checkId)) });
    },
    keepOnly(checkIds) {
      for (const checkId of entries.keys()) if (!checkIds.has(checkId)) drop(checkId);
    },
    close() {
      for (const checkId of entries.keys()) drop(checkId);
    },
    get size() {
      return entries.size;
    },
  };
}

/** Calls back when a waiting connection is no longer good; returns what ends the watching. */
function watch({ socket, session, openedAt }: Connection, gone: () => void): () => void {
  (session ?? socket).unref();
  const timer = setTimeout(gone, Math.max(0, MAX_AGE_MS - (performance.now() - openedAt))).unref();
  // nobody has asked for anything: bytes are a farewell (408) or an answer that belongs to nothing.
  // A session reads its socket itself
  const events = session === null ? ["data", "end", "close"] : ["goaway", "close"];
  const source: NodeJS.EventEmitter = session ?? socket;
  for (const event of events) source.on(event, gone);
  return () => {
    clearTimeout(timer);
    for (const event of events) source.off(event, gone);
  };
}
