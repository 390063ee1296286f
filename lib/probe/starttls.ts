import type { Socket } from "node:net";

import type { Attempt } from "./attempt.ts";
import { listen } from "./converse.ts";
import { PROBE_CODES, ProbeFailure } from "./failure.ts";

/** One turn of a conversation: what is said, and how the answer ends and begins when all is well. */
interface Turn {
  readonly say: string | null;
  /** The answer is complete. */
  readonly complete: RegExp;
  /** The answer is a yes. */
  readonly yes: RegExp;
}

// the last line of a reply has a space after its code, the lines before it a hyphen (RFC 5321, 4.2.1)
const SMTP_REPLY = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n/;
const ONE_LINE = /\n/;

/** How each protocol is asked to go over to TLS. */
const DIALOGUES = {
  // RFC 3207
  smtp: [
    { say: null, complete: SMTP_REPLY, yes: /^220/ },
    { say: "EHLO gatewatch.invalid\r\n", complete: SMTP_REPLY, yes: /^250[ -]STARTTLS[ \t\r]*$/im },
    { say: "STARTTLS\r\n", complete: SMTP_REPLY, yes: /^220/ },
  ],
  // RFC 9051, 6.2.1
  imap: [
    { say: null, complete: ONE_LINE, yes: /^\* OK/i },
    { say: "a STARTTLS\r\n", complete: /^a [^\n]*\n/m, yes: /^a OK/im },
  ],
  // RFC 2595, 4
  pop3: [
    { say: null, complete: ONE_LINE, yes: /^\+OK/ },
    { say: "STLS\r\n", complete: ONE_LINE, yes: /^\+OK/ },
  ],
  // postgresql.org/docs/current/protocol-flow.html, "SSL Session Encryption": SSLRequest, then one byte
  postgres: [{ say: "\x00\x00\x00\x08\x04\xd2\x16\x2f", complete: /^[^]/, yes: /^S/ }],
} satisfies Record<string, readonly Turn[]>;

export type StartTls = keyof typeof DIALOGUES;

/** Protocols that begin in the clear and can go over to TLS. */
export const STARTTLS = ["smtp", "imap", "pop3", "postgres"] as const satisfies readonly StartTls[];

/**
 * Asks a server to go over to TLS, up to the point where the handshake begins.
 * @throws ProbeFailure STARTTLS_REFUSED when it will not, or speaks another protocol
 */
export async function askForTls(attempt: Attempt, socket: Socket, protocol: StartTls): Promise<void> {
  const listener = listen(attempt, socket);
  for (const turn of DIALOGUES[protocol]) {
    if (turn.say !== null) socket.write(turn.say, "latin1");
    const answer = await listener.until((heard) => turn.complete.test(heard));
    if (turn.yes.test(answer)) continue;
    throw new ProbeFailure(PROBE_CODES.startTlsRefused, `the server does not go over to TLS (${protocol})`);
  }
  listener.end();
}
