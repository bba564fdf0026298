/**
 * One page of the endless sheet: paper, what was absent, traces, marks, what was found.
 *
 * A page is painted when its data change and moved otherwise. It reads a little beyond its
 * edges, so that lines and stretches run on from page to page.
 */
import {
  Flag,
  firstRowFrom,
  groupOf,
  MICROS_PER_SECOND,
  MOVING,
  TICK_MICROS,
  TICKS_PER_SECOND,
} from '../vitals/index.ts';
import type { Annotations, Channel, FindingKind, HeartChannel, Profile, SecondColumns } from '../vitals/index.ts';
import { activityY, rateY } from './geometry.ts';
import type { Field, Geometry } from './geometry.ts';
import { hatching, sectionPx } from './hatching.ts';
import type { HatchKind } from './hatching.ts';
import type { StripInks, StripWords } from './inks.ts';
import { drawBaseline, drawFinding, shownFindings } from './marks.ts';
import type { MarkParts } from './marks.ts';
import { printTimes } from './paper.ts';
import type { Context } from './paper.ts';
import { drawCell, gradedFetuses, ribbonLane } from './ribbon.ts';
import { absences, coincidences, gaps, lateArrivals } from './stretches.ts';
import type { Rows, Stretch } from './stretches.ts';
import { drawTrace, shifted } from './trace.ts';
import type { PenState } from './trace.ts';

/** Shorter losses are left to the lifted pen, as on paper. */
export const LOSS_SHOWN_MICROS = 3 * MICROS_PER_SECOND;
/** A stretch that began so long before the page is told from the page's own data. */
const LOOK_BACK_MICROS = 30 * MICROS_PER_SECOND;

/** Everything a page is painted from. */
export interface PageParts {
  readonly geometry: Geometry;
  readonly inks: StripInks;
  readonly words: StripWords;
  readonly blank: HTMLCanvasElement;
  readonly columns: SecondColumns;
  readonly annotations: Annotations;
  /** Which reading of the strip is shown. */
  readonly profile: Profile;
}

/** The rows that show between two pixels, and some before. */
export function rowsBetween(geometry: Geometry, columns: SecondColumns, from: number, to: number): Rows {
  const first = firstRowFrom(columns, geometry.time.time(from) - LOOK_BACK_MICROS);
  const end = firstRowFrom(columns, geometry.time.time(to) + MICROS_PER_SECOND);
  return { first, end: Math.min(end + 1, columns.count) };
}

/**
 * The fetal channels whose loss hatches the whole field: the only one there is. With twins each
 * loss has a lane of its own, because the other trace goes on.
 */
export function wholeFieldChannel(columns: SecondColumns): HeartChannel | undefined {
  return columns.used.has('fhr2') ? undefined : 'fhr1';
}

/** The channels whose loss shows in a lane, from the top of the field downwards. */
export function laneChannels(columns: SecondColumns): HeartChannel[] {
  const twins: HeartChannel[] = columns.used.has('fhr2') ? ['fhr1', 'fhr2'] : [];
  return columns.used.has('mhr') ? [...twins, 'mhr'] : twins;
}

/** The page that is painted: where on the sheet it begins, and how wide it is. */
export interface PageSpan {
  readonly origin: number;
  readonly width: number;
}

/** The pens of all channels before one row, in pixels of the sheet. */
export type Pens = Readonly<Record<Channel, PenState>>;

/** The part of a page that is painted. */
export interface PagePart {
  /** From a pixel of the page to another. */
  readonly from: number;
  readonly to: number;
  /** The pens where the traces are taken up again; what they drew before stays. */
  readonly pens: Pens | undefined;
}

/** How far the strokes and marks of one moment reach to both sides, px. */
export function reachPx({ lane, ratio, cm }: Geometry): number {
  return Math.ceil(Math.max(lane * 0.5, 1.5 * magnification(ratio, cm))) + 2;
}

/**
 * Paints a part of a page, pixel for pixel as if it were all of it. Keeps the pens before the
 * row `keepAtRow`, from which a later part can go on.
 */
export function paintPage(
  context: Context,
  parts: PageParts,
  span: PageSpan,
  part: PagePart,
  keepAtRow: number | undefined,
): Pens | undefined {
  const { from, to } = part;
  const { height } = parts.geometry;
  context.save();
  context.beginPath();
  context.rect(from, 0, to - from, height);
  context.clip();
  // The paper is the same everywhere: any piece of it will do.
  const { width } = parts.blank;
  for (let x = from; x < to; x += width) context.drawImage(parts.blank, x, 0);
  const kept = paintPart(new Painter(context, parts, span, part), parts, span, part, keepAtRow);
  context.restore();
  return kept;
}

