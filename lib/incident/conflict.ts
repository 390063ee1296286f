import { GatewatchError } from "#lib/base/errors.ts";

/** The incident is gone, or was never there. */
export function noSuchIncident(): GatewatchError {
  return new GatewatchError("NOT_FOUND", "There is no such incident; it may have been removed meanwhile.");
}

/** Somebody else wrote on the incident since the writer looked at it. */
export function overtaken(): GatewatchError {
  return new GatewatchError(
    "CONFLICT",
    "Somebody else changed this incident while you were writing. Read what they wrote, then send yours again: your text is kept.",
  );
}
