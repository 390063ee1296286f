import { z } from "zod";

import { INCIDENT_STATUSES, SETTABLE_STATUSES } from "#lib/model/status.ts";
import { cleanLine, cleanText } from "#lib/model/text.ts";

export const NAME_MAX = 160;
/** Some four printed pages: enough for a postmortem, and bounded. */
export const BODY_MAX = 20_000;
const COMPONENTS_MAX = 500;

export const nameSchema = z
  .string()
  .transform(cleanLine)
  .pipe(
    z
      .string()
      .min(1, "Give the incident a short name, e.g. “Checkout fails for some visitors”.")
      .max(NAME_MAX, `Use at most ${NAME_MAX} characters.`),
  );

export const bodySchema = z
  .string()
  .transform(cleanText)
  .pipe(
    z
      .string()
      .min(1, "Write what visitors should know; one sentence is enough.")
      .max(BODY_MAX, `Use at most ${BODY_MAX} characters.`),
  );

const componentsSchema = z
  .array(z.object({ id: z.uuid(), status: z.enum(SETTABLE_STATUSES) }))
  .max(COMPONENTS_MAX)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, "Name each component once.")
  .default([]);

/** What a new incident needs. A resolved one is not opened: that would be a note about the past. */
export const openIncidentSchema = z.object({
  name: nameSchema,
  status: z.enum(["investigating", "identified", "monitoring"]),
  body: bodySchema,
  components: componentsSchema,
});
export type OpenIncidentInput = z.input<typeof openIncidentSchema>;

/** One more update. `revision` is the one its author has seen. */
export const updateIncidentSchema = z.object({
  revision: z.coerce.number().int().min(1),
  status: z.enum(INCIDENT_STATUSES),
  body: bodySchema,
  components: componentsSchema,
});
export type UpdateIncidentInput = z.input<typeof updateIncidentSchema>;

/** A corrected name, or the corrected text of one update. */
export const renameIncidentSchema = z.object({ revision: z.coerce.number().int().min(1), name: nameSchema });
export type RenameIncidentInput = z.input<typeof renameIncidentSchema>;
export const rewriteUpdateSchema = z.object({
  revision: z.coerce.number().int().min(1),
  updateId: z.uuid(),
  body: bodySchema,
});
export type RewriteUpdateInput = z.input<typeof rewriteUpdateSchema>;
