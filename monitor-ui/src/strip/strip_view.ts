/**
 * One strip on one canvas: which pages are in sight, which of them to paint anew.
 *
 * The right edge is now. The sheet moves by whole pixels, so that grid lines stay sharp; when
 * neither the pixel nor the data changed, nothing is painted.
 */
import type { Annotations, Profile, RegionTime, SecondColumns } from '../vitals/index.ts';
import { layOut } from './geometry.ts';
import type { Geometry, StripDetail } from './geometry.ts';
import { sectionPx } from './hatching.ts';
import type { StripInks, StripWords } from './inks.ts';
import { paintOverlay, paintSilence, trailingGap } from './overlay.ts';
import type { Span } from './overlay.ts';
import type { PageParts } from './page.ts';
import { blankPaper } from './paper.ts';
import type { Context } from './paper.ts';
import type { PaperScale } from './paper_scale.ts';
import { pick } from './pick.ts';
import type { Picked } from './pick.ts';
import { RunningSheet } from './running_sheet.ts';
import { SheetPage } from './sheet_page.ts';

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

/** Pages are so many sections wide: 256 CSS pixels. */
const SECTIONS_PER_PAGE = 8;

/** From what the canvas was painted last. */
interface Painted {
  readonly left: number;
  readonly silentFrom: number | undefined;
  readonly columns: SecondColumns;
  readonly columnsVersion: number;
  readonly annotationsVersion: number;
  readonly analysis: StripSubject['analysis'];
  readonly highlight: Span | undefined;
}

/** One strip. */
export class StripView {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: Context;
  #look: StripLook;
  #geometry: Geometry;
  #blank: HTMLCanvasElement | undefined;
  /** The large strip can be held in the past: its sheet is kept in pages. */
  #pages = new Map<number, SheetPage>();
  /** A tile always shows now. */
  readonly #running: RunningSheet;
  #painted: Painted | undefined;
  #left = 0;

  /** Takes the canvas over: its size and its pixels belong to this view from now on. */
  constructor(canvas: HTMLCanvasElement, look: StripLook) {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser has no 2D canvas');
    this.#canvas = canvas;
    this.#context = context;
    this.#running = new RunningSheet(context);
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
    this.#running.forget();
    this.#painted = undefined;
  }

  /** Paints what changed; `now` is the region's time, `undefined` while nobody knows it. */
  paint(subject: StripSubject, now: RegionTime | undefined): 'painted' | 'unchanged' {
    if (now === undefined) return 'unchanged';
    const geometry = this.#geometry;
    const { columns, annotations, analysis, highlight } = subject;
    const right = this.#canvas.width - geometry.gutter;
    const left = Math.floor(geometry.time.px(now)) - right;
    const silence = trailingGap(columns, now, geometry.time.time(left));
    const silentFrom = silence === undefined ? undefined : Math.floor(geometry.time.px(silence.from));
    const before = this.#painted;
    const isSame =
      before !== undefined &&
      before.left === left &&
      before.silentFrom === silentFrom &&
      before.columns === columns &&
      before.columnsVersion === columns.version &&
      before.annotationsVersion === annotations.version &&
      before.analysis === analysis &&
      before.highlight === highlight;
    if (isSame) return 'unchanged';
    const [columnsVersion, annotationsVersion] = [columns.version, annotations.version];
    this.#painted = { left, silentFrom, columns, columnsVersion, annotationsVersion, analysis, highlight };
    this.#left = left;
    const parts = this.#parts(subject);
    const { inks, words } = this.#look;
    const view = { geometry, inks, words, ...subject, left, right, silence };
    if (geometry.detail === 'full') {
      this.#blitPages(parts, left, right);
      paintOverlay(this.#context, view, now);
    } else if (this.#running.bring(parts, { left, width: right, silentFrom }) === 'painted') paintSilence(this.#context, view);
    return 'painted';
  }

  /** What lies at a place of the last painting, in CSS pixels from its upper left. */
  pick(annotations: Annotations, cssX: number, cssY: number): Picked | undefined {
    const { ratio } = this.#geometry;
    const at = this.#geometry.time.time(this.#left + cssX * ratio);
    return pick(this.#geometry, annotations, this.#look.profile, at, cssY * ratio);
  }

  #parts({ columns, annotations }: StripSubject): PageParts {
    const geometry = this.#geometry;
    const { inks, words, profile } = this.#look;
    this.#blank ??= blankPaper(geometry, inks, this.#pageWidth());
    return { geometry, inks, words, blank: this.#blank, columns, annotations, profile };
  }

  #blitPages(parts: PageParts, left: number, right: number): void {
    const width = this.#pageWidth();
    const first = Math.floor(left / width);
    const last = Math.floor((left + right) / width);
    for (const index of this.#pages.keys()) {
      if (index < first || index > last) this.#pages.delete(index);
    }
    for (let index = first; index <= last; index += 1) {
      let page = this.#pages.get(index);
      if (page === undefined) {
        page = new SheetPage({ origin: index * width, width }, parts.geometry.height);
        this.#pages.set(index, page);
      }
      page.bring(parts);
      this.#context.drawImage(page.canvas, index * width - left, 0);
    }
  }

  #pageWidth(): number {
    return sectionPx(this.#geometry.ratio) * SECTIONS_PER_PAGE;
  }
}
