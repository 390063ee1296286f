import ora from "ora";

/** Says what takes a while: a spinner on a terminal, a line when it begins and one when it ends otherwise. */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const took = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  if (!process.stdout.isTTY) {
    process.stdout.write(`${what} …\n`);
    const result = await work();
    process.stdout.write(`${what}: done in ${took()}\n`);
    return result;
  }
  const spinner = ora({ text: what, stream: process.stdout, discardStdin: false }).start();
  const ticking = setInterval(
    () => (spinner.text = `${what} (${Math.round((performance.now() - began) / 1000)} s)`),
    1_000,
  );
  try {
    const result = await work();
    spinner.succeed(`${what} (${took()})`);
    return result;
  } catch (error) {
    spinner.fail(what);
    throw error;
  } finally {
    clearInterval(ticking);
  }
}
