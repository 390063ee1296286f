"use client";

import { MessagePage } from "#components/ui/message-page.tsx";

import "./globals.css";

/** The last resort, when even the frame of the page could not be built. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <MessagePage title="The status page is broken">
          <p>This says nothing about the services themselves. It is written down in the log of the server.</p>
          <p>
            <a href="?">Try again</a>
          </p>
        </MessagePage>
      </body>
    </html>
  );
}
