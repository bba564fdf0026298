/** Two points on the paper, and what lies between them. Pure. */
import { MICROS_PER_SECOND, regionTime } from '../vitals/index.ts';
import type { RegionTime } from '../vitals/index.ts';

/** A point of the heart rate field. */
export interface Point {
  readonly at: RegionTime;
  readonly bpm: number;
}

/** The steps of a key, without and with Shift: seconds, and beats a minute. */
const STEPS = { fine: { seconds: 1, bpm: 1 }, coarse: { seconds: 10, bpm: 5 } } as const;

/** A point on whole seconds and beats: what lies between two is then what is printed. */
export function rounded({ at, bpm }: Point): Point {
  return { at: regionTime(Math.round(at / MICROS_PER_SECOND) * MICROS_PER_SECOND), bpm: Math.round(bpm) };
}

/** Where a key takes a point; `undefined` for a key that moves nothing. */
export function moved(point: Point, key: string, shift: boolean, range: { readonly min: number; readonly max: number }): Point | undefined {
  const { seconds, bpm } = shift ? STEPS.coarse : STEPS.fine;
  const later = (by: number): Point => ({ ...point, at: regionTime(point.at + by * MICROS_PER_SECOND) });
  const higher = (by: number): Point => ({ ...point, bpm: Math.min(Math.max(point.bpm + by, range.min), range.max) });
  switch (key) {
    case 'ArrowLeft':
      return later(-seconds);
    case 'ArrowRight':
      return later(seconds);
    case 'ArrowUp':
      return higher(bpm);
    case 'ArrowDown':
      return higher(-bpm);
    default:
      return undefined;
  }
}

/** From the first point to the second: seconds, and beats a minute. */
export function between(first: Point, second: Point): { readonly seconds: number; readonly bpm: number } {
  return { seconds: (second.at - first.at) / MICROS_PER_SECOND, bpm: second.bpm - first.bpm };
}

/** With its sign, and a minus that is one. */
export function signed(value: number): string {
  if (value === 0) return '0';
  return value > 0 ? `+${value}` : `−${-value}`;
}
