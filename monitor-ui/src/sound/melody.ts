/**
 * What each priority sounds like: a burst of pulses, and the pause after it.
 *
 * The structure is the well-known one of medical alarms (IEC 60601-1-8): ten pulses as twice
 * five for high, three for medium, two for low, ever shorter and closer the more urgent. The
 * figures below are UNCONFIRMED DESIGN: they were not read in the standard, nobody has tested
 * them in a ward, and no conformity is claimed. A house that has its own sounds puts them here.
 */
import type { Priority } from './alarm.ts';

/** One pulse of a burst. */
export interface Pulse {
  /** Seconds from the start of the burst. */
  readonly at: number;
  /** Seconds, rise and fall included. */
  readonly length: number;
  /** Fundamental, Hz. */
  readonly hertz: number;
}

/** A burst: what is played at once. */
export interface Burst {
  readonly pulses: readonly Pulse[];
  /** Seconds from its first sound to its last. */
  readonly length: number;
  /** Seconds of silence until it is played again. */
  readonly pause: number;
}

/** Overtones of a pulse against its fundamental; five partials can be located in a room. Design. */
export const PARTIALS: readonly number[] = [1, 0.8, 0.6, 0.45, 0.3];
/** Rise and fall of a pulse, seconds: fast enough to be heard, slow enough not to click. Design. */
export const EDGE_SECONDS = 0.02;

/** Notes, Hz, in equal temperament from A4 = 440 Hz; all fundamentals lie below 1 kHz. */
const NOTE = { c5: 523.25, e5: 659.26, g5: 783.99, a5: 880 } as const;

/** Pulses in a row, each so long and so far from the end of the one before. */
function row(notes: readonly number[], length: number, spacing: readonly number[], from = 0): Pulse[] {
  let at = from;
  return notes.map((hertz, n) => {
    const pulse = { at, length, hertz };
    at += length + (spacing[n] ?? 0);
    return pulse;
  });
}

function burst(pulses: readonly Pulse[], pause: number): Burst {
  const last = pulses.at(-1);
  return { pulses, length: last === undefined ? 0 : last.at + last.length, pause };
}

/** Five pulses, three and two, rising to the end; design. */
const HIGH_FIVE = [NOTE.c5, NOTE.e5, NOTE.g5, NOTE.g5, NOTE.a5];
/** Seconds between the pulses of a five: the fourth comes a little later, so that it limps. */
const HIGH_SPACING = [0.08, 0.08, 0.26, 0.08];
/** Seconds from the start of the first five to that of the second. */
const HIGH_SECOND = 1.7;

/** The burst of each priority. */
export const BURSTS: Readonly<Record<Priority, Burst>> = {
  high: burst(
    [...row(HIGH_FIVE, 0.15, HIGH_SPACING), ...row(HIGH_FIVE, 0.15, HIGH_SPACING, HIGH_SECOND)],
    3,
  ),
  medium: burst(row([NOTE.g5, NOTE.e5, NOTE.c5], 0.2, [0.2, 0.2]), 9),
  low: burst(row([NOTE.e5, NOTE.c5], 0.2, [0.2]), 20),
};
