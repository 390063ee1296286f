import { findPage } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

/** The page's time zone: what the clocks of its forms mean. */
export async function pageZone(): Promise<string> {
  return (await findPage(database()))?.timeZone ?? "Etc/UTC";
}
