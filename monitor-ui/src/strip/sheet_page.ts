/** A page of the sheet, on which only what changed is painted. */
import type { PageParts, PageSpan } from './page.ts';
import { paintPage } from './page.ts';
import { Growth } from './growth.ts';
import { newCanvas } from './paper.ts';
import type { Context } from './paper.ts';

/** One page. */
export class SheetPage {
  readonly canvas: HTMLCanvasElement;
  readonly #context: Context;
  readonly #span: PageSpan;
  readonly #growth = new Growth();

  constructor(span: PageSpan, height: number) {
    const { canvas, context } = newCanvas(span.width, height);
    this.canvas = canvas;
    this.#context = context;
    this.#span = span;
  }

  /** Paints what changed. All but the columns and what was found is the same for a page's life. */
  bring(parts: PageParts): void {
    const { origin, width } = this.#span;
    const { what, keepAtRow } = this.#growth.look(parts, this.#span);
    if (what === 'nothing') return;
    const touched = what === 'grown' ? this.#growth.touched(parts) : undefined;
    const from = touched === undefined ? 0 : Math.max(touched.from - origin, 0);
    const to = touched === undefined ? width : Math.min(touched.to - origin, width);
    // Seconds beyond the page's end change nothing on it, but the pens that were kept are theirs.
    if (from >= to) return;
    this.#growth.keep(paintPage(this.#context, parts, this.#span, { from, to, pens: touched?.pens }, keepAtRow));
  }
}
