import type { ReactNode } from "react";

/** The head of a page that is not about now: its title and a line below. */
export function PageTitle({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="page-title">
      <div className="wrap">
        <h1>{title}</h1>
        {children}
      </div>
    </div>
  );
}
