/** The colours of a strip, handed in by whoever shows it; and words for what is absent. */
import type { Absence, Channel, Level, PlacedAssessment, PlacedFinding, Transducers } from '../vitals/index.ts';

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
  /** The line of the baseline, and the marks of what was found. */
  readonly baseline: string;
  readonly acceleration: string;
  readonly deceleration: string;
  readonly sinusoidal: string;
  readonly contraction: string;
  readonly artefact: string;
  readonly artefactTint: string;
  /** What somebody chose to look at. */
  readonly highlight: string;
  readonly highlightTint: string;
  /** Ground and text of each level, and of no level. */
  readonly level1: string;
  readonly level1Text: string;
  readonly level2: string;
  readonly level2Text: string;
  readonly level3: string;
  readonly level3Text: string;
  readonly level4: string;
  readonly level4Text: string;
  readonly level5: string;
  readonly level5Text: string;
  readonly levelNone: string;
  readonly levelNoneText: string;
}

/** Ground and text of a level. */
export function levelInks(inks: StripInks, level: Level | undefined): { readonly ground: string; readonly text: string } {
  if (level === undefined) return { ground: inks.levelNone, text: inks.levelNoneText };
  return { ground: inks[`level${level}`], text: inks[`level${level}Text`] };
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
  /** What a finding is, from the fullest wording to the shortest. */
  finding(finding: PlacedFinding): readonly string[];
  /** What a block or the last minutes are, from the fullest wording to the shortest. */
  level(assessment: PlacedAssessment): readonly string[];
  /** Minutes that nobody analysed. */
  readonly notAnalysed: string;
  /** A time of day on the paper. */
  timeOfDay(micros: number): string;
}
