/**
 * A page of the sheet that remembers from what it was painted: when seconds came at its end,
 * only the pixels that they touch are painted, whatever else changed paints all of it.
 *
 * The cost of a second is then a few pixels, not the page: what a wall of a hundred beds lives on.
 */
import { firstRowFrom, MICROS_PER_SECOND } from '../vitals/index.ts';
import type { Annotations, PlacedBaseline, Profile, SecondColumns } from '../vitals/index.ts';
import type { Geometry } from './geometry.ts';
import { annotationsBetween, LOSS_SHOWN_MICROS, paintPage, reachPx, rowsBetween } from './page.ts';
import type { Grown, PageParts, PageSpan, Pens } from './page.ts';
import { newCanvas } from './paper.ts';
import type { Context } from './paper.ts';
import type { Rows } from './stretches.ts';

/** New seconds change nothing that is older: a loss is hatched from its start when it is long enough. */
const CHANGED_BACK_MICROS = LOSS_SHOWN_MICROS + MICROS_PER_SECOND;

/** The rows a page was painted from. Seconds never change once they came, so these tell them. */
interface Origin {
  readonly columns: SecondColumns;
  readonly usedChannels: number;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** One page. */
export class SheetPage {
  readonly canvas: HTMLCanvasElement;
  readonly #context: Context;
  readonly #span: PageSpan;
  #origin: Origin | undefined;
  #found = '';
  #foundVersion = -1;
  /** The pens not far before the newest second; `undefined` where there is too little behind it. */
  #pens: Pens | undefined;

  constructor(span: PageSpan, height: number) {
    const { canvas, context } = newCanvas(span.width, height);
    this.canvas = canvas;
    this.#context = context;
    this.#span = span;
  }

  /** Paints what changed. All but the columns and what was found is the same for a page's life. */
  bring(parts: PageParts): 'all' | 'grown' | 'nothing' {
    const { origin, width } = this.#span;
    const { geometry, columns } = parts;
    const rows = rowsBetween(geometry, columns, origin, origin + width);
    const isSameFound = this.#lookAtFound(parts) === 'same';
    const before = this.#origin;
    const now = originOf(columns, rows);
    const change = before === undefined || !isSameFound ? 'all' : changeOf(before, now, columns);
    if (change === 'nothing') return change;
    this.#origin = now;
    const keepAtRow = this.#keepAtRow(geometry, columns, rows);
    const grown = change === 'grown' ? this.#grown(geometry, columns, now.lastAt) : undefined;
    this.#pens = paintPage(this.#context, parts, this.#span, grown, keepAtRow);
    return grown === undefined ? 'all' : 'grown';
  }

  /** The part that the seconds since the kept pens touch. */
  #grown(geometry: Geometry, columns: SecondColumns, lastAt: number): Grown | undefined {
    const pens = this.#pens;
    if (pens === undefined) return undefined;
    const { at } = pens.fhr1;
    // The oldest rows were dropped: the pens stand nowhere now.
    if (columns.at[firstRowFrom(columns, at)] !== at) return undefined;
    const { origin, width } = this.#span;
    const reach = reachPx(geometry);
    const from = Math.max(0, Math.floor(geometry.time.px(at) - origin) + reach);
    const to = Math.min(width, Math.ceil(geometry.time.px(lastAt + MICROS_PER_SECOND) - origin) + reach);
    return from >= to ? undefined : { from, to, pens };
  }

  /** The row from which the page can grow: so far back that all that may change lies behind it. */
  #keepAtRow(geometry: Geometry, columns: SecondColumns, { first, end }: Rows): number | undefined {
    const newest = columns.at[end - 1];
    if (newest === undefined || end <= first) return undefined;
    const { time } = geometry;
    const at = time.time(time.px(newest - CHANGED_BACK_MICROS) - 2 * reachPx(geometry) - 1);
    // The row itself may begin later than the moment: the one before does not.
    const row = firstRowFrom(columns, at) - 1;
    return row > first ? row : undefined;
  }

  /** Tells whether what was found on the page is what it was at the last painting. */
  #lookAtFound({ geometry, annotations, profile }: PageParts): 'same' | 'other' {
    if (annotations.version === this.#foundVersion) return 'same';
    this.#foundVersion = annotations.version;
    const found = printOf(geometry, annotations, profile, this.#span);
    if (found === this.#found) return 'same';
    this.#found = found;
    return 'other';
  }
}

function originOf(columns: SecondColumns, { first, end }: Rows): Origin {
  return {
    columns,
    usedChannels: columns.used.size,
    count: Math.max(end - first, 0),
    firstAt: columns.at[first] ?? 0,
    lastAt: end === 0 ? 0 : (columns.at[end - 1] ?? 0),
  };
}

/** Whether rows came, and whether all of them after those that were painted. */
function changeOf(before: Origin, now: Origin, columns: SecondColumns): 'all' | 'grown' | 'nothing' {
  const isSameStart = before.columns === now.columns && before.usedChannels === now.usedChannels && before.firstAt === now.firstAt;
  if (!isSameStart || before.count === 0) return before.count === 0 && now.count === 0 ? 'nothing' : 'all';
  if (before.count === now.count) return before.lastAt === now.lastAt ? 'nothing' : 'all';
  const last = firstRowFrom(columns, before.lastAt);
  const first = firstRowFrom(columns, before.firstAt);
  const isAppended = columns.at[last] === before.lastAt && last - first + 1 === before.count;
  return isAppended && now.count > before.count ? 'grown' : 'all';
}

/** What was found on a page, as text: it changes by revisions. */
function printOf(geometry: Geometry, annotations: Annotations, profile: Profile, { origin, width }: PageSpan): string {
  const { findings, blocks, baselines } = annotationsBetween(geometry, annotations, profile, origin, origin + width);
  const revisions = [...findings, ...blocks].map(({ id, revision }) => `${id}.${revision}`);
  const lines = baselines.map((line) => lineOf(geometry, line, origin, width));
  return `${revisions.join(' ')} ${lines.join(' ')}`;
}

/**
 * Tells the part of a baseline that is on a page. Its newest stretch grows with every look of
 * the analysis, and the pages that it has left behind need not be painted again for that.
 */
function lineOf({ time }: Geometry, { id, state, from, stepMicros, bpm }: PlacedBaseline, origin: number, width: number): string {
  const index = (px: number) => Math.floor((time.time(px) - from) / stepMicros);
  const part = bpm.subarray(Math.max(index(origin), 0), Math.max(index(origin + width) + 2, 0));
  let sum = 0;
  part.forEach((value, n) => (sum += Number.isNaN(value) ? n : value * (n + 1)));
  return part.length === 0 ? '' : `${id}.${state}.${part.length}.${sum}`;
}
