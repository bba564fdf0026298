/** One tick of one channel: a value with its quality, or an absence with its reason. */

/** How well the device heard, in its own words; codes of the wire. */
export const Quality = { poor: 0, fair: 1, good: 2, unrated: 3 } as const;
/** A code of {@link Quality}. */
export type Quality = (typeof Quality)[keyof typeof Quality];

/** Why a tick has no value; codes of the wire. Doctors act differently on each. */
export const Absence = {
  noTransducer: 1,
  inoperative: 2,
  blank: 3,
  damagedFrame: 4,
  deviceSilent: 5,
  portLost: 6,
  spoolDamaged: 7,
} as const;
/** A code of {@link Absence}. */
export type Absence = (typeof Absence)[keyof typeof Absence];

/**
 * What one tick carries. There is no third way: zero, the last value, or a straight line
 * across a loss are never readings.
 */
export type Reading<Value> =
  | { readonly kind: 'measured'; readonly value: Value; readonly quality: Quality }
  | { readonly kind: 'absent'; readonly why: Absence };

/** Reads a wire code; `undefined` outside 0 to 3. */
export function qualityFromCode(code: number): Quality | undefined {
  return Number.isInteger(code) && code >= 0 && code <= 3 ? (code as Quality) : undefined;
}

/** Reads a wire code; `undefined` outside 1 to 7. */
export function absenceFromCode(code: number): Absence | undefined {
  return Number.isInteger(code) && code >= 1 && code <= 7 ? (code as Absence) : undefined;
}

/**
 * A tick's quality or absence in one byte, as the recent columns keep it: the quality's code,
 * or {@link ABSENT} plus the reason's code.
 */
export type TickState = number;

/** Set in a {@link TickState} that is an absence. */
export const ABSENT = 0x80;

/** The state byte of a reading. */
export function tickState(reading: Reading<unknown>): TickState {
  return reading.kind === 'measured' ? reading.quality : ABSENT | reading.why;
}

/** Why a state has no value; `undefined` where it has one. */
export function absenceOf(state: TickState): Absence | undefined {
  return (state & ABSENT) === 0 ? undefined : ((state & ~ABSENT) as Absence);
}

/** The quality of a state; `undefined` where there is no value. */
export function qualityOf(state: TickState): Quality | undefined {
  return (state & ABSENT) === 0 ? (state as Quality) : undefined;
}
