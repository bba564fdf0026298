/** One second of one monitor, and columns of many of them. */
import type { Activity, Bpm } from './unit.ts';
import type { Channel, Transducers } from './channel.ts';
import type { Reading } from './reading.ts';

/** Ticks in a second: the devices count 250 ms. */
export const TICKS_PER_SECOND = 4;

/** What holds for a whole second; bits of the wire. */
export const Flag = {
  coincidence: 1 << 0,
  twinOffset: 1 << 1,
  movementProfile: 1 << 2,
  telemetry: 1 << 3,
  decgLogic: 1 << 4,
  ticksInserted: 1 << 5,
  ticksDeleted: 1 << 6,
  eventMark: 1 << 7,
  reservedBit: 1 << 8,
  refusedBefore: 1 << 9,
} as const;
/** All bits of {@link Flag} that have a meaning. */
export const FLAGS_KNOWN = (1 << 10) - 1;

/** How a second came to the wall. */
export const Arrival = {
  /** From the region's memory, because the wall has just come. */
  history: 1 << 0,
  /** Later than live: stored at the bridge while the link was down. */
  late: 1 << 1,
  /** Seconds before it are missing and may still come. */
  gapBefore: 1 << 2,
} as const;

/** The two movement bits of one tick when the device marks a movement. */
export const MOVING = 1;

/** Everything a monitor says about one second, oldest tick first. */
export interface Second {
  readonly fhr1: readonly Reading<Bpm>[];
  readonly fhr2: readonly Reading<Bpm>[];
  readonly mhr: readonly Reading<Bpm>[];
  readonly ua: readonly Reading<Activity>[];
  /** Two bits a tick; {@link MOVING} is a movement, 2 and 3 are reserved and kept. */
  readonly movement: readonly number[];
  readonly transducers: Transducers;
  /** Bits of {@link Flag}. */
  readonly flags: number;
}

/** The ticks of one channel: a value (NaN where absent) and its state byte for each. */
export interface TickColumns {
  readonly values: Float32Array;
  readonly states: Uint8Array;
}

/**
 * Recent seconds of one monitor as columns, ordered by time. What a strip paints from.
 *
 * Row `i` holds for `at[i]` (region µs) and the ticks `4 i` to `4 i + 3`. Only the first
 * `count` rows have a meaning. The arrays may be replaced when the columns grow: read them
 * anew for each painting.
 */
export interface SecondColumns {
  readonly count: number;
  /** Rises with every change. */
  readonly version: number;
  /** The channels that ever heard or looked for something; the others were never plugged in. */
  readonly used: ReadonlySet<Channel>;
  /** The transducers of the newest second; `undefined` before the first. */
  readonly transducers: Transducers | undefined;
  /** Region time of the first tick in µs. */
  readonly at: Float64Array;
  /** Bits of {@link Flag}. */
  readonly flags: Uint16Array;
  /** Bits of {@link Arrival}. */
  readonly arrival: Uint8Array;
  /** Two bits a tick, the oldest in bits 0-1. */
  readonly movement: Uint8Array;
  readonly ticks: Readonly<Record<Channel, TickColumns>>;
}

/** The first row at or after `at` (region µs); `count` where there is none. */
export function firstRowFrom(columns: SecondColumns, at: number): number {
  let low = 0;
  let high = columns.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((columns.at[middle] ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
