import { parseSetCookieHeader, toCookieOptions } from "better-auth/cookies";
import { cookies } from "next/headers";

/** Hands Better Auth's cookies to the browser; only actions and handlers may set any. */
export async function passOnCookies(setCookies: readonly string[]): Promise<void> {
  const store = await cookies();
  for (const header of setCookies) {
    for (const [name, cookie] of parseSetCookieHeader(header)) {
      store.set(name, cookie.value, toCookieOptions(cookie));
    }
  }
}
