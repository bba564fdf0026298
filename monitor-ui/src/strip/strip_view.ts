/**
 * One strip on one canvas: which pages are in sight, which of them to paint anew.
 *
 * The right edge is now. The sheet moves by whole pixels, so that grid lines stay sharp; when
 * neither the pixel nor the data changed, nothing is painted.
 */
import type { Annotations, PlacedBaseline, Profile, RegionTime, SecondColumns } from '../vitals/index.ts';
import { layOut } from './geometry.ts';
import type { Geometry, StripDetail } from './geometry.ts';
import { hatchPx } from './hatching.ts';
import type { StripInks, StripWords } from './inks.ts';
import { paintOverlay } from './overlay.ts';
import type { Span } from './overlay.ts';
import { annotationsBetween, paintPage, rowsBetween } from './page.ts';
import { blankPaper, newCanvas } from './paper.ts';
import type { Context } from './paper.ts';
import type { PaperScale } from './paper_scale.ts';
import { pick } from './pick.ts';
import type { Picked } from './pick.ts';

/** How a strip looks. */
export interface StripLook {
  readonly detail: StripDetail;
  readonly paper: PaperScale;
  readonly inks: StripInks;
  readonly words: StripWords;
  /** Which reading of the strip is shown. */
  readonly profile: Profile;
}

/** What a strip shows. */
export interface StripSubject {
  readonly columns: SecondColumns;
  readonly annotations: Annotations;
  /** Whether somebody analyses it now: where not, no level is the present one. */
  readonly analysis: 'going on' | 'absent';
  /** What somebody chose to look at; `undefined` where nothing is chosen. */
  readonly highlight: Span | undefined;
}

/** Pages are so many pieces of hatching wide: 256 CSS pixels. */
const HATCHES_PER_PAGE = 32;

interface Page {
  readonly canvas: HTMLCanvasElement;
  readonly context: Context;
  /** Tells the data it was painted from. */
  print: string;
}

/** One strip. */
export class StripView {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: Context;
  #look: StripLook;
  #geometry: Geometry;
  #blank: HTMLCanvasElement | undefined;
  #pages = new Map<number, Page>();
  #painted = '';
  #left = 0;

  /** Takes the canvas over: its size and its pixels belong to this view from now on. */
  constructor(canvas: HTMLCanvasElement, look: StripLook) {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser has no 2D canvas');
    this.#canvas = canvas;
    this.#context = context;
    this.#look = look;
    this.#geometry = layOut(look.detail, look.paper, 1);
  }

  /** Takes another look, width or screen: everything is painted anew at the next painting. */
  configure(look: StripLook, cssWidth: number, ratio: number): void {
    this.#look = look;
    this.#geometry = layOut(look.detail, look.paper, ratio);
    this.#canvas.width = Math.max(1, Math.round(cssWidth * ratio));
    this.#canvas.height = this.#geometry.height;
    this.#canvas.style.height = `${this.#geometry.height / ratio}px`;
    this.#blank = undefined;
    this.#pages.clear();
    this.#painted = '';
  }

  /** Paints what changed; `now` is the region's time, `undefined` while nobody knows it. */
  paint(subject: StripSubject, now: RegionTime | undefined): 'painted' | 'unchanged' {
    if (now === undefined) return 'unchanged';
    const geometry = this.#geometry;
    const { columns, annotations, analysis, highlight } = subject;
    const right = this.#canvas.width - geometry.gutter;
    const left = Math.floor(geometry.time.px(now)) - right;
    const print = `${left} ${columns.version} ${annotations.version} ${analysis} ${highlight?.from} ${highlight?.to}`;
    if (print === this.#painted) return 'unchanged';
    this.#painted = print;
    this.#left = left;
    this.#blitPages(subject, left, right);
    const { inks, words } = this.#look;
    paintOverlay(this.#context, { geometry, inks, words, ...subject, left, right }, now);
    return 'painted';
  }

  /** What lies at a place of the last painting, in CSS pixels from its upper left. */
  pick(annotations: Annotations, cssX: number, cssY: number): Picked | undefined {
    const { ratio } = this.#geometry;
    const at = this.#geometry.time.time(this.#left + cssX * ratio);
    return pick(this.#geometry, annotations, this.#look.profile, at, cssY * ratio);
  }

  #blitPages(subject: StripSubject, left: number, right: number): void {
    const width = this.#pageWidth();
    const first = Math.floor(left / width);
    const last = Math.floor((left + right) / width);
    for (const index of this.#pages.keys()) {
      if (index < first || index > last) this.#pages.delete(index);
    }
    for (let index = first; index <= last; index += 1) {
      const page = this.#page(subject, index);
      this.#context.drawImage(page.canvas, index * width - left, 0);
    }
  }

  #page({ columns, annotations }: StripSubject, index: number): Page {
    const width = this.#pageWidth();
    const geometry = this.#geometry;
    let page = this.#pages.get(index);
    if (page === undefined) {
      page = { ...newCanvas(width, geometry.height), print: '' };
      this.#pages.set(index, page);
    }
    const print = this.#printOf(columns, annotations, index * width, width);
    if (page.print !== print) {
      page.print = print;
      const { inks, words, profile } = this.#look;
      this.#blank ??= blankPaper(geometry, inks, width);
      const parts = { geometry, inks, words, blank: this.#blank, columns, annotations, profile };
      paintPage(page.context, parts, index * width, width);
    }
    return page;
  }

  /**
   * Tells whether the data of a page changed: seconds never change once they came, so their
   * number, their neighbours and the channels in use say it all. What was found changes by
   * revisions.
   */
  #printOf(columns: SecondColumns, annotations: Annotations, origin: number, width: number): string {
    const { first, end } = rowsBetween(this.#geometry, columns, origin, origin + width);
    const before = columns.at[first - 1] ?? 0;
    const after = columns.at[end - 1] ?? 0;
    const { findings, blocks, baselines } = this.#found(annotations, origin, width);
    const revisions = [...findings, ...blocks].map(({ id, revision }) => `${id}.${revision}`);
    const lines = baselines.map((line) => this.#lineOf(line, origin, width));
    return `${end - first} ${before} ${after} ${columns.used.size} ${revisions.join(' ')} ${lines.join(' ')}`;
  }

  #found(annotations: Annotations, origin: number, width: number): ReturnType<typeof annotationsBetween> {
    return annotationsBetween(this.#geometry, annotations, this.#look.profile, origin, origin + width);
  }

  /**
   * Tells the part of a baseline that is on a page. Its newest stretch grows with every look of
   * the analysis, and the pages that it has left behind need not be painted again for that.
   */
  #lineOf({ id, state, from, stepMicros, bpm }: PlacedBaseline, origin: number, width: number): string {
    const { time } = this.#geometry;
    const index = (px: number) => Math.floor((time.time(px) - from) / stepMicros);
    const part = bpm.subarray(Math.max(index(origin), 0), Math.max(index(origin + width) + 2, 0));
    let sum = 0;
    part.forEach((value, n) => (sum += Number.isNaN(value) ? n : value * (n + 1)));
    return part.length === 0 ? '' : `${id}.${state}.${part.length}.${sum}`;
  }

  #pageWidth(): number {
    return hatchPx(this.#geometry.ratio) * HATCHES_PER_PAGE;
  }
}
