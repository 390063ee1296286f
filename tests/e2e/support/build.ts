import { build, buildIsMissing } from "../../../bin/parts/build.ts";

/** One build for all stories; the products that they start find it up to date. */
export default async function setup(): Promise<void> {
  if (await buildIsMissing()) await build(AbortSignal.timeout(300_000));
}
