import { toStatus } from "#lib/statuspage/map.ts";

import { answerStatuspage } from "../../_answer/statuspage.ts";

export const dynamic = "force-dynamic";

/** The banner alone. */
export function GET(): Promise<Response> {
  return answerStatuspage(({ listing }) => ({ status: toStatus(listing.indicator) }));
}
