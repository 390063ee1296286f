import type { ReactNode } from "react";

/** Long text in a box of its own, which scrolls from the keyboard as well. */
export function ScrollBox({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to take the focus
      tabIndex={0}
      className="max-h-96 overflow-auto rounded border border-line bg-sunk p-3 font-mono text-xs"
    >
      {children}
    </section>
  );
}

/** The same for text as it is. */
export function TextBox({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <ScrollBox label={label}>
      <pre className="font-mono whitespace-pre-wrap wrap-anywhere">{text}</pre>
    </ScrollBox>
  );
}
