"use client";

import { useEffect, useState } from "react";

import { useAlive } from "#components/ui/time-zone.ts";

import { SECONDARY } from "./styles.ts";

const SHOWN_MS = 3_000;

/** Puts a text on the clipboard and says so. Shown only where scripts run: without them one selects. */
export function CopyButton({ text, label = "Copy" }: { readonly text: string; readonly label?: string }) {
  const alive = useAlive();
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return undefined;
    const timer = setTimeout(() => setSaid(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  if (!alive) return null;
  const copy = async (): Promise<void> => {
    setSaid((await copied(text)) ? "Copied" : "Could not copy; select it instead");
  };
  return (
    <button type="button" className={SECONDARY} onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
    </button>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedTheOldWay(text);
  }
}

/** Browsers have no clipboard for pages on plain http, which is what a status page at home is on. */
function copiedTheOldWay(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "fixed top-0 opacity-0";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
