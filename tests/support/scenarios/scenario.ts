import type { Outcome } from "#lib/model/outcome.ts";
import type { CauseKind, FaultKind } from "#lib/model/verdict.ts";
import type { Database } from "#lib/store/client.ts";

import type { Stage, Told } from "./stage.ts";

/** Something that is started and has to be closed again. */
export interface Closable {
  close(): Promise<unknown>;
}

/** What a scenario plays with: whatever it takes through `use` is closed at its end, also when it fails. */
export interface Props {
  readonly db: Database;
  readonly use: <T extends Closable>(starting: T | Promise<T>) => Promise<T>;
}

/** One story with a known cause, played over real sockets. */
export interface Scenario {
  readonly name: string;
  /** The cause by construction. */
  readonly truth: CauseKind;
  /** What the last failure has to be called; what is left out is not asked for. */
  readonly answer?: {
    readonly outcome?: Outcome;
    readonly gateway?: string | null;
    readonly kind?: FaultKind | null;
  };
  /** Takes a network namespace and a packet filter, so root on Linux. */
  readonly namespace?: true;
  play(props: Props): Promise<Stage>;
}

/** Plays a scenario on an empty database, and says what came out. */
export async function play(scenario: Scenario, db: Database): Promise<Told> {
  const used: Closable[] = [];
  const use = async <T extends Closable>(starting: T | Promise<T>): Promise<T> => {
    const started = await starting;
    used.push(started);
    return started;
  };
  try {
    const stage = await scenario.play({ db, use });
    return await stage.tell();
  } finally {
    for (const each of used.toReversed()) await each.close();
  }
}

/** Whether this machine lets us make network namespaces. */
export function canMakeNamespaces(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0;
}
