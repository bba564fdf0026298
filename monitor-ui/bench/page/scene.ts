/** What every wall of the benchmark is given alike: size, paper, colours, and where a moment is. */
import { CSS_PX_PER_CM, RATE_SCALES } from '../../src/strip/index.ts';
import type { PaperScale } from '../../src/strip/index.ts';
import { INKS } from '../../src/theme/index.ts';

/** What to draw. */
export interface Scene {
  readonly beds: number;
  readonly columns: number;
  readonly paper: PaperScale;
  /** CSS pixels of one strip. */
  readonly width: number;
  readonly height: number;
}

/** The colours of every wall. */
export const SCENE_INKS = INKS.light;

/** Gap and padding of `bench.css`. */
const GAP_PX = 4;
/** Centimetres of a tile's strip from top to bottom: both fields and their margins. */
const STRIP_CM = 11.7;

/** Lays so many strips out on a screen, each as wide as its column and as high as its row lets it be. */
export function sceneOf(beds: number, screen: { readonly width: number; readonly height: number }, speed: 1 | 2 | 3): Scene {
  const columns = Math.ceil(Math.sqrt((beds * screen.width) / screen.height / 1.1));
  const rows = Math.ceil(beds / columns);
  const width = (screen.width - GAP_PX * (columns + 1)) / columns;
  const height = (screen.height - GAP_PX * (rows + 1)) / rows;
  const scale = Math.floor((height / (STRIP_CM * CSS_PX_PER_CM)) * 100) / 100;
  return { beds, columns, width, height, paper: { speed, rate: '30-240', pxPerCm: CSS_PX_PER_CM * scale } };
}

/** Seconds that a strip shows. */
export function secondsShown({ paper, width }: Scene): number {
  return (width / (paper.pxPerCm * paper.speed)) * 60;
}

/** Region µs that one CSS pixel shows. */
export function microsPerPx({ paper }: Scene): number {
  return 60_000_000 / (paper.pxPerCm * paper.speed);
}

/**
 * The scales of a drawing with one field: heart rates in the upper part, activity in the lower,
 * at the heights that they have on our paper.
 */
export const FIELD = {
  rateMin: RATE_SCALES['30-240'].minBpm - ((4 + 0.5) / 7) * 210,
  rateMax: RATE_SCALES['30-240'].maxBpm,
  activityMax: 100 * (11.5 / 4),
} as const;
