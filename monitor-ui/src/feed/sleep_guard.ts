/**
 * Notices that this computer slept, or that the page was held.
 *
 * In: at each look the display's monotonic time, and the calendar of the computer. Out: how long
 * neither looked. The monotonic clock of many computers stands still while they sleep, so what
 * was shown before would seem a moment old; the calendar went on. It may be wrong by years: only
 * how far it goes between two looks is used, and only to doubt what is shown, never to believe it.
 * Never: clocks.
 */
import type { DisplayTime } from '../vitals/index.ts';

/** The calendar went further than the monotonic clock by so much: the computer slept, or was set. */
export const SLEEP_MILLIS_MIN = 2_000;
/** No look for so long: the page was held. Design: ten looks. */
export const HELD_MILLIS_MIN = 2_500;

/** What happened between two looks. */
export type Gap =
  | { readonly kind: 'none' | 'held' }
  /** Milliseconds that the monotonic clock did not count. */
  | { readonly kind: 'slept'; readonly millis: number };

/** Looks at both clocks. */
export class SleepGuard {
  #last: { readonly now: DisplayTime; readonly calendar: number } | undefined;

  /** Takes both clocks, in milliseconds. */
  look(now: DisplayTime, calendar: number): Gap {
    const last = this.#last;
    this.#last = { now, calendar };
    if (last === undefined) return { kind: 'none' };
    const uncounted = calendar - last.calendar - (now - last.now);
    if (uncounted >= SLEEP_MILLIS_MIN) return { kind: 'slept', millis: uncounted };
    return { kind: now - last.now >= HELD_MILLIS_MIN ? 'held' : 'none' };
  }
}
