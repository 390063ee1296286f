import type { ReactNode } from "react";

import { StatusSprite } from "#components/ui/status-icon.tsx";

const PLACES = [
  { href: "/admin", label: "Now" },
  { href: "/admin/incidents", label: "Incidents" },
  { href: "/admin/maintenance", label: "Maintenance" },
  { href: "/admin/components", label: "Components" },
  { href: "/admin/log", label: "Log" },
  { href: "/admin/deploys", label: "Deploys" },
  { href: "/admin/keys", label: "API keys" },
] as const;
export type Place = (typeof PLACES)[number]["href"];

/** The frame of the admin area: where one is, where one can go, and the way out. */
export function Shell(props: {
  readonly place: Place;
  /** Where this person may not go. */
  readonly closed: readonly Place[];
  readonly person: string;
  readonly signOut: () => Promise<void>;
  readonly children: ReactNode;
}) {
  return (
    <>
      <StatusSprite />
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="border-b border-line bg-card">
        <div className="mx-auto flex max-w-4xl flex-wrap items-center gap-x-4 px-4">
          <nav
            aria-label="Admin area"
            className="order-last -mx-2 flex w-full flex-wrap sm:order-none sm:w-auto sm:grow"
          >
            {PLACES.filter(({ href }) => !props.closed.includes(href)).map(({ href, label }) => (
              <a
                key={href}
                href={href}
                aria-current={href === props.place ? "page" : undefined}
                className="flex min-h-11 items-center border-b-3 border-transparent px-2 text-sm font-semibold text-ink-soft no-underline hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
              >
                {label}
              </a>
            ))}
          </nav>
          <a href="/" className="flex min-h-11 grow items-center text-sm sm:grow-0">
            Status page
          </a>
          <form action={props.signOut} className="flex items-center gap-3 py-1">
            <span className="hidden max-w-48 truncate text-sm text-ink-soft md:block">{props.person}</span>
            <button
              type="submit"
              className="min-h-11 cursor-pointer text-sm underline underline-offset-3 decoration-line-strong"
            >
              Sign out
            </button>
          </form>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto grid max-w-4xl gap-6 px-4 py-6">
        {props.children}
      </main>
    </>
  );
}
