import type { ReactNode } from "react";

import { CARD, H1 } from "./styles.ts";

/** The frame of the pages in front of the admin area. */
export function Door({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-md content-center gap-6 p-4">
      <div className={`${CARD} grid gap-5`}>
        <h1 className={H1}>{title}</h1>
        {children}
      </div>
      <p className="text-center text-sm">
        <a href="/">To the status page</a>
      </p>
    </main>
  );
}
