/**
 * The sheet of a tile, painted on the canvas that is seen: it moves by copying itself to the
 * left, and only the pixels of new seconds are painted.
 *
 * No page lies between: with a hundred tiles, each bitmap that is copied into another is felt.
 */
import { sectionPx } from './hatching.ts';
import { Growth } from './growth.ts';
import { paintPage } from './page.ts';
import type { PageParts } from './page.ts';
import type { Context } from './paper.ts';

/** Where on the sheet the canvas is. */
export interface Sight {
  /** Sheet pixel at the left edge, and pixels from there to now. */
  readonly left: number;
  readonly width: number;
  /** Sheet pixel from which there is no data up to now; `undefined` while data come. */
  readonly silentFrom: number | undefined;
}

/** One tile's sheet. */
export class RunningSheet {
  readonly #context: Context;
  readonly #growth = new Growth();
  #before: Sight | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Forgets what is on the canvas. */
  forget(): void {
    this.#before = undefined;
    this.#growth.forget();
  }

  /** Paints what changed, silence included; what lies over silence is to be painted again. */
  bring(parts: PageParts, sight: Sight): 'painted' | 'unchanged' {
    const { left, width } = sight;
    // Hatching and dashes are laid from the sheet's own origin, so that they move with the paper.
    const origin = left - (left % sectionPx(parts.geometry.ratio));
    const span = { origin, width: left + width - origin };
    const { what, keepAtRow } = this.#growth.look(parts, span);
    const before = this.#before;
    const moved = before === undefined ? width : left - before.left;
    if (what === 'nothing' && moved === 0 && before?.silentFrom === sight.silentFrom) return 'unchanged';
    this.#before = sight;
    const canStay = what !== 'all' && before?.width === width && moved >= 0 && moved < width;
    const touched = canStay ? this.#growth.touched(parts) : undefined;
    const from = touched === undefined ? 0 : this.#firstAnew(sight, touched.from, moved, before);
    const context = this.#context;
    if (from > 0 && moved > 0) context.drawImage(context.canvas, -moved, 0);
    const shift = origin - left;
    context.save();
    context.translate(shift, 0);
    // All of it begins at the section, of which the first pixels are left of the canvas.
    const part = from > 0 ? { from: from - shift, to: span.width, pens: touched?.pens } : { from: 0, to: span.width, pens: undefined };
    this.#growth.keep(paintPage(context, parts, span, part, keepAtRow));
    context.restore();
    return 'painted';
  }

  /** The first pixel of the canvas that does not stay: touched by new seconds, moved in, or silent. */
  #firstAnew({ left, width, silentFrom }: Sight, touchedFrom: number, moved: number, before: Sight | undefined): number {
    const silent = [silentFrom, before?.silentFrom].map((px) => (px ?? Infinity) - left);
    return Math.max(0, Math.floor(Math.min(touchedFrom - left, width - moved, ...silent)));
  }
}
