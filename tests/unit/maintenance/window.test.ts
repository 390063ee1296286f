import { describe, expect, test } from "vitest";

import { dueStep } from "#lib/maintenance/advance.ts";
import { readWindow } from "#lib/maintenance/window.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 5, 1, 12, minute));

describe("the window that somebody entered", () => {
  test("across the change to summer time a night is an hour shorter", () => {
    expect(readWindow("2026-03-29T01:00", "2026-03-29T05:00", "Europe/Berlin")).toEqual({
      scheduledFor: new Date("2026-03-29T00:00:00Z"),
      scheduledUntil: new Date("2026-03-29T03:00:00Z"),
    });
  });

  test("inside the hour that comes twice it covers both", () => {
    expect(readWindow("2026-10-25T02:15", "2026-10-25T02:45", "Europe/Berlin")).toEqual({
      scheduledFor: new Date("2026-10-25T00:15:00Z"),
      scheduledUntil: new Date("2026-10-25T01:45:00Z"),
    });
  });

  test("a time that never is gets a sentence at its own field", () => {
    const reading = readWindow("2026-03-29T02:30", "", "Europe/Berlin");
    expect(reading).toEqual({
      problems: [
        { path: "scheduledFor", message: expect.stringContaining("does not exist in Europe/Berlin") },
        { path: "scheduledUntil", message: "Enter a date and a time." },
      ],
    });
  });
});

describe("the step that is due", () => {
  const planned = {
    status: "scheduled",
    scheduledFor: at(10),
    scheduledUntil: at(20),
    startedAt: null,
  } as const;
  const begun = { ...planned, status: "in_progress", startedAt: at(10) } as const;

  test("nothing before the start", () => expect(dueStep(planned, at(9))).toBeNull());
  test("it begins on the minute", () =>
    expect(dueStep(planned, at(10))?.change).toEqual({ status: "in_progress", startedAt: at(10) }));
  test("nothing while it runs", () => expect(dueStep(begun, at(19))).toBeNull());
  test.each(["in_progress", "verifying"] as const)("%s ends on the minute", (status) =>
    expect(dueStep({ ...begun, status }, at(20))?.change).toEqual({
      status: "completed",
      startedAt: at(10),
      completedAt: at(20),
    }),
  );
  test("one that everybody slept through is completed with its announced start", () =>
    expect(dueStep(planned, at(25))?.change).toEqual({
      status: "completed",
      startedAt: at(10),
      completedAt: at(25),
    }));
  test("what is over stays over", () =>
    expect(dueStep({ ...begun, status: "completed" }, at(30))).toBeNull());
});
