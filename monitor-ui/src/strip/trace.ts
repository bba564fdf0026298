/**
 * One channel as a line: the pen goes down where there is a value and up where there is none.
 *
 * Same columns and scales, same points. Knows nothing of feeds, beds or alerts.
 */
import { Quality, TICK_MICROS, TICKS_PER_SECOND } from '../vitals/index.ts';
import type { Channel, SecondColumns } from '../vitals/index.ts';
import { isAfterHole } from './stretches.ts';
import type { Rows } from './stretches.ts';

/** What a line is drawn with: a path of the canvas, or a test that writes down the strokes. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** Where a trace goes on the paper. */
export interface TracePlace {
  /** Pixel of a moment in region µs. */
  readonly x: (at: number) => number;
  /** Pixel of a value. */
  readonly y: (value: number) => number;
  /** First and last line of the field; values beyond leave the paper and are marked. */
  readonly top: number;
  readonly bottom: number;
}

/** What a trace is drawn with. */
export interface TracePens {
  /** For values that the device trusts, or does not rate. */
  readonly steady: Pen;
  /** For values of poor quality. */
  readonly doubtful: Pen;
  /** Told of each pixel column with a value beyond the field. */
  readonly offPaper: (x: number, edge: 'top' | 'bottom') => void;
}

/** Length of the dot that a lone value gets: a canvas draws nothing for a line without length. */
const DOT_PX = 0.75;

/**
 * Draws one channel, lifting the pen over every absence, hole and value beyond the field.
 *
 * Ticks that share a pixel column are drawn as its first, lowest, highest and last value, so
 * that a narrow dip survives slow paper.
 */
export function drawTrace(
  columns: SecondColumns,
  channel: Channel,
  rows: Rows,
  place: TracePlace,
  pens: TracePens,
): void {
  const { values, states } = columns.ticks[channel];
  const stroke = new Stroke(pens);
  for (let row = rows.first; row < rows.end; row += 1) {
    if (isAfterHole(columns, row)) stroke.lift();
    const at = columns.at[row] ?? 0;
    for (let i = 0; i < TICKS_PER_SECOND; i += 1) {
      const tick = row * TICKS_PER_SECOND + i;
      const value = values[tick] ?? NaN;
      if (Number.isNaN(value)) {
        stroke.lift();
        continue;
      }
      const x = place.x(at + i * TICK_MICROS);
      const y = place.y(value);
      if (y < place.top - 0.5 || y > place.bottom + 0.5) {
        stroke.lift();
        pens.offPaper(x, y < place.top ? 'top' : 'bottom');
        continue;
      }
      stroke.point(x, y, states[tick] === Quality.poor ? pens.doubtful : pens.steady);
    }
  }
  stroke.lift();
}

interface Column {
  readonly index: number;
  readonly x: number;
  readonly pen: Pen;
  readonly first: number;
  low: number;
  high: number;
  last: number;
}

/** Collects the ticks of one pixel column before it draws them. */
class Stroke {
  readonly #pens: TracePens;
  #column: Column | undefined;
  /** Where the line stands, with the pen that drew it; `undefined` while the pen is up. */
  #at: { readonly x: number; readonly y: number; readonly pen: Pen } | undefined;
  #points = 0;

  constructor(pens: TracePens) {
    this.#pens = pens;
  }

  point(x: number, y: number, pen: Pen): void {
    const index = Math.floor(x);
    const column = this.#column;
    if (column !== undefined && column.index === index && column.pen === pen) {
      column.low = Math.min(column.low, y);
      column.high = Math.max(column.high, y);
      column.last = y;
      return;
    }
    this.#flush();
    this.#column = { index, x, pen, first: y, low: y, high: y, last: y };
  }

  lift(): void {
    this.#flush();
    if (this.#points === 1 && this.#at !== undefined) {
      this.#at.pen.lineTo(this.#at.x + DOT_PX, this.#at.y);
    }
    this.#at = undefined;
    this.#points = 0;
  }

  #flush(): void {
    const column = this.#column;
    if (column === undefined) return;
    this.#column = undefined;
    this.#to(column.x, column.first, column.pen);
    for (const y of [column.low, column.high, column.last]) {
      if (y !== this.#at?.y) this.#to(column.x, y, column.pen);
    }
  }

  #to(x: number, y: number, given: Pen): void {
    const before = this.#at;
    // The piece between a doubtful value and its neighbour is doubtful too.
    const isJoint = before !== undefined && before.pen !== given;
    const pen = isJoint ? this.#pens.doubtful : given;
    if (before === undefined) pen.moveTo(x, y);
    else {
      if (isJoint && before.pen !== pen) pen.moveTo(before.x, before.y);
      pen.lineTo(x, y);
      if (isJoint && given !== pen) given.moveTo(x, y);
    }
    this.#at = { x, y, pen: given };
    this.#points += 1;
  }
}
