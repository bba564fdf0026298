/**
 * From what some pixels of the sheet were painted, and what has to be painted now: nothing, the
 * end that new seconds touch, or all.
 *
 * The cost of a second is then a few pixels, not the strip: what a wall of a hundred beds lives
 * on. Seconds never change once they came; what was found changes by revisions.
 */
import { firstRowFrom, MICROS_PER_SECOND } from '../vitals/index.ts';
import type { Annotations, PlacedBaseline, Profile, SecondColumns } from '../vitals/index.ts';
import type { Geometry } from './geometry.ts';
import { annotationsBetween, LOSS_SHOWN_MICROS, reachPx, rowsBetween } from './page.ts';
import type { PageParts, PageSpan, Pens } from './page.ts';
import type { Rows } from './stretches.ts';

/** New seconds change nothing that is older: a loss is hatched from its start when it is long enough. */
const CHANGED_BACK_MICROS = LOSS_SHOWN_MICROS + MICROS_PER_SECOND;

/** What came since the last painting, and before which row to keep the pens in the next one. */
export interface Change {
  readonly what: 'all' | 'grown' | 'nothing';
  readonly keepAtRow: number | undefined;
}

/** The end of the paper that new seconds touch. */
export interface Touched {
  /** Sheet pixels. */
  readonly from: number;
  readonly to: number;
  readonly pens: Pens;
}

/** The rows that were painted. */
interface Painted {
  readonly columns: SecondColumns;
  readonly usedChannels: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** The memory of one bitmap. */
export class Growth {
  #painted: Painted | undefined;
  #found = '';
  #foundVersion = -1;
  /** The pens not far before the newest second; `undefined` where there is too little behind it. */
  #pens: Pens | undefined;

  /** Looks at what is there now, and takes it as painted. */
  look(parts: PageParts, span: PageSpan): Change {
    const { geometry, columns } = parts;
    const rows = rowsBetween(geometry, columns, span.origin, span.origin + span.width);
    const isSameFound = this.#lookAtFound(parts, span) === 'same';
    const before = this.#painted;
    const now = paintedOf(columns, rows);
    this.#painted = now;
    const what = before === undefined || !isSameFound ? 'all' : changeOf(before, now);
    return { what, keepAtRow: keepAtRow(geometry, columns, rows) };
  }

  /** Keeps the pens of a painting. */
  keep(pens: Pens | undefined): void {
    this.#pens = pens;
  }

  /** Forgets everything: the bitmap is empty. */
  forget(): void {
    this.#painted = undefined;
    this.#pens = undefined;
    this.#foundVersion = -1;
  }

  /** What is touched by the seconds after the kept pens; `undefined` where no pen stands. */
  touched({ geometry, columns }: PageParts): Touched | undefined {
    const pens = this.#pens;
    const newest = columns.at[columns.count - 1];
    if (pens === undefined || newest === undefined) return undefined;
    const { at } = pens.fhr1;
    // The oldest rows were dropped: the pens stand nowhere now.
    if (columns.at[firstRowFrom(columns, at)] !== at) return undefined;
    const reach = reachPx(geometry);
    const from = Math.floor(geometry.time.px(at)) + reach;
    return { from, to: Math.ceil(geometry.time.px(newest + MICROS_PER_SECOND)) + reach, pens };
  }

  /** Tells whether what was found there is what it was at the last painting. */
  #lookAtFound({ geometry, annotations, profile }: PageParts, span: PageSpan): 'same' | 'other' {
    if (annotations.version === this.#foundVersion) return 'same';
    this.#foundVersion = annotations.version;
    const found = printOf(geometry, annotations, profile, span);
    if (found === this.#found) return 'same';
    this.#found = found;
    return 'other';
  }
}

/** The row from which a bitmap can grow: so far back that all that may change lies behind it. */
function keepAtRow(geometry: Geometry, columns: SecondColumns, { first, end }: Rows): number | undefined {
  const newest = columns.at[end - 1];
  if (newest === undefined || end <= first) return undefined;
  const { time } = geometry;
  const at = time.time(time.px(newest - CHANGED_BACK_MICROS) - 2 * reachPx(geometry) - 1);
  // The first row from there on may begin later than the moment: the one before does not.
  const row = firstRowFrom(columns, at) - 1;
  return row > first ? row : undefined;
}

function paintedOf(columns: SecondColumns, { first, end }: Rows): Painted {
  return {
    columns,
    usedChannels: columns.used.size,
    count: Math.max(end - first, 0),
    firstAt: columns.at[first] ?? 0,
    lastAt: end === 0 ? 0 : (columns.at[end - 1] ?? 0),
  };
}

/** Whether rows came, and whether all of them after those that were painted. */
function changeOf(before: Painted, now: Painted): Change['what'] {
  const { columns } = now;
  if (before.columns !== columns || before.usedChannels !== now.usedChannels) return 'all';
  if (before.count === 0) return now.count === 0 ? 'nothing' : 'all';
  const [first, last] = [firstRowFrom(columns, before.firstAt), firstRowFrom(columns, before.lastAt)];
  const isThere = columns.at[last] === before.lastAt && last - first + 1 === before.count;
  if (!isThere || now.lastAt < before.lastAt) return 'all';
  return now.lastAt > before.lastAt ? 'grown' : 'nothing';
}

/** What was found between two pixels, as text. */
function printOf(geometry: Geometry, annotations: Annotations, profile: Profile, { origin, width }: PageSpan): string {
  const { findings, blocks, baselines } = annotationsBetween(geometry, annotations, profile, origin, origin + width);
  const revisions = [...findings, ...blocks].map(({ id, revision }) => `${id}.${revision}`);
  const lines = baselines.map((line) => lineOf(geometry, line, origin, width));
  return `${revisions.join(' ')} ${lines.join(' ')}`;
}

/**
 * Tells the part of a baseline that is between two pixels. Its newest stretch grows with every
 * look of the analysis, and the pages that it has left behind need not be painted again for that.
 */
function lineOf({ time }: Geometry, { id, state, from, stepMicros, bpm }: PlacedBaseline, origin: number, width: number): string {
  const index = (px: number) => Math.floor((time.time(px) - from) / stepMicros);
  const part = bpm.subarray(Math.max(index(origin), 0), Math.max(index(origin + width) + 2, 0));
  let sum = 0;
  part.forEach((value, n) => (sum += Number.isNaN(value) ? n : value * (n + 1)));
  return part.length === 0 ? '' : `${id}.${state}.${part.length}.${sum}`;
}
