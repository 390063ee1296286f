"use client";

import { useActionState } from "react";

import { FormMessage, SubmitButton, TextField } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";

/** Address and password; `next` is where to go afterwards. */
export function SignInForm({ action, next }: { readonly action: FormAction; readonly next: string }) {
  const [state, send] = useActionState(action, FRESH_FORM);
  return (
    <form action={send} className="grid gap-4">
      <FormMessage state={state} />
      <input type="hidden" name="next" value={next} />
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
        autoComplete="current-password"
        required
      />
      <SubmitButton>Sign in</SubmitButton>
    </form>
  );
}
