/** Units as the devices count them, each range checked once. Mirror of the crate `vitals`. */
import type { Brand } from './brand.ts';

/**
 * A heart rate in beats per minute, in steps of a quarter, 0.25 to 511.75.
 *
 * A quarter is the finest step a supported device sends and is exact in a float. "No signal"
 * has no rate: it is an absence.
 */
export type Bpm = Brand<number, 'bpm'>;

/** Uterine activity in steps of a half, 0 to 127.5: relative units, or mmHg from a catheter. */
export type Activity = Brand<number, 'activity'>;

/** The largest count of quarters a device can send: eleven bits. */
export const BPM_QUARTERS_MAX = 2047;

/** The rate of so many quarters; `undefined` outside 1 to {@link BPM_QUARTERS_MAX}. */
export function bpmFromQuarters(quarters: number): Bpm | undefined {
  const valid = Number.isInteger(quarters) && quarters >= 1 && quarters <= BPM_QUARTERS_MAX;
  return valid ? ((quarters / 4) as Bpm) : undefined;
}

/** The activity of so many half units; `undefined` outside 0 to 255. */
export function activityFromHalves(halves: number): Activity | undefined {
  const valid = Number.isInteger(halves) && halves >= 0 && halves <= 255;
  return valid ? ((halves / 2) as Activity) : undefined;
}
