import { z } from "zod";

import { DAY, MINUTE } from "#lib/base/clock.ts";
import { cleanLine, cleanText } from "#lib/model/text.ts";

export const NAME_MAX = 160;
export const BODY_MAX = 20_000;
const COMPONENTS_MAX = 500;
const LONGEST_MS = 30 * DAY;

export const bodySchema = z
  .string()
  .transform(cleanText)
  .pipe(
    z
      .string()
      .min(1, "Write what visitors should know; one sentence is enough.")
      .max(BODY_MAX, `Use at most ${BODY_MAX} characters.`),
  );

/** What a new maintenance needs. Times are moments; forms read them with `readWindow`. */
export const scheduleMaintenanceSchema = z
  .object({
    name: z
      .string()
      .transform(cleanLine)
      .pipe(
        z
          .string()
          .min(1, "Give the work a short name, e.g. “Database upgrade”.")
          .max(NAME_MAX, `Use at most ${NAME_MAX} characters.`),
      ),
    body: bodySchema,
    scheduledFor: z.date(),
    scheduledUntil: z.date(),
    componentIds: z.array(z.uuid()).max(COMPONENTS_MAX).default([]),
  })
  .superRefine(({ scheduledFor, scheduledUntil }, context) => {
    const length = scheduledUntil.getTime() - scheduledFor.getTime();
    if (length < MINUTE) {
      context.addIssue({
        code: "custom",
        path: ["scheduledUntil"],
        message: "The end must be at least a minute after the start.",
      });
    } else if (length > LONGEST_MS) {
      context.addIssue({
        code: "custom",
        path: ["scheduledUntil"],
        message: "Plan at most 30 days at once.",
      });
    }
  });
export type ScheduleMaintenanceInput = z.input<typeof scheduleMaintenanceSchema>;

/** A word on a maintenance, by somebody who has seen `revision`. */
export const maintenanceNoteSchema = z.object({ revision: z.coerce.number().int().min(1), body: bodySchema });
export type MaintenanceNoteInput = z.input<typeof maintenanceNoteSchema>;

/** A new end, with a word about it. */
export const moveEndSchema = maintenanceNoteSchema.extend({ scheduledUntil: z.date() });
export type MoveEndInput = z.input<typeof moveEndSchema>;
