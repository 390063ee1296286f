import type { ComponentStatus } from "#lib/model/status.ts";

/** Shapes differ as much as colours do: a ring with a tick, a wave, a half, a cross, a spanner, a question. */
const SHAPES: Readonly<Record<ComponentStatus, string>> = {
  operational:
    "M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2zm3.7 5.1-4.4 5-3-2.8 1.1-1.2 1.8 1.7 3.3-3.8z",
  degraded_performance: "M8 1 15.6 14.5H.4zM7.1 5.8v4.4h1.8V5.8zm0 5.4v1.7h1.8v-1.7z",
  partial_outage: "M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2zM8 3v10A5 5 0 0 1 8 3z",
  major_outage:
    "M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5zm.7 3.6L4.4 5.7 6.7 8l-2.3 2.3 1.3 1.3L8 9.3l2.3 2.3 1.3-1.3L9.3 8l2.3-2.3-1.3-1.3L8 6.7z",
  under_maintenance:
    "M13.9 4.2 11.7 6.4 9.9 6 9.5 4.2 11.8 2A4.3 4.3 0 0 0 6.3 7.3L1.5 12a1.8 1.8 0 0 0 2.5 2.5l4.8-4.8a4.3 4.3 0 0 0 5.1-5.5z",
  unknown:
    "M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2zM7.1 9.5c0-2.2 1.9-2.2 1.9-3.4 0-.6-.4-1-1.1-1-.7 0-1.2.4-1.3 1.2L4.9 6C5.1 4.4 6.3 3.5 8 3.5s2.9 1 2.9 2.5c0 2.1-2 2.2-2 3.5zm-.1 1.2H9v1.8H7z",
};

/** The id of a shape in the sprite. */
const SPRITE_IDS: Readonly<Record<ComponentStatus, string>> = {
  operational: "so",
  degraded_performance: "sd",
  partial_outage: "sp",
  major_outage: "sm",
  under_maintenance: "sw",
  unknown: "su",
};

/** Every shape once a page; each icon then costs one reference. */
export function StatusSprite() {
  return (
    <svg className="hidden" aria-hidden="true">
      {(Object.keys(SHAPES) as ComponentStatus[]).map((status) => (
        <symbol key={status} id={SPRITE_IDS[status]} viewBox="0 0 16 16">
          <path fillRule="evenodd" d={SHAPES[status]} />
        </symbol>
      ))}
    </svg>
  );
}

/** A status as a drawing. Say the status in words beside it; this one is hidden from screen readers. */
export function StatusIcon({ status }: { status: ComponentStatus }) {
  return (
    <svg className="icon" aria-hidden="true">
      <use href={`#${SPRITE_IDS[status]}`} />
    </svg>
  );
}
