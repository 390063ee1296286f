import type { ReactNode } from "react";

/** A small label beside a name. */
export function Tag({ children }: { children: ReactNode }) {
  return <span className="tag">{children}</span>;
}

/** Marks what belongs to the sample, wherever it shows. */
export function SampleTag({ shown }: { shown: boolean }) {
  return shown ? <Tag>sample data</Tag> : null;
}
