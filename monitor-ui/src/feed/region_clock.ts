/**
 * What time it is at the region, by what its frames say.
 *
 * In: the `now` of each frame and the display's monotonic time when it came. Out: the region's
 * time at any display time, and whether a frame is new or a replay of an old one.
 *
 * A frame can be delayed but never come before it was made, so of all recent frames the one
 * that puts the region furthest ahead was delayed least and is believed.
 */
import { regionTime } from '../vitals/index.ts';
import type { DisplayTime, RegionTime } from '../vitals/index.ts';

/** Least delay is looked for among the frames of so many milliseconds. */
const WINDOW_MILLIS = 30_000;
/** The window is kept as so many slices, so that it slides without keeping every frame. */
const SLICES = 6;
/** A frame that is made so long before the believed time is old: delayed, or replayed. */
export const OLD_FRAME_MILLIS = 3_000;

interface Slice {
  readonly index: number;
  /** Region µs at display time zero, by the least delayed frame of the slice. */
  readonly offset: number;
}

/** An estimate of the region's clock for one connection. */
export class RegionClock {
  #slices: readonly Slice[] = [];
  #offset: number | undefined;

  /**
   * Forgets the window, at a new connection: the region may have come back with another clock.
   * The last estimate is shown until the first frame replaces it.
   */
  reconnect(): void {
    this.#slices = [];
  }

  /** Takes the `now` of a frame; says whether the frame is new, or too old to prove life. */
  observe(now: RegionTime, at: DisplayTime): 'new' | 'old' {
    const offset = now - at * 1000;
    const index = Math.floor(at / (WINDOW_MILLIS / SLICES));
    const kept = this.#slices.filter((slice) => slice.index > index - SLICES);
    const last = kept.at(-1);
    if (last?.index === index) {
      this.#slices = [...kept.slice(0, -1), { index, offset: Math.max(last.offset, offset) }];
    } else {
      this.#slices = [...kept, { index, offset }];
    }
    this.#offset = Math.max(...this.#slices.map((slice) => slice.offset));
    return this.#offset - offset > OLD_FRAME_MILLIS * 1000 ? 'old' : 'new';
  }

  /** The region's time at a display time; `undefined` before the first frame. */
  at(display: DisplayTime): RegionTime | undefined {
    return this.#offset === undefined ? undefined : regionTime(this.#offset + display * 1000);
  }
}
