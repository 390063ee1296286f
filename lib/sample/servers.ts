import { systemClock, SECOND, type Clock } from "#lib/base/clock.ts";

import { SAMPLE_COMPONENTS } from "./cast.ts";
import { startOrigin } from "./origin.ts";
import { startProxy } from "./proxy.ts";
import { faultAt } from "./script.ts";

export interface SampleServers {
  /** Of the proxy: `http://127.0.0.1:…`; a component answers under `/<slug>`. */
  readonly address: string;
  /** Has every origin do what the script says for now; the servers do it themselves each second. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the sample's origins and the proxy in front of them, and plays the script.
 * @param clock the script counts from the moment of this call
 */
export async function startSampleServers(clock: Clock = systemClock): Promise<SampleServers> {
  const startedAt = clock.now();
  const origins = new Map(
    await Promise.all(
      SAMPLE_COMPONENTS.map(
        async ({ slug, name, latencyMs }) => [slug, await startOrigin(name, latencyMs)] as const,
      ),
    ),
  );
  const proxy = await startProxy((slug) => origins.get(slug)?.port);
  const play = async (): Promise<void> => {
    const elapsed = clock.now() - startedAt;
    await Promise.all([...origins].map(([slug, origin]) => origin.behave(faultAt(slug, elapsed))));
  };
  let following = Promise.resolve();
  // one after the other: stopping and starting to listen must not overlap
  const follow = (): Promise<void> => (following = following.then(play));
  const timer = setInterval(() => void follow(), SECOND);
  return {
    address: `http://127.0.0.1:${proxy.port}`,
    follow,
    close: async () => {
      clearInterval(timer);
      await following;
      await Promise.all([proxy.close(), ...[...origins.values()].map((origin) => origin.close())]);
    },
  };
}
