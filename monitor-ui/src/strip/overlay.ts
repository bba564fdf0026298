/**
 * What lies over the moving sheet: why something is absent, in words; the words of the levels;
 * what somebody looks at; the scale numbers; and how long the paper has run on without data.
 *
 * Words stay in sight while their stretch does, so they are placed anew at each painting.
 */
import { groupOf, MICROS_PER_SECOND, regionTime } from '../vitals/index.ts';
import type { Annotations, SecondColumns } from '../vitals/index.ts';
import type { Field, Geometry } from './geometry.ts';
import { hatching, hatchPx } from './hatching.ts';
import { levelInks } from './inks.ts';
import type { StripInks, StripWords } from './inks.ts';
import {
  coincidenceBar,
  laneChannels,
  laneField,
  LOSS_SHOWN_MICROS,
  rowsBetween,
  wholeFieldChannel,
  wholeStrip,
} from './page.ts';
import { printNumbers } from './paper.ts';
import type { Context } from './paper.ts';
import {
  ANALYSED_LAG_MICROS,
  drawCell,
  drawCellWords,
  drawNotAnalysed,
  gradedFetuses,
  openSpan,
  ribbonLane,
} from './ribbon.ts';
import type { RibbonParts } from './ribbon.ts';
import { absences, coincidences, gaps, lateArrivals } from './stretches.ts';
import type { Rows, Stretch } from './stretches.ts';

/** The trace may end so long before now: a second is whole only when it is over. */
const END_LAG_MICROS = 3 * MICROS_PER_SECOND;

/** What is longer than this is bounded and not tinted: the paper's own colours mean something. */
const TINTED_MICROS_MAX = 300 * MICROS_PER_SECOND;

/** Strips wider than this have their numbers at both ends. */
const NUMBERED_BOTH_CSS_PX = 600;

/** From a moment to another, in region µs. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The part of the sheet that is in sight. */
export interface View {
  readonly geometry: Geometry;
  readonly inks: StripInks;
  readonly words: StripWords;
  readonly columns: SecondColumns;
  readonly annotations: Annotations;
  readonly analysis: 'going on' | 'absent';
  readonly highlight: Span | undefined;
  /** Sheet pixel at the left edge of the canvas, and canvas pixel where now is. */
  readonly left: number;
  readonly right: number;
  /** From the end of the data to now; `undefined` while data come. */
  readonly silence: Stretch<'trailing'> | undefined;
}

/** Paints everything that lies over the sheet of a large strip. */
export function paintOverlay(context: Context, view: View, now: number): void {
  const { geometry, words, columns, silence } = view;
  paintSilence(context, view);
  paintHighlight(context, view);
  const rows = rowsBetween(geometry, columns, view.left, view.left + view.right);
  paintLabels(context, view, rows);
  paintTitle(context, view, geometry.rate, words.rateTitle);
  paintTitle(context, view, geometry.activity, words.activityTitle(columns.transducers));
  if (silence !== undefined) {
    const seconds = Math.floor((silence.to - silence.from) / MICROS_PER_SECOND);
    label(context, view, silence, geometry.rate, words.noDataFor(seconds));
  }
  paintRibbon(context, view, now);
  paintGutters(context, view);
  paintPresentLevels(context, view, now);
}

/** Canvas pixel from which the sheet is seen: a wide strip has numbers at its left end too. */
function leftEnd({ geometry, right }: View): number {
  return right > NUMBERED_BOTH_CSS_PX * geometry.ratio ? geometry.gutter : 0;
}

function paintGutters(context: Context, view: View): void {
  const { geometry, inks, right } = view;
  const end = leftEnd(view);
  const line = Math.max(1, Math.round(geometry.ratio));
  const { top, bottom } = wholeStrip(geometry);
  context.fillStyle = inks.margin;
  context.fillRect(0, 0, end, geometry.height);
  context.fillRect(right, 0, geometry.gutter + geometry.cm, geometry.height);
  context.fillStyle = inks.gridBold;
  if (end > 0) context.fillRect(end - line, top, line, bottom - top);
  context.fillRect(right, top, line, bottom - top);
  if (end > 0) printNumbers(context, geometry, inks, end - geometry.fontPx * 0.35, 'right');
  printNumbers(context, geometry, inks, right + geometry.fontPx * 0.35, 'left');
}

