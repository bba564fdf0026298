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
  /** For a dashed line. */
  readonly dash?: DashStyle;
}

/** How a line is dashed. */
export interface DashStyle {
  /** Lengths of line and of gap in turn, px; none for a whole line. */
  readonly lengths: readonly number[];
  /**
   * The dashes begin anew at each multiple of so many pixels, so that they stand where they stand
   * wherever the drawing of the line began.
   */
  readonly anewEveryPx: number;
}

/** A pen between two rows: what it needs to go on as if it had never stopped. */
export interface PenState {
  /** Of the row with which it goes on: its time. */
  readonly at: number;
  readonly column: Column | undefined;
  readonly point: Point | undefined;
  readonly points: number;
  /** Length of the line since the pen went down, px: where in its dashes it is. */
  readonly length: number;
}

/** A kept pen, as seen from a place whose left edge is so many whole pixels further left. */
export function shifted(state: PenState, byPx: number): PenState {
  const { column, point } = state;
  return {
    ...state,
    column: column === undefined ? undefined : { ...column, index: column.index + byPx, x: column.x + byPx },
    point: point === undefined ? undefined : { ...point, x: point.x + byPx },
  };
}

/** From where a trace goes on, and before which row the pen is to be kept for the next time. */
export interface Resume {
  readonly from?: PenState | undefined;
  readonly keepAtRow?: number;
}

/** Length of the dot that a lone value gets: a canvas draws nothing for a line without length. */
const DOT_PX = 0.75;

/**
 * Draws one channel, lifting the pen over every absence, hole and value beyond the field.
 *
 * Ticks that share a pixel column are drawn as its first, lowest, highest and last value, so
 * that a narrow dip survives slow paper. Drawing a trace in pieces, each from the state that the
 * one before kept, makes the same line as drawing it at once.
 */
export function drawTrace(
  columns: SecondColumns,
  channel: Channel,
  rows: Rows,
  place: TracePlace,
  pens: TracePens,
  { from, keepAtRow }: Resume = {},
): PenState | undefined {
  const { values, states } = columns.ticks[channel];
  const stroke = new Stroke(pens, from);
  let kept: PenState | undefined;
  for (let row = rows.first; row < rows.end; row += 1) {
    const at = columns.at[row] ?? 0;
    if (row === keepAtRow) kept = stroke.state(at);
    if (isAfterHole(columns, row)) stroke.lift();
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
      stroke.point(x, y, states[tick] === Quality.poor ? 'doubtful' : 'steady');
    }
  }
  stroke.lift();
  return kept;
}

/** Which of the two lines. */
type PenName = 'steady' | 'doubtful';

/** Where a line stands, with the pen that drew it. */
interface Point {
  readonly x: number;
  readonly y: number;
  readonly pen: PenName;
}

interface Column {
  readonly index: number;
  readonly x: number;
  readonly pen: PenName;
  readonly first: number;
  low: number;
  high: number;
  last: number;
}

/** Collects the ticks of one pixel column before it draws them. */
class Stroke {
  readonly #pens: TracePens;
  readonly #dash: Dash | undefined;
  #column: Column | undefined;
  /** `undefined` while the pen is up. */
  #at: Point | undefined;
  #points: number;
  #length: number;
  /** The pen that stands at `#at` and need not be moved there. */
  #down: PenName | undefined;

  constructor(pens: TracePens, from: PenState | undefined) {
    this.#pens = pens;
    this.#dash = pens.dash === undefined || pens.dash.lengths.length === 0 ? undefined : new Dash(pens.dash);
    this.#column = from?.column === undefined ? undefined : { ...from.column };
    this.#at = from?.point;
    this.#points = from?.points ?? 0;
    this.#length = from?.length ?? 0;
  }

  /** What it takes to go on from here. */
  state(at: number): PenState {
    const column = this.#column === undefined ? undefined : { ...this.#column };
    return { at, column, point: this.#at, points: this.#points, length: this.#length };
  }

  point(x: number, y: number, pen: PenName): void {
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
      const { x, y, pen } = this.#at;
      this.#line(x, y, x + DOT_PX, y, pen);
    }
    this.#at = undefined;
    this.#points = 0;
    this.#length = 0;
    this.#down = undefined;
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

  #to(x: number, y: number, given: PenName): void {
    const before = this.#at;
    if (before === undefined) {
      this.#pens[given].moveTo(x, y);
      this.#down = given;
    } else {
      // The piece between a doubtful value and its neighbour is doubtful too.
      this.#line(before.x, before.y, x, y, before.pen === given ? given : 'doubtful');
    }
    this.#at = { x, y, pen: given };
    this.#points += 1;
  }

  /** A straight piece, dashed by its place in the whole line. */
  #line(fromX: number, fromY: number, toX: number, toY: number, pen: PenName): void {
    const length = Math.hypot(toX - fromX, toY - fromY);
    if (this.#dash?.isAnew(fromX, toX) === true) {
      this.#length = 0;
      this.#down = undefined;
    }
    if (this.#dash === undefined) this.#piece(fromX, fromY, toX, toY, pen);
    else {
      const point = (part: number) => [fromX + (toX - fromX) * part, fromY + (toY - fromY) * part] as const;
      this.#dash.each(this.#length, length, (from, to) => {
        const [x, y] = point(from / length);
        const [endX, endY] = point(to / length);
        this.#piece(x, y, endX, endY, pen);
        if (to < length) this.#down = undefined;
      });
      if (!this.#dash.isLine(this.#length + length)) this.#down = undefined;
    }
    this.#length += length;
  }

  #piece(fromX: number, fromY: number, toX: number, toY: number, pen: PenName): void {
    if (this.#down !== pen) this.#pens[pen].moveTo(fromX, fromY);
    this.#pens[pen].lineTo(toX, toY);
    this.#down = pen;
  }
}

/** Lengths of line and gap in turn. */
class Dash {
  readonly #lengths: readonly number[];
  readonly #period: number;
  readonly #anewEveryPx: number;

  constructor({ lengths, anewEveryPx }: DashStyle) {
    this.#lengths = lengths;
    this.#anewEveryPx = anewEveryPx;
    this.#period = lengths.reduce((sum, each) => sum + each, 0);
  }

  /** Whether the dashes begin anew with a piece of line. */
  isAnew(fromX: number, toX: number): boolean {
    return Math.floor(fromX / this.#anewEveryPx) !== Math.floor(toX / this.#anewEveryPx);
  }

  /** Whether the pen is down at a length of the line. */
  isLine(at: number): boolean {
    let left = at % this.#period;
    for (const [n, length] of this.#lengths.entries()) {
      if (left < length) return n % 2 === 0;
      left -= length;
    }
    return true;
  }

  /** Tells the pieces of line between two lengths, counted from the first of them. */
  each(from: number, length: number, piece: (from: number, to: number) => void): void {
    let at = -(from % this.#period);
    while (at < length) {
      for (const [n, each] of this.#lengths.entries()) {
        const end = at + each;
        if (n % 2 === 0 && end > 0 && at < length) piece(Math.max(at, 0), Math.min(end, length));
        at = end;
      }
    }
  }
}
