import { GatewatchError } from "#lib/base/errors.ts";

/** Where a page ended: the sort key of its last row. */
export interface Position {
  readonly startedAt: Date;
  readonly id: string;
}

const SHAPE = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A position as an opaque text that fits a query string. */
export function encodeCursor({ startedAt, id }: Position): string {
  return Buffer.from(`${startedAt.getTime()}.${id}`).toString("base64url");
}

/** @throws GatewatchError INPUT_INVALID for anything that `encodeCursor` did not make */
export function decodeCursor(cursor: string): Position {
  const [, at, id] = SHAPE.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (at === undefined || id === undefined) {
    const message = "takes the `next` of the page before, unchanged";
    throw new GatewatchError("INPUT_INVALID", `cursor: ${message}`, {
      problems: [{ path: "cursor", message }],
    });
  }
  return { startedAt: new Date(Number(at)), id };
}