/** From the end of the data to now, where that is longer than a second takes to come. */
export function trailingGap(columns: SecondColumns, now: number, leftmost: number): Stretch<'trailing'> | undefined {
  const newest = columns.count === 0 ? undefined : columns.at[columns.count - 1];
  const from = newest === undefined ? leftmost : newest + MICROS_PER_SECOND;
  return now - from < END_LAG_MICROS ? undefined : { from, to: now, what: 'trailing' };
}

/** Hatches the paper that has run on without data. */
export function paintSilence(context: Context, view: View): void {
  const { geometry, inks, left, right, silence } = view;
  if (silence === undefined) return;
  const side = hatchPx(geometry.ratio);
  const x = Math.max(Math.round(geometry.time.px(silence.from) - left), 0);
  const { top, bottom } = wholeStrip(geometry);
  // The piece is laid from the sheet's own origin, so that it moves with the paper.
  const shift = -(left % side);
  context.save();
  context.translate(shift, 0);
  context.fillStyle = hatching(context, inks.gap, 'dots', geometry.ratio);
  context.fillRect(x - shift, top, right - x, bottom - top);
  context.restore();
}

function paintLabels(context: Context, view: View, rows: Rows): void {
  const { geometry, columns, words } = view;
  const whole = wholeFieldChannel(columns);
  for (const channel of whole === undefined ? (['ua'] as const) : ([whole, 'ua'] as const)) {
    const field = channel === 'ua' ? geometry.activity : geometry.rate;
    for (const stretch of absences(columns, channel, rows)) {
      if (isShown(stretch)) label(context, view, stretch, field, words.absence(channel, stretch.what));
    }
  }
  laneChannels(columns).forEach((channel, n) => {
    for (const stretch of absences(columns, channel, rows)) {
      const text = words.absence(channel, stretch.what);
      if (isShown(stretch)) label(context, view, stretch, laneField(geometry, n), text);
    }
  });
  for (const stretch of gaps(columns, rows)) {
    label(context, view, stretch, geometry.rate, words.gap(stretch.what));
  }
  for (const stretch of lateArrivals(columns, rows)) {
    label(context, view, stretch, laneField(geometry, laneChannels(columns).length), words.late);
  }
  for (const finding of view.annotations.findings) {
    if (groupOf(finding.kind) !== 'artefact') continue;
    const [text = ''] = words.finding(finding);
    label(context, view, { ...finding, what: finding.kind }, laneField(geometry, laneChannels(columns).length), text);
  }
  for (const stretch of coincidences(columns, rows)) {
    label(context, view, stretch, coincidenceBar(geometry), words.coincidence);
  }
}

/** What somebody chose to look at, from the top of the strip to its foot. */
function paintHighlight(context: Context, view: View): void {
  const { geometry, inks, highlight, left, right } = view;
  if (highlight === undefined) return;
  const x = Math.max(Math.round(geometry.time.px(highlight.from) - left), 0);
  const end = Math.min(Math.round(geometry.time.px(highlight.to) - left), right);
  if (end <= x) return;
  const line = Math.max(1, Math.round(geometry.ratio * 1.5));
  const { top } = geometry.rate;
  const height = geometry.activity.bottom - top;
  if (highlight.to - highlight.from < TINTED_MICROS_MAX) {
    context.fillStyle = inks.highlightTint;
    context.fillRect(x, top, end - x, height);
  }
  context.fillStyle = inks.highlight;
  context.fillRect(x, top, line, height);
  context.fillRect(end - line, top, line, height);
}

