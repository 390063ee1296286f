import { z } from "zod";

/** The same bounds as GATEWATCH_ADMIN_PASSWORD and Better Auth's own check. */
export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 128;

/** An e-mail address as it is stored: trimmed, lower-case. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "Use an address of at most 254 characters.")
  .pipe(z.email("Enter an e-mail address such as name@example.com."));

/** A new password. Length is what counts; nobody is made to add a digit. */
export const newPasswordSchema = z
  .string()
  .min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters; a few unrelated words are fine.`)
  .max(PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters.`)
  .refine((password) => new Set(password).size >= 5, "Use at least five different characters.");

/** What the setup page asks for. */
export const ownerSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Enter your name; colleagues see it beside your updates.")
    .max(80, "Use at most 80 characters."),
  email: emailSchema,
  password: newPasswordSchema,
});
export type OwnerInput = z.infer<typeof ownerSchema>;
