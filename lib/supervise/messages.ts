import type { ErrorCode } from "#lib/base/errors.ts";

/** What a supervisor tells its child over the IPC channel. */
export interface StopMessage {
  readonly gatewatch: "stop";
  /** How long the child may take to finish what it is doing. */
  readonly withinMs: number;
}

/** What a child tells its supervisor. */
export type ChildMessage =
  | { readonly gatewatch: "ready"; readonly detail: string }
  | { readonly gatewatch: "failed"; readonly message: string; readonly code?: ErrorCode };

export function isStopMessage(message: unknown): message is StopMessage {
  return (
    hasTag(message) &&
    message.gatewatch === "stop" &&
    "withinMs" in message &&
    typeof message.withinMs === "number"
  );
}

export function isChildMessage(message: unknown): message is ChildMessage {
  return hasTag(message) && (message.gatewatch === "ready" || message.gatewatch === "failed");
}

function hasTag(message: unknown): message is { gatewatch: unknown } {
  return typeof message === "object" && message !== null && "gatewatch" in message;
}
