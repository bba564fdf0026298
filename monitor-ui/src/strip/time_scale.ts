/**
 * Time to pixels, in one place.
 *
 * Pixels are counted from 1970 on an endless sheet, so that a moment has one pixel whatever is
 * shown: pages of the sheet can be painted once and moved. At four billion pixels a double
 * still divides each into a million parts.
 */
import { MICROS_PER_SECOND, regionTime } from '../vitals/index.ts';
import type { RegionTime } from '../vitals/index.ts';

/** Where a moment stands on the endless sheet, in device pixels. */
export class TimeScale {
  readonly pxPerMicro: number;

  /** At so many centimetres a minute of so many device pixels each. */
  constructor(cmPerMinute: number, devicePxPerCm: number) {
    this.pxPerMicro = (cmPerMinute * devicePxPerCm) / (60 * MICROS_PER_SECOND);
  }

  /** The pixel of a moment. */
  px(at: number): number {
    return at * this.pxPerMicro;
  }

  /** The moment at a pixel. */
  time(px: number): RegionTime {
    return regionTime(px / this.pxPerMicro);
  }

  /** Microseconds that so many pixels show. */
  micros(px: number): number {
    return px / this.pxPerMicro;
  }
}
