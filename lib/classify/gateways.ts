import type { Gateway } from "./clue.ts";
import { EDGE_GATEWAYS } from "./gateways-edge.ts";
import { PLATFORM_GATEWAYS } from "./gateways-platform.ts";
import { PROXY_GATEWAYS } from "./gateways-proxy.ts";
import { SERVER_GATEWAYS } from "./gateways-server.ts";

/**
 * The table. A body that only one program writes decides first, in this order; headers, which
 * only tell the nearest hop, come after all bodies. Add an entry with its source, and a case in
 * tests/unit/classify/ with a real answer.
 */
export const GATEWAYS: readonly Gateway[] = [
  ...EDGE_GATEWAYS,
  ...PLATFORM_GATEWAYS,
  ...PROXY_GATEWAYS,
  ...SERVER_GATEWAYS,
];
