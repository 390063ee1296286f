"use client";

import type { ReactNode } from "react";

import type { PublicPageInfo } from "#lib/public/types.ts";
import { Logo } from "#components/ui/logo.tsx";
import { NowProvider } from "#components/ui/now.tsx";
import { StatusSprite } from "#components/ui/status-icon.tsx";
import { useTimeZone } from "#components/ui/time-zone.ts";

const TEXT = {
  skip: "Skip to the content",
  support: "Get help",
  powered: "Powered by Gatewatch",
  sample:
    "Some of what this page shows is sample data: real checks of a small demo behind a proxy that fails on purpose, and a generated history.",
  noScript: "This page does not update by itself without JavaScript.",
} as const;

/** The pages of the navigation. */
const PAGES = [
  { key: "status", href: "/", name: "Status" },
  { key: "errors", href: "/errors", name: "502/504 history" },
] as const;
export type NavKey = (typeof PAGES)[number]["key"] | null;

interface PageFrameProps {
  readonly page: PublicPageInfo;
  /** Title of the document; the page's name is added. */
  readonly title: string;
  readonly current: NavKey;
  /** Epoch milliseconds of the server's render. */
  readonly renderedAt: number;
  readonly sample: boolean;
  /** What changed, for screen readers; "" when nothing did. */
  readonly news?: string;
  readonly children: ReactNode;
}

/** What all public pages share: title, header, footer, clock and live region. */
export function PageFrame({ page, title, current, renderedAt, sample, news = "", children }: PageFrameProps) {
  return (
    <NowProvider renderedAt={renderedAt}>
      <title>{`${title} · ${page.name}`}</title>
      <a className="skip" href="#content">
        {TEXT.skip}
      </a>
      <StatusSprite />
      <Header page={page} current={current} />
      <main id="content" tabIndex={-1}>
        {children}
        {sample ? (
          <p className="wrap sample-note">
            <b>Sample data.</b> {TEXT.sample}
          </p>
        ) : null}
      </main>
      <Footer page={page} />
      <output className="sr-only">{news}</output>
    </NowProvider>
  );
}

function Header({ page, current }: { page: PublicPageInfo; current: NavKey }) {
  return (
    <header className="wrap head">
      <a className="brand" href="/">
        <Logo />
        {page.name}
      </a>
      <nav aria-label="Pages">
        <ul>
          {PAGES.map(({ key, href, name }) => (
            <li key={key}>
              <a href={href} aria-current={key === current ? "page" : undefined}>
                {name}
              </a>
            </li>
          ))}
          {page.supportUrl === null ? null : (
            <li>
              <a href={page.supportUrl} rel="noopener">
                {TEXT.support}
              </a>
            </li>
          )}
        </ul>
      </nav>
    </header>
  );
}

function Footer({ page }: { page: PublicPageInfo }) {
  const zone = useTimeZone();
  return (
    <footer className="foot">
      <div className="wrap">
        <details>
          <summary>How uptime is counted</summary>
          <p>
            Uptime = 1 − (time in major outage + 0.3 × time in partial outage) ÷ (whole time − maintenance −
            time without data). Degraded performance counts as up. A day is a UTC day; its mark shows the
            worst of the day.
          </p>
        </details>
        <p>
          Times: {zone.replaceAll("_", " ")}. <a href="/api/v2/summary.json">JSON</a>
          {page.url === null ? null : (
            <>
              {" "}
              <a href={page.url}>{page.url.replace(/^https?:\/\//, "").replace(/\/$/, "")}</a>
            </>
          )}
        </p>
        <noscript>
          <p>
            {TEXT.noScript} <a href="?">Load the current state</a>
          </p>
        </noscript>
        <p className="powered">
          <Logo /> {TEXT.powered}
        </p>
      </div>
    </footer>
  );
}
