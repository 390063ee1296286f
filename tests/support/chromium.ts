import { existsSync } from "node:fs";

const DEBIAN = "/usr/bin/chromium";

/** Launch options: Debian's chromium when it is there, otherwise Playwright looks for its own. */
export function systemChromium(): { executablePath?: string } {
  return existsSync(DEBIAN) ? { executablePath: DEBIAN } : {};
}
