/**
 * The ribbon of levels along the foot of the strip: a cell for each block of ten minutes, and
 * the level of the last minutes where the next block is not over yet.
 *
 * A level is its colour, its number and its words. No level is grey and hatched, a level that
 * rests on earlier minutes is hatched over its colour, minutes that nobody analysed are empty.
 */
import { isCarried, MICROS_PER_SECOND } from '../vitals/index.ts';
import type { Annotations, FetusNumber, PlacedAssessment } from '../vitals/index.ts';
import type { Field, Geometry } from './geometry.ts';
import { levelInks } from './inks.ts';
import type { StripInks, StripWords } from './inks.ts';
import type { MarkPen } from './marks.ts';

/** The last minutes may end so long before now until they count as not analysed. */
export const ANALYSED_LAG_MICROS = 60 * MICROS_PER_SECOND;

/** Everything the ribbon is drawn from. */
export interface RibbonParts {
  readonly geometry: Geometry;
  readonly inks: StripInks;
  /** A fill of one colour; the canvas's own hatching, or a test's word for it. */
  readonly hatch: (colour: string, kind: 'lines' | 'leaning') => string | CanvasPattern;
  /** Sheet pixel of the pen's left edge. */
  readonly origin: number;
}

/** The lane of one fetus; twins share the ribbon. */
export function ribbonLane({ ribbon, ratio }: Geometry, fetuses: readonly FetusNumber[], fetus: FetusNumber): Field {
  const index = Math.max(0, fetuses.indexOf(fetus));
  const each = (ribbon.bottom - ribbon.top) / Math.max(1, fetuses.length);
  const gap = index === 0 ? 0 : Math.round(ratio);
  return { top: Math.round(ribbon.top + index * each) + gap, bottom: Math.round(ribbon.top + (index + 1) * each) };
}

/** Of whom there are levels. */
export function gradedFetuses({ blocks, rolling }: Annotations): readonly FetusNumber[] {
  const found = new Set([...blocks, ...rolling].map(({ fetus }) => fetus));
  return found.size === 0 ? [1] : [...found].sort();
}

/** Draws the ground of one cell between two moments. */
export function drawCell(
  pen: MarkPen,
  parts: RibbonParts,
  assessment: PlacedAssessment,
  lane: Field,
  span: { readonly from: number; readonly to: number },
): void {
  const { geometry, inks, origin } = parts;
  const line = Math.max(1, Math.round(geometry.ratio));
  const x = Math.round(geometry.time.px(span.from) - origin);
  const width = Math.round(geometry.time.px(span.to) - origin) - x - line;
  if (width <= 0) return;
  const { ground, text } = levelInks(inks, assessment.shown);
  const height = lane.bottom - lane.top;
  pen.save();
  pen.fillStyle = ground;
  pen.globalAlpha = assessment.state === 'provisional' ? 0.55 : 1;
  pen.fillRect(x, lane.top, width, height);
  if (assessment.shown === undefined || isCarried(assessment)) {
    pen.globalAlpha = 0.45;
    pen.fillStyle = parts.hatch(text, assessment.shown === undefined ? 'lines' : 'leaning');
    pen.fillRect(x, lane.top, width, height);
  }
  pen.restore();
}

/** The minutes that the level of the last minutes adds to the ribbon: from the last block on. */
export function openSpan(annotations: Annotations, rolling: PlacedAssessment): { from: number; to: number } {
  const ends = annotations.blocks.filter(({ fetus }) => fetus === rolling.fetus).map(({ to }) => to as number);
  return { from: Math.max(rolling.from, ...ends), to: rolling.to };
}

/** Where a label may stand, in pixels of its pen. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly lane: Field;
}

/** Writes the fullest words that fit into a cell, on a plate of its own colour. */
export function drawCellWords(
  pen: MarkPen,
  parts: RibbonParts,
  words: Pick<StripWords, 'level'>,
  assessment: PlacedAssessment,
  place: Place,
): void {
  drawWords(pen, parts, words.level(assessment), levelInks(parts.inks, assessment.shown), place);
}

/** Writes that nobody analysed these minutes. */
export function drawNotAnalysed(pen: MarkPen, parts: RibbonParts, text: string, place: Place): void {
  const { inks } = parts;
  const height = place.lane.bottom - place.lane.top;
  pen.fillStyle = inks.margin;
  pen.fillRect(place.from, place.lane.top, place.to - place.from, height);
  pen.fillStyle = parts.hatch(inks.gridBold, 'lines');
  pen.fillRect(place.from, place.lane.top, place.to - place.from, height);
  drawWords(pen, parts, [text], { ground: inks.plate, text: inks.label }, place);
}

function drawWords(
  pen: MarkPen,
  { geometry }: RibbonParts,
  wordings: readonly string[],
  colours: { readonly ground: string; readonly text: string },
  { from, to, lane }: Place,
): void {
  const height = lane.bottom - lane.top;
  const fontPx = Math.min(geometry.fontPx, height * 0.95);
  pen.font = `650 ${geometry.font.replace(/^[\d.]+px/, `${fontPx}px`)}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const padding = fontPx * 0.45;
  const fitting = wordings.find((each) => pen.measureText(each).width + 2 * padding <= to - from);
  if (fitting === undefined) return;
  const width = pen.measureText(fitting).width + 2 * padding;
  const x = (from + to) / 2;
  pen.fillStyle = colours.ground;
  pen.fillRect(x - width / 2, lane.top, width, height);
  pen.fillStyle = colours.text;
  pen.fillText(fitting, x, (lane.top + lane.bottom) / 2 + fontPx * 0.05);
}