function paintPart(
  painter: Painter,
  { geometry, inks, columns }: PageParts,
  { origin }: PageSpan,
  { from, to, pens }: PagePart,
  keepAtRow: number | undefined,
): Pens | undefined {
  const rows = rowsBetween(geometry, columns, origin + from, origin + to);
  for (const stretch of lateArrivals(columns, rows)) painter.tint(stretch);
  painter.times(from, to);
  for (const stretch of gaps(columns, rows)) painter.hatch(stretch, wholeStrip(geometry), inks.gap, 'dots');
  const whole = wholeFieldChannel(columns);
  if (whole !== undefined) painter.losses(rows, whole, geometry.rate, inks.absence);
  painter.losses(rows, 'ua', geometry.activity, inks.absence);
  laneChannels(columns).forEach((channel, n) => {
    painter.losses(rows, channel, laneField(geometry, n), inks[channel]);
  });
  for (const stretch of lateArrivals(columns, rows)) painter.bar(stretch, lateBar(geometry), inks.late);
  for (const stretch of coincidences(columns, rows)) painter.bar(stretch, coincidenceBar(geometry), inks.coincidence);
  painter.marks(rows);
  painter.beneathTraces();
  const kept = tracesOf(painter, columns, rows, pens, keepAtRow);
  painter.overTraces();
  painter.ribbon();
  return kept;
}

/** The order of the traces: the first fetus lies over the others. */
const TRACED: readonly Channel[] = ['mhr', 'fhr2', 'fhr1', 'ua'];

function tracesOf(
  painter: Painter,
  columns: SecondColumns,
  rows: Rows,
  pens: Pens | undefined,
  keepAtRow: number | undefined,
): Pens | undefined {
  const kept = TRACED.map((channel) => {
    const from = pens?.[channel];
    const first = from === undefined ? rows.first : firstRowFrom(columns, from.at);
    return [channel, painter.trace({ first, end: rows.end }, channel, from, keepAtRow)] as const;
  });
  const isWhole = kept.every(([, state]) => state !== undefined);
  return isWhole ? (Object.fromEntries(kept) as Record<Channel, PenState>) : undefined;
}

/** Marks and their words reach so far beyond their own time on the paper. */
const REACH_MICROS = 120 * MICROS_PER_SECOND;

/** The part of what was found that shows between two pixels. */
export function annotationsBetween(
  geometry: Geometry,
  annotations: Annotations,
  profile: Profile,
  from: number,
  to: number,
): Pick<Annotations, 'findings' | 'baselines' | 'blocks'> {
  const [first, last] = [geometry.time.time(from) - REACH_MICROS, geometry.time.time(to) + REACH_MICROS];
  const overlaps = (each: { readonly from: number; readonly to: number }) => each.to > first && each.from < last;
  const end = (line: Annotations['baselines'][number]) => line.from + line.stepMicros * line.bpm.length;
  return {
    findings: shownFindings(annotations, profile).filter(overlaps),
    baselines: annotations.baselines.filter((line) => overlaps({ from: line.from, to: end(line) })),
    blocks: annotations.blocks.filter(overlaps),
  };
}

/** The lane of the n-th channel, below the top line of the heart rate field. */
export function laneField(geometry: Geometry, n: number): Field {
  const top = geometry.rate.top + n * (geometry.lane + Math.round(geometry.ratio));
  return { top, bottom: top + geometry.lane };
}

/** Where coincidence shows: along the bottom of the heart rate field. */
export function coincidenceBar(geometry: Geometry): Field {
  const { bottom } = geometry.rate;
  return { top: bottom - geometry.lane, bottom };
}

function lateBar(geometry: Geometry): Field {
  const height = Math.max(2, Math.round(geometry.lane / 3));
  return { top: geometry.rate.top - height, bottom: geometry.rate.top };
}

/** From the top line of the strip to the bottom line. */
export function wholeStrip(geometry: Geometry): Field {
  return { top: geometry.rate.top, bottom: geometry.activity.bottom };
}

/** Whether a finding is a ground for the traces rather than a mark over them. */
function isGround(kind: FindingKind): boolean {
  const group = groupOf(kind);
  return group === 'artefact' || group === 'contraction';
}

