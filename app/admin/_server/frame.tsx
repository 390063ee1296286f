import type { ReactNode } from "react";

import { Shell, type Place } from "#components/admin/shell.tsx";
import { NowProvider } from "#components/ui/now.tsx";
import type { SignedInUser } from "#lib/auth/access.ts";
import { may } from "#lib/auth/permissions.ts";
import { systemClock } from "#lib/base/clock.ts";

import { signOutAction } from "../actions.ts";

/** A page of the admin area for somebody who passed `requireUser`. */
export function Frame({ user, place, children }: { user: SignedInUser; place: Place; children: ReactNode }) {
  return (
    <NowProvider renderedAt={systemClock.now()}>
      <Shell
        place={place}
        closed={may(user.role, "key.write") ? [] : ["/admin/keys"]}
        person={user.name}
        signOut={signOutAction}
      >
        {children}
      </Shell>
    </NowProvider>
  );
}
