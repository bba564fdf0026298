/**
 * Where moments and heart rates stand on a strip, in CSS pixels of its canvas: for what lies over
 * the canvas and moves with its paper.
 */
import { regionTime } from '../vitals/index.ts';
import type { RegionTime } from '../vitals/index.ts';
import { layOut, rateY } from './geometry.ts';
import type { Geometry, StripDetail } from './geometry.ts';
import type { PaperScale } from './paper_scale.ts';

/** The places of one strip of one width. */
export class PaperPlace {
  readonly #geometry: Geometry;
  readonly #right: number;

  constructor(look: { readonly detail: StripDetail; readonly paper: PaperScale }, cssWidth: number, ratio: number) {
    this.#geometry = layOut(look.detail, look.paper, ratio);
    this.#right = Math.max(1, Math.round(cssWidth * ratio)) - this.#geometry.gutter;
  }

  /** CSS pixels from the left edge to where now is. */
  get right(): number {
    return this.#right / this.#geometry.ratio;
  }

  /** The heart rate field and the whole strip, from the top of the canvas. */
  get field(): { readonly top: number; readonly bottom: number; readonly height: number } {
    const { rate, height, ratio } = this.#geometry;
    return { top: rate.top / ratio, bottom: rate.bottom / ratio, height: height / ratio };
  }

  /** The pixel of a moment while the right edge shows `now`; whole device pixels, as the paper. */
  x(at: number, now: number): number {
    const { time, ratio } = this.#geometry;
    return (time.px(at) - this.#left(now)) / ratio;
  }

  /** The moment at a pixel. */
  time(x: number, now: number): RegionTime {
    const { time, ratio } = this.#geometry;
    return regionTime(this.#left(now) / time.pxPerMicro + (x * ratio) / time.pxPerMicro);
  }

  /** CSS pixels that a duration in µs is long. */
  length(micros: number): number {
    return (micros * this.#geometry.time.pxPerMicro) / this.#geometry.ratio;
  }

  /** The pixel of a heart rate. */
  y(bpm: number): number {
    return rateY(this.#geometry, bpm) / this.#geometry.ratio;
  }

  /** The heart rate at a pixel, within the printed scale. */
  bpm(y: number): number {
    const { rate, scale, cm, ratio } = this.#geometry;
    const bpm = scale.minBpm + ((rate.bottom - y * ratio) / cm) * scale.bpmPerCm;
    return Math.min(Math.max(bpm, scale.minBpm), scale.maxBpm);
  }

  /** The first and the last rate of the printed scale. */
  get bpmRange(): { readonly min: number; readonly max: number } {
    return { min: this.#geometry.scale.minBpm, max: this.#geometry.scale.maxBpm };
  }

  #left(now: number): number {
    return Math.floor(this.#geometry.time.px(now)) - this.#right;
  }
}
