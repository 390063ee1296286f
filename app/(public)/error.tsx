"use client";

import { MessagePage } from "#components/ui/message-page.tsx";

/** What is seen when a page could not be built; the reason is in the log, not here. */
export default function PublicError() {
  return (
    <MessagePage title="The status could not be read">
      <p>This says nothing about the services themselves: the status page has trouble of its own.</p>
      <p>
        <a href="?">Try again</a>
      </p>
    </MessagePage>
  );
}
