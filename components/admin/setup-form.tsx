"use client";

import { useActionState } from "react";

import { FormMessage, SubmitButton, TextField } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";

/** Makes the first owner; the token is the one of the link that led here. */
export function SetupForm({ action, token }: { readonly action: FormAction; readonly token: string }) {
  const [state, send] = useActionState(action, FRESH_FORM);
  return (
    <form action={send} className="grid gap-4">
      <FormMessage state={state} />
      <input type="hidden" name="token" value={token} />
      <TextField state={state} name="name" label="Your name" autoComplete="name" required maxLength={80} />
      <TextField
        state={state}
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        required
      />
      <TextField
        state={state}
        name="password"
        type="password"
        label="Password"
        autoComplete="new-password"
        hint="At least 12 characters. A few unrelated words are fine."
        required
      />
      <SubmitButton>Become the owner</SubmitButton>
    </form>
  );
}
