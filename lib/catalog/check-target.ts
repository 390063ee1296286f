import { GatewatchError } from "#lib/base/errors.ts";
import { mentionsVariable } from "#lib/config/placeholders.ts";
import { parseTarget } from "#lib/probe/registry.ts";
import type { Json } from "#lib/store/catalog.ts";

import type { CatalogActor } from "./change.ts";

/**
 * The target as it is stored. Only gatewatch.yaml may name variables of the environment: whoever
 * can write the file can read them anyway, whoever can edit a check in the admin area cannot,
 * and could otherwise have a secret sent to a server of their own.
 * @throws GatewatchError INPUT_INVALID
 */
export function targetToStore(actor: CatalogActor, kind: string, target: unknown): Json {
  // lib/catalog/yaml-check.ts has held it against the schema with the variables' values in place
  if (actor.manages === "yaml" && mentionsVariable(target)) return jsonOf(target);
  if (mentionsVariable(target)) {
    const message =
      "Variables such as ${NAME} work in gatewatch.yaml only; write $${ for the characters themselves.";
    throw new GatewatchError("INPUT_INVALID", message, { problems: [{ path: "target", message }] });
  }
  return jsonOf(parseTarget(kind, target));
}

/** A JSON value without undefined, dates and the like. */
function jsonOf(value: unknown): Json {
  const parsed: Json = JSON.parse(JSON.stringify(value));
  return parsed;
}
