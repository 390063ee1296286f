/** Targets are 44 px and more; text in fields is 16 px, below which phones zoom in on focus. */
const BUTTON =
  "inline-flex min-h-11 cursor-pointer items-center justify-center gap-2 rounded-lg px-4 py-2 text-base font-semibold no-underline disabled:cursor-wait disabled:opacity-60";

export const PRIMARY = `${BUTTON} bg-accent text-paper hover:opacity-90`;
export const SECONDARY = `${BUTTON} border border-line-strong bg-card text-ink hover:bg-sunk`;
export const DANGER = `${BUTTON} border border-major bg-card text-major hover:bg-sunk`;

export const INPUT =
  "block w-full min-h-11 rounded-lg border border-line-strong bg-card px-3 py-2 text-base text-ink placeholder:text-ink-faint aria-invalid:border-major aria-invalid:border-2";

export const CARD = "rounded-card border border-line bg-card p-4 sm:p-6";
export const H1 = "text-xl font-bold";
export const H2 = "text-lg font-bold";
export const HINT = "text-sm text-ink-soft";
/** A link that is a row of a list. */
export const ROW_LINK = "flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 py-2 text-ink";
