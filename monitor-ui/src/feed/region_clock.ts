/**
 * What time it is at the region, by what its frames say.
 *
 * In: the `now` of each frame and the display's monotonic time when it came. Out: the region's
 * time at any display time, and how far a frame lags behind it: a replay lags for ever.
 *
 * A frame can be delayed but never come before it was made, so of all recent frames the one
 * that puts the region furthest ahead was delayed least and is believed. A frame that lags too
 * far is not believed at all, so that no number of old frames ever becomes the present.
 */
import { regionTime } from '../vitals/index.ts';
import type { DisplayTime, RegionTime } from '../vitals/index.ts';

/** Least delay is looked for among the frames of so many milliseconds. */
const WINDOW_MILLIS = 30_000;
/** The window is kept as so many slices, so that it slides without keeping every frame. */
const SLICES = 6;
/** A frame that is made so long before the believed time is old: delayed, or replayed. */
export const OLD_FRAME_MILLIS = 3_000;
/**
 * How much two clocks may come apart while nothing is heard, as a share of that time. Design: a
 * clock that is being corrected over a network is turned by at most 500 millionths.
 */
export const DRIFT_MAX = 500e-6;

interface Slice {
  readonly index: number;
  /** Region µs at display time zero, by the least delayed frame of the slice. */
  readonly offset: number;
}

/** A frame held against the believed time. */
export interface Observed {
  readonly kind: 'new' | 'old';
  /** By how many milliseconds the frame was made before the region's believed time; never negative. */
  readonly lagMillis: number;
}

/** An estimate of the region's clock. */
export class RegionClock {
  #slices: readonly Slice[] = [];
  #offset: number | undefined;
  #believedAt = 0;
  /** Newest `now` that was believed; after {@link RegionClock.forget} nothing before it is. */
  #newest: RegionTime | undefined;
  #bound: 'by the estimate' | 'by the newest' | 'by nothing' = 'by nothing';

  /** Forgets the window, at a new connection: its frames may be delayed differently. */
  reconnect(): void {
    this.#slices = [];
  }

  /**
   * Forgets how the two clocks stood, because this one stood still for a while. The last estimate
   * is shown until a frame replaces it that was made after all that were believed.
   */
  forget(): void {
    this.#slices = [];
    if (this.#bound === 'by the estimate') this.#bound = 'by the newest';
  }

  /** Whether a frame with this `now` is old: no proof of anything, whatever it brings. */
  isOld(now: RegionTime, at: DisplayTime): boolean {
    if (this.#bound === 'by the newest') return now <= (this.#newest ?? 0);
    const tolerance = OLD_FRAME_MILLIS + DRIFT_MAX * Math.max(0, at - this.#believedAt);
    return this.#lagMillis(now, at) > tolerance;
  }

  /** Takes the `now` of a frame; an old frame leaves no trace in the estimate. */
  observe(now: RegionTime, at: DisplayTime): Observed {
    const lagMillis = this.#lagMillis(now, at);
    if (this.isOld(now, at)) return { kind: 'old', lagMillis };
    this.#bound = 'by the estimate';
    this.#believedAt = at;
    this.#newest = this.#newest === undefined || now > this.#newest ? now : this.#newest;
    this.#keep(now - at * 1000, Math.floor(at / (WINDOW_MILLIS / SLICES)));
    return { kind: 'new', lagMillis };
  }

  /** The region's time at a display time; `undefined` before the first frame. */
  at(display: DisplayTime): RegionTime | undefined {
    return this.#offset === undefined ? undefined : regionTime(this.#offset + display * 1000);
  }

  #lagMillis(now: RegionTime, at: DisplayTime): number {
    const newest = this.#newest;
    if (this.#offset === undefined || newest === undefined) return 0;
    if (this.#bound === 'by the newest') return Math.max(0, (newest - now) / 1000);
    return Math.max(0, (this.#offset + at * 1000 - now) / 1000);
  }

  #keep(offset: number, index: number): void {
    const kept = this.#slices.filter((slice) => slice.index > index - SLICES);
    const last = kept.at(-1);
    if (last?.index === index) {
      this.#slices = [...kept.slice(0, -1), { index, offset: Math.max(last.offset, offset) }];
    } else {
      this.#slices = [...kept, { index, offset }];
    }
    this.#offset = Math.max(...this.#slices.map((slice) => slice.offset));
  }
}
