/** Targets are 44 px and more; text in fields is 16 px, below which phones zoom in on focus. */
const BUTTON =
  "inline-flex min-h-11 cursor-pointer items-center justify-center gap-2 rounded-lg px-4 py-2 text-base font-semibold no-underline disabled:cursor-wait disabled:opacity-60";

export const PRIMARY = `${BUTTON} bg-accent text-paper hover:opacity-90`;
/** The one button of a form: a thumb finds it anywhere across a phone. */
export const WIDE = `${PRIMARY} w-full sm:w-auto`;
export const SECONDARY = `${BUTTON} border border-line-strong bg-card text-ink hover:bg-sunk`;
export const DANGER = `${BUTTON} border border-major bg-card text-major hover:bg-sunk`;

export const INPUT =
  "block w-full min-h-11 rounded-lg border border-line-strong bg-card px-3 py-2 text-base text-ink placeholder:text-ink-faint aria-invalid:border-major aria-invalid:border-2";

export const CARD = "rounded-card border border-line bg-card p-4 sm:p-6";
export const H1 = "text-xl font-bold";
export const H2 = "text-lg font-bold";
export const HINT = "text-sm text-ink-soft";
/** A list in a card: a little air below the heading, none below the last row, which has its own. */
export const ROWS = "mt-2 -mb-2 divide-y divide-line";
/** A link that is a row of a list; its name is underlined, the facts beside it are not. */
export const ROW_LINK =
  "no-underline hover:bg-sunk flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 py-2 text-ink";
export const ROW_NAME = "font-semibold wrap-anywhere underline underline-offset-3 decoration-line-strong";
/** Opens something small in place. */
export const FOLD =
  "inline-flex min-h-11 items-center text-sm underline underline-offset-3 decoration-line-strong before:mr-1.5 before:content-['+']";
/** Opens a part of a page. */
export const FOLD_ROW =
  "flex min-h-11 items-center font-semibold before:mr-2 before:w-3 before:content-['+']";
