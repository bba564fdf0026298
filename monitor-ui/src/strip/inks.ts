/** The colours of a strip, handed in by whoever shows it; and words for what is absent. */
import type { Absence, Channel, Transducers } from '../vitals/index.ts';

/** Every colour on a strip, as CSS colours. */
export interface StripInks {
  /** The paper in the band of a normal baseline and in the contraction field. */
  readonly paper: string;
  /** The paper above the band, and below it. */
  readonly above: string;
  readonly below: string;
  readonly margin: string;
  readonly gridThin: string;
  readonly gridBold: string;
  readonly gridMinute: string;
  /** The two lines that bound the band. */
  readonly band: string;
  readonly label: string;
  readonly fhr1: string;
  readonly fhr2: string;
  readonly mhr: string;
  readonly ua: string;
  /** Hatching of a lost signal and of data that never came. */
  readonly absence: string;
  readonly gap: string;
  /** Behind text that stands on hatching. */
  readonly plate: string;
  readonly late: string;
  readonly lateTint: string;
  readonly coincidence: string;
  readonly event: string;
  readonly movement: string;
}

/** Why seconds are missing between two that came. */
export type GapReason = 'not received' | 'may still come' | 'refused by the bridge';

/** What a strip says in words. */
export interface StripWords {
  absence(channel: Channel, why: Absence): string;
  gap(why: GapReason): string;
  /** No data since the trace ended. */
  noDataFor(seconds: number): string;
  readonly late: string;
  readonly coincidence: string;
  /** What each field shows, in its unit. */
  readonly rateTitle: string;
  activityTitle(transducers: Transducers | undefined): string;
  /** A time of day on the paper. */
  timeOfDay(micros: number): string;
}
