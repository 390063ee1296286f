import { CARD, H2, HINT } from "./styles.ts";

const CODE = "block wrap-anywhere rounded-lg bg-sunk p-3 text-sm select-all";

/** The address that a job calls, to be copied as it stands; whoever has it can report in the job's name. */
export function PushAddress({ link }: { readonly link: string }) {
  return (
    <section className={`${CARD} grid gap-3`} aria-labelledby="push-address">
      <h2 id="push-address" className={H2}>
        The job calls
      </h2>
      <code className={CODE}>{link}</code>
      <p className={HINT}>At its end, when all went well; and when it did not:</p>
      <code className={CODE}>{`curl -fsS -X POST "${link}"`}</code>
      <code className={CODE}>{`curl -fsS -X POST "${link}?status=down&message=disk+full"`}</code>
      <p className={HINT}>
        Keep it as you would a password: who knows it can report in the job’s name. A new GATEWATCH_SECRET
        makes a new address.
      </p>
    </section>
  );
}