/** Line widths in CSS pixels and dashes: told apart by style as well as by colour. */
const STYLES: Readonly<Record<Channel, { readonly cssPx: number; readonly dash: readonly number[] }>> = {
  fhr1: { cssPx: 1.5, dash: [] },
  fhr2: { cssPx: 1.5, dash: [7, 3] },
  mhr: { cssPx: 1.4, dash: [1.5, 2.5] },
  ua: { cssPx: 1.5, dash: [] },
};
/** A thicker line on magnified paper keeps the trace as dense as on a recorder. */
function magnification(ratio: number, cm: number): number {
  return ratio * Math.max(1, cm / ratio / 50);
}

/** Poor quality is drawn as thin and as pale as this. */
const DOUBTFUL = { width: 0.6, alpha: 0.5 } as const;

class Painter {
  readonly #context: Context;
  readonly #parts: PageParts;
  readonly #origin: number;
  readonly #width: number;
  readonly #found: ReturnType<typeof annotationsBetween>;

  constructor(context: Context, parts: PageParts, { origin, width }: PageSpan, part: { readonly from: number; readonly to: number }) {
    const { geometry, annotations, profile } = parts;
    this.#found = annotationsBetween(geometry, annotations, profile, origin + part.from, origin + part.to);
    this.#context = context;
    this.#parts = parts;
    this.#origin = origin;
    this.#width = width;
  }

