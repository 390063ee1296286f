"use client";

import { useState, type KeyboardEvent, type PointerEvent } from "react";

import { MINUTE } from "#lib/base/clock.ts";
import type { PublicComponent } from "#lib/public/types.ts";
import { useAlive } from "#components/ui/time-zone.ts";

import { BAR_HEIGHT, barPaths, barWidth, dayAfterKey, dayAt, dayLetter, LETTER_TONES } from "./bar-paths.ts";
import { addDays, formatDay, formatDuration } from "./format.ts";
import { barSummary, DAY_WORDS } from "./words.ts";

/**
 * A row of days. Without JavaScript it is a picture with a summary; with it, pointer, touch and
 * arrow keys walk through the days, and one label at a time says what a day was like.
 */
export function DayBar({ component, firstDay }: { component: PublicComponent; firstDay: string }) {
  const [day, setDay] = useState<number | null>(null);
  const alive = useAlive();
  const days = component.days.length;
  const point = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    setDay(dayAt(event.clientX - box.left, box.width, days));
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape") setDay(null);
    const next = dayAfterKey(event.key, day, days);
    if (next === null) return;
    event.preventDefault();
    setDay(next);
  };
  const leave = (): void => setDay(null);
  if (!alive || days === 0) {
    return (
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an image file would be one request a component
      <div className="bar" role="img" aria-label={barSummary(component)}>
        <Ticks letters={component.days} />
      </div>
    );
  }
  return (
    <div
      className="bar"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a range input cannot hold the drawing
      role="slider"
      tabIndex={0}
      aria-label={`${component.name}, ${barSummary(component)}`}
      aria-valuemin={1}
      aria-valuemax={days}
      aria-valuenow={(day ?? days - 1) + 1}
      aria-valuetext={dayText(component, firstDay, day ?? days - 1)}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={leave}
      onKeyDown={press}
      onBlur={leave}
    >
      <Ticks letters={component.days} />
      {day === null ? null : <DayLabel component={component} firstDay={firstDay} day={day} />}
    </div>
  );
}

function Ticks({ letters }: { letters: string }) {
  return (
    <svg
      viewBox={`0 0 ${barWidth(letters.length)} ${BAR_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {barPaths(letters).map(({ letter, d }) => (
        <path key={letter} className={LETTER_TONES[letter]} d={d} />
      ))}
    </svg>
  );
}

function affected(component: PublicComponent, day: number): string {
  const minutes = component.trouble.find((trouble) => trouble.day === day)?.minutes ?? 0;
  return minutes === 0 ? "" : formatDuration(minutes * MINUTE);
}

function dayText(component: PublicComponent, firstDay: string, day: number): string {
  const words = DAY_WORDS[dayLetter(component.days, day)];
  const time = affected(component, day);
  return `${formatDay(addDays(firstDay, day), "day")}: ${words}${time === "" ? "" : `, ${time}`}`;
}

function DayLabel({
  component,
  firstDay,
  day,
}: {
  component: PublicComponent;
  firstDay: string;
  day: number;
}) {
  const letter = dayLetter(component.days, day);
  const time = affected(component, day);
  const share = (day + 0.5) / component.days.length;
  return (
    <>
      <span className="bar-cursor" style={{ left: `${share * 100}%` }} />
      <span
        className="bar-label"
        aria-hidden="true"
        style={{ left: `${share * 100}%`, translate: `${-share * 100}% 0` }}
      >
        <b>{formatDay(addDays(firstDay, day), "day")}</b>
        <span className={LETTER_TONES[letter]}>{DAY_WORDS[letter]}</span>
        {time === "" ? null : <span>{time}</span>}
      </span>
    </>
  );
}
