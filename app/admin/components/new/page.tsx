import type { Metadata } from "next";

import { ComponentForm } from "#components/admin/component-form.tsx";
import { CARD, H1 } from "#components/admin/styles.ts";

import { Frame } from "../../_server/frame.tsx";
import { requireUser } from "../../_server/session.ts";
import { newComponentAction } from "../actions.ts";
import { groupOptions } from "../groups.ts";

export const metadata: Metadata = { title: "Add component" };

const BLANK = {
  name: "",
  description: "",
  groupId: "",
  showcase: true,
  onlyShowIfDegraded: false,
  dependsOn: "",
};

export default async function NewComponentPage() {
  const user = await requireUser("catalog.write", "/admin/components/new");
  return (
    <Frame user={user} place="/admin/components">
      <h1 className={H1}>Add component</h1>
      <div className={CARD}>
        <ComponentForm
          action={newComponentAction}
          defaults={BLANK}
          groups={await groupOptions()}
          button="Add component"
        />
      </div>
    </Frame>
  );
}