/** The words of the blocks in sight, the level of the last minutes, and what nobody analysed. */
function paintRibbon(context: Context, view: View, now: number): void {
  const { geometry, words, annotations, left, right } = view;
  const parts = ribbonParts(context, view);
  const fetuses = gradedFetuses(annotations);
  const place = (from: number, to: number, lane: Field) => ({
    from: Math.max(Math.round(geometry.time.px(from) - left), leftEnd(view)),
    to: Math.min(Math.round(geometry.time.px(to) - left), right),
    lane,
  });
  for (const fetus of fetuses) {
    const lane = ribbonLane(geometry, fetuses, fetus);
    const blocks = annotations.blocks.filter((block) => block.fetus === fetus);
    for (const block of blocks) drawCellWords(context, parts, words, block, place(block.from, block.to, lane));
    const rolling = annotations.rolling.find((each) => each.fetus === fetus);
    let end = blocks.at(-1)?.to ?? geometry.time.time(left);
    if (rolling !== undefined) {
      const open = openSpan(annotations, rolling);
      const isSeen = open.to > open.from && open.from < now;
      if (isSeen) drawCell(context, parts, { ...rolling, state: 'provisional' }, lane, { ...open, to: Math.min(open.to, now) });
      if (isSeen) drawCellWords(context, parts, words, rolling, place(open.from, open.to, lane));
      end = regionTime(Math.max(end, rolling.to));
    }
    if (now - end > lagOf(view)) drawNotAnalysed(context, parts, words.notAnalysed, place(end, now, lane));
  }
}

/** The number of the present level beside the ribbon, where the eye looks for now. */
function paintPresentLevels(context: Context, view: View, now: number): void {
  const { geometry, annotations, inks, right } = view;
  const fetuses = gradedFetuses(annotations);
  for (const rolling of annotations.rolling) {
    if (Math.abs(now - rolling.to) > lagOf(view)) continue;
    const lane = ribbonLane(geometry, fetuses, rolling.fetus);
    const { ground, text } = levelInks(inks, rolling.shown);
    context.fillStyle = ground;
    context.fillRect(right + 1, lane.top, geometry.gutter, lane.bottom - lane.top);
    context.fillStyle = text;
    const fontPx = Math.min(geometry.fontPx * 1.1, (lane.bottom - lane.top) * 0.95);
    context.font = `700 ${geometry.font.replace(/^[\d.]+px/, `${fontPx}px`)}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(rolling.shown === undefined ? '–' : String(rolling.shown), right + geometry.gutter / 2, (lane.top + lane.bottom) / 2);
  }
}

/** How long the ribbon may end before now: not at all while nobody goes on with it. */
function lagOf({ analysis }: View): number {
  return analysis === 'absent' ? 0 : ANALYSED_LAG_MICROS;
}

function ribbonParts(context: Context, { geometry, inks, left }: View): RibbonParts {
  const hatch = (colour: string, kind: 'lines' | 'leaning') => hatching(context, colour, kind, geometry.ratio);
  return { geometry, inks, hatch, origin: left };
}

/** What a field shows, at its upper left. */
function paintTitle(context: Context, view: View, field: Field, text: string): void {
  const { geometry, inks } = view;
  context.font = geometry.font;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const padding = geometry.fontPx * 0.4;
  const height = geometry.fontPx * 1.5;
  const top = field.top + padding;
  const x = leftEnd(view) + padding;
  context.fillStyle = inks.plate;
  context.fillRect(x, top, context.measureText(text).width + 2 * padding, height);
  context.fillStyle = inks.label;
  context.fillText(text, x + padding, top + height / 2);
}

function isShown(stretch: Stretch<unknown>): boolean {
  return stretch.to - stretch.from >= LOSS_SHOWN_MICROS;
}

/** Words in the middle of a stretch: along it where they fit, upright where only that fits. */
function label(context: Context, view: View, stretch: Stretch<unknown>, field: Field, text: string): void {
  const { geometry, inks, left, right } = view;
  const from = Math.max(geometry.time.px(stretch.from) - left, leftEnd(view));
  const width = Math.min(geometry.time.px(stretch.to) - left, right) - from;
  context.font = geometry.font;
  const padding = geometry.fontPx * 0.4;
  const textWidth = context.measureText(text).width + 2 * padding;
  const textHeight = geometry.fontPx * 1.45;
  const isUpright = textWidth > width;
  const fits = isUpright ? width >= textHeight && textWidth <= field.bottom - field.top : true;
  if (!fits) return;
  context.save();
  context.translate(from + width / 2, (field.top + field.bottom) / 2);
  if (isUpright) context.rotate(-Math.PI / 2);
  context.fillStyle = inks.plate;
  context.fillRect(-textWidth / 2, -textHeight / 2, textWidth, textHeight);
  context.fillStyle = inks.label;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, 0, geometry.fontPx * 0.04);
  context.restore();
}
