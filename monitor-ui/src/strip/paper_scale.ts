/**
 * What paper the strip is printed on: speed, heart rate scale, size of a centimetre.
 *
 * The scales are presets, as paper is. Nothing here depends on what was measured: a strip that
 * rescales itself makes a flat trace look lively.
 */

/** Centimetres a minute. */
export type PaperSpeed = 1 | 2 | 3;
/** Speeds that can be chosen. */
export const PAPER_SPEEDS: readonly PaperSpeed[] = [1, 2, 3];

/** A heart rate scale, by its printed range. */
export type RateScaleName = '30-240' | '50-210';
/** Scales that can be chosen. */
export const RATE_SCALE_NAMES: readonly RateScaleName[] = ['30-240', '50-210'];

/** How a heart rate scale is printed. */
export interface RateScale {
  readonly minBpm: number;
  readonly maxBpm: number;
  readonly bpmPerCm: number;
  /** A bold line with its number stands at every multiple of it. */
  readonly boldEveryBpm: number;
}

/** The presets: 7 cm at 30 bpm/cm, and 8 cm at 20 bpm/cm. */
export const RATE_SCALES: Readonly<Record<RateScaleName, RateScale>> = {
  '30-240': { minBpm: 30, maxBpm: 240, bpmPerCm: 30, boldEveryBpm: 30 },
  '50-210': { minBpm: 50, maxBpm: 210, bpmPerCm: 20, boldEveryBpm: 20 },
};

/** Distance of the thin lines of the heart rate field. */
export const THIN_EVERY_BPM = 10;
/** The band of a normal baseline, whose outside is shaded. */
export const NORMAL_BAND_BPM = { low: 110, high: 160 } as const;

/** The contraction scale: 0 to 100 on 4 cm. */
export const ACTIVITY_MAX = 100;
/** Units of uterine activity on one centimetre. */
export const ACTIVITY_PER_CM = 25;
/** Distance of the thin lines of the contraction field. */
export const ACTIVITY_THIN_EVERY = 10;
/** Distance of the bold, numbered lines of the contraction field. */
export const ACTIVITY_BOLD_EVERY = 20;

/** A centimetre in CSS pixels, where nobody has measured the screen. */
export const CSS_PX_PER_CM = 96 / 2.54;

/** The paper of one strip. */
export interface PaperScale {
  readonly speed: PaperSpeed;
  readonly rate: RateScaleName;
  /** CSS pixels that make a centimetre of paper, in both directions. */
  readonly pxPerCm: number;
}
