import { toComponents } from "#lib/statuspage/map.ts";

import { answerStatuspage } from "../../_answer/statuspage.ts";

export const dynamic = "force-dynamic";

/** Components and groups. */
export function GET(): Promise<Response> {
  return answerStatuspage(({ listing }) => ({ components: toComponents(listing) }));
}
