/**
 * Whether the analysis lives, decided here as the freshness of the feed is.
 *
 * In: what the region says, and the display's time when it came. Out: present, absent, or not
 * known yet. The region says it each second; when it stops saying so, the wall does not go on
 * believing. Never: clocks.
 */
import type { DisplayTime, RegionTime } from '../vitals/index.ts';
import type { AnalystState } from '../wire/index.ts';

/**
 * Nothing heard of the analysis for so long: it is absent. The region takes five seconds to
 * notice a silent analysis, so that at worst a wall says so after nine and a half.
 */
export const ANALYST_SILENCE_MILLIS = 4_500;

/** What a wall says of the analysis. */
export interface AnalystView {
  readonly state: AnalystState | 'unknown';
  /** Since when that is so, by the region's clock; `undefined` where nobody said. */
  readonly since: RegionTime | undefined;
}

/** What was heard of the analysis. */
export class Analyst {
  #said: { readonly state: AnalystState; readonly since: RegionTime; readonly now: RegionTime } | undefined;
  #heardAt: DisplayTime | undefined;

  /** Listens from a moment on; silence counts from here. */
  listen(now: DisplayTime): void {
    this.#heardAt ??= now;
  }

  /** Takes what a new frame of the region says; `said.now` is the region's clock. */
  hear(said: { state: AnalystState; since: RegionTime; now: RegionTime }, now: DisplayTime): void {
    this.#said = said;
    this.#heardAt = now;
  }

  /** How it stands. */
  view(now: DisplayTime): AnalystView {
    const silent = this.#heardAt !== undefined && now - this.#heardAt >= ANALYST_SILENCE_MILLIS;
    if (this.#said === undefined) return { state: silent ? 'absent' : 'unknown', since: undefined };
    const { state, since, now: heard } = this.#said;
    if (silent && state === 'present') return { state: 'absent', since: heard };
    // A region that never had an analysis says so since 1970.
    return { state, since: since > 0 ? since : undefined };
  }
}
