import { MessagePage } from "#components/ui/message-page.tsx";

export default function NotFound() {
  return (
    <MessagePage title="There is no such page">
      <p>The address may be mistyped, or what it showed was removed.</p>
      <p>
        <a href="/">Go to the current status</a>
      </p>
    </MessagePage>
  );
}
