import type { ReactNode } from "react";

import { Logo } from "./logo.tsx";

/** A page that only has something to say: not found, or broken. Needs no data. */
export function MessagePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="message">
      <title>{title}</title>
      <Logo />
      <h1>{title}</h1>
      {children}
    </main>
  );
}