  /** Upright lines and times of day between two pixels of the page. */
  times(from: number, to: number): void {
    const { geometry, inks, words } = this.#parts;
    printTimes(this.#context, geometry, inks, words, this.#origin, { from, to });
  }

  tint(stretch: Stretch<unknown>): void {
    const { geometry, inks } = this.#parts;
    for (const field of [geometry.rate, geometry.activity]) this.bar(stretch, field, inks.lateTint);
  }

  bar(stretch: Stretch<unknown>, field: Field, colour: string): void {
    const { x, width } = this.#span(stretch);
    this.#context.fillStyle = colour;
    this.#context.fillRect(x, field.top, width, field.bottom - field.top);
  }

  /** What is not trusted, and the baseline: the traces run over them. */
  beneathTraces(): void {
    const { findings, baselines } = this.#found;
    for (const finding of findings) if (isGround(finding.kind)) this.#find(finding);
    for (const line of baselines) drawBaseline(this.#context, this.#markParts(), line);
  }

  overTraces(): void {
    for (const finding of this.#found.findings) if (!isGround(finding.kind)) this.#find(finding);
  }

  /** The grounds of the blocks; their words follow the eye and lie over the sheet. */
  ribbon(): void {
    const { geometry, inks, annotations } = this.#parts;
    if (geometry.ribbon.bottom === geometry.ribbon.top) return;
    const fetuses = gradedFetuses(annotations);
    const hatch = (colour: string, kind: HatchKind) => hatching(this.#context, colour, kind, geometry.ratio);
    const parts = { geometry, inks, hatch, origin: this.#origin };
    for (const block of this.#found.blocks) {
      drawCell(this.#context, parts, block, ribbonLane(geometry, fetuses, block.fetus), block);
    }
  }

  #find(finding: Annotations['findings'][number]): void {
    drawFinding(this.#context, this.#markParts(), finding);
  }

  #markParts(): MarkParts {
    const { geometry, inks, words } = this.#parts;
    const artefactFill = hatching(this.#context, inks.artefact, 'leaning', geometry.ratio);
    return { geometry, inks, words, origin: this.#origin, artefactFill };
  }

  hatch(stretch: Stretch<unknown>, field: Field, colour: string, kind: HatchKind): void {
    const pattern = hatching(this.#context, colour, kind, this.#parts.geometry.ratio);
    const { x, width } = this.#span(stretch);
    this.#context.fillStyle = pattern;
    this.#context.fillRect(x, field.top, width, field.bottom - field.top);
  }

  losses(rows: Rows, channel: Channel, field: Field, colour: string): void {
    for (const stretch of absences(this.#parts.columns, channel, rows)) {
      if (stretch.to - stretch.from >= LOSS_SHOWN_MICROS) this.hatch(stretch, field, colour, 'lines');
    }
  }

  /** Movements as short bars, event marks as a flag between the fields with a line upwards. */
  marks(rows: Rows): void {
    const { geometry, inks, columns } = this.#parts;
    const context = this.#context;
    const bar = Math.round((geometry.middle.bottom - geometry.middle.top) * 0.3);
    for (let row = rows.first; row < rows.end; row += 1) {
      const at = columns.at[row] ?? 0;
      context.fillStyle = inks.movement;
      for (let i = 0; i < TICKS_PER_SECOND; i += 1) {
        if ((((columns.movement[row] ?? 0) >> (2 * i)) & 3) !== MOVING) continue;
        const x = Math.floor(this.#x(at + i * TICK_MICROS));
        const next = Math.ceil(this.#x(at + (i + 1) * TICK_MICROS));
        context.fillRect(x, geometry.middle.bottom - bar, Math.max(next - x, 1), bar);
      }
      if (((columns.flags[row] ?? 0) & Flag.eventMark) !== 0) this.#event(this.#x(at));
    }
  }

  /** A trace from where its pen was kept; gives the pen before the row `keepAtRow`. */
  trace(rows: Rows, channel: Channel, from: PenState | undefined, keepAtRow: number | undefined): PenState | undefined {
    const { geometry, inks, columns } = this.#parts;
    const field = channel === 'ua' ? geometry.activity : geometry.rate;
    const y = channel === 'ua' ? activityY : rateY;
    const pens = { steady: new Path2D(), doubtful: new Path2D() };
    const offPaper = (x: number, edge: 'top' | 'bottom') => this.#arrow(x, field, edge, inks[channel]);
    const place = {
      x: (at: number) => this.#x(at),
      y: (value: number) => y(geometry, value),
      top: field.top,
      bottom: field.bottom,
    };
    const magnified = magnification(geometry.ratio, geometry.cm);
    const dash = { lengths: STYLES[channel].dash.map((px) => px * magnified), anewEveryPx: sectionPx(geometry.ratio) };
    const resume = { from: from === undefined ? undefined : shifted(from, -this.#origin), ...(keepAtRow === undefined ? {} : { keepAtRow }) };
    const state = drawTrace(columns, channel, rows, place, { ...pens, offPaper, dash }, resume);
    const kept = state === undefined ? undefined : shifted(state, this.#origin);
    // On the smallest tiles the contractions have no field; the pen is kept all the same.
    if (channel === 'ua' && geometry.detail === 'rates') return kept;
    this.#stroke(channel, pens.steady, 1, 1);
    this.#stroke(channel, pens.doubtful, DOUBTFUL.width, DOUBTFUL.alpha);
    return kept;
  }

  #stroke(channel: Channel, path: Path2D, width: number, alpha: number): void {
    const { geometry, inks } = this.#parts;
    const context = this.#context;
    const { cssPx } = STYLES[channel];
    const lineCss = geometry.detail === 'full' ? cssPx : cssPx * 0.85;
    context.globalAlpha = alpha;
    context.strokeStyle = inks[channel];
    context.lineWidth = Math.max(1, lineCss * width * magnification(geometry.ratio, geometry.cm));
    context.lineJoin = 'round';
    context.stroke(path);
    context.globalAlpha = 1;
  }

  #event(x: number): void {
    const { geometry, inks } = this.#parts;
    const context = this.#context;
    const size = Math.max(3, geometry.lane * 0.8);
    const { top } = geometry.middle;
    context.fillStyle = inks.event;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x - size / 2, top + size);
    context.lineTo(x + size / 2, top + size);
    context.fill();
    context.globalAlpha = 0.55;
    context.fillRect(Math.round(x), geometry.rate.top, Math.max(1, geometry.ratio), top - geometry.rate.top);
    context.globalAlpha = 1;
  }

  #arrow(x: number, field: Field, edge: 'top' | 'bottom', colour: string): void {
    const { geometry } = this.#parts;
    const size = Math.max(2, geometry.lane * 0.6);
    const tip = edge === 'top' ? field.top : field.bottom;
    const base = edge === 'top' ? tip + size : tip - size;
    this.#context.fillStyle = colour;
    this.#context.beginPath();
    this.#context.moveTo(x, tip);
    this.#context.lineTo(x - size / 2, base);
    this.#context.lineTo(x + size / 2, base);
    this.#context.fill();
  }

  #x(at: number): number {
    return this.#parts.geometry.time.px(at) - this.#origin;
  }

  /** The whole pixels of a stretch on this page. */
  #span(stretch: Stretch<unknown>): { readonly x: number; readonly width: number } {
    const x = Math.max(Math.round(this.#x(stretch.from)), 0);
    const end = Math.min(Math.round(this.#x(stretch.to)), this.#width);
    return { x, width: Math.max(end - x, 0) };
  }
}
