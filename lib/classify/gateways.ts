import type { Gateway } from "./clue.ts";
import { EDGE_GATEWAYS } from "./gateways-edge.ts";
import { SERVER_GATEWAYS } from "./gateways-server.ts";

/**
 * The table. A body that only one program writes decides first, in this order; headers, which
 * only tell the nearest hop, come after all bodies. Add an entry with its source, and a case in
 * tests/unit/classify/gateways.test.ts with a real answer.
 */
export const GATEWAYS: readonly Gateway[] = [...EDGE_GATEWAYS, ...SERVER_GATEWAYS];
