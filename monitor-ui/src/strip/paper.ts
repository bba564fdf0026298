/**
 * The empty paper: bands, grid, numbers, times of day.
 *
 * What is the same on every page is painted once for a paper scale ({@link blankPaper}); the
 * upright lines and the times depend on the moment and are added to each page.
 */
import { MICROS_PER_SECOND } from '../vitals/index.ts';
import { activityY, rateY } from './geometry.ts';
import type { Field, Geometry } from './geometry.ts';
import type { StripInks, StripWords } from './inks.ts';
import {
  ACTIVITY_BOLD_EVERY,
  ACTIVITY_MAX,
  ACTIVITY_THIN_EVERY,
  NORMAL_BAND_BPM,
  THIN_EVERY_BPM,
} from './paper_scale.ts';

/** A canvas one paints on. */
export type Context = CanvasRenderingContext2D;

/** Thin lines that would stand closer than this are left out; a tile's paper is small. */
const THIN_SPACING_PX_MIN = 5;

/** A new canvas of so many device pixels. */
export function newCanvas(width: number, height: number): { canvas: HTMLCanvasElement; context: Context } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser has no 2D canvas');
  return { canvas, context };
}

/** Paper of a width with everything that does not depend on the time. */
export function blankPaper(geometry: Geometry, inks: StripInks, width: number): HTMLCanvasElement {
  const { canvas, context } = newCanvas(width, geometry.height);
  const fill = (colour: string, top: number, bottom: number) => {
    context.fillStyle = colour;
    context.fillRect(0, top, width, bottom - top);
  };
  const high = Math.round(rateY(geometry, NORMAL_BAND_BPM.high));
  const low = Math.round(rateY(geometry, NORMAL_BAND_BPM.low));
  fill(inks.margin, 0, geometry.height);
  fill(inks.above, geometry.rate.top, high);
  fill(inks.paper, high, low);
  fill(inks.below, low, geometry.rate.bottom);
  fill(inks.paper, geometry.activity.top, geometry.activity.bottom);
  for (const line of rateLines(geometry)) drawLevel(context, geometry, inks, width, line);
  for (const line of activityLines(geometry)) drawLevel(context, geometry, inks, width, line);
  const bandPx = Math.max(1, Math.round(geometry.ratio * (geometry.detail === 'full' ? 1.5 : 1)));
  fill(inks.band, high - (bandPx >> 1), high - (bandPx >> 1) + bandPx);
  fill(inks.band, low - (bandPx >> 1), low - (bandPx >> 1) + bandPx);
  return canvas;
}

/** Pixels of a page, from the first to before the last. */
export interface Pixels {
  readonly from: number;
  readonly to: number;
}

/** Adds upright lines and times of day to some pixels of a page that begins at pixel `origin`. */
export function printTimes(
  context: Context,
  geometry: Geometry,
  inks: StripInks,
  words: StripWords,
  origin: number,
  { from, to }: Pixels,
): void {
  for (const rule of timeRules(geometry)) {
    const everyPx = geometry.time.px(rule.everyMicros);
    const thick = Math.max(1, Math.round(geometry.ratio * rule.cssPx));
    context.fillStyle = inks[rule.ink];
    for (let n = Math.floor((origin + from) / everyPx); n * everyPx < origin + to + thick; n += 1) {
      const x = Math.round(n * everyPx - origin) - (thick >> 1);
      for (const field of [geometry.rate, geometry.activity]) {
        context.fillRect(x, field.top, thick, field.bottom - field.top);
      }
    }
  }
  if (geometry.detail !== 'full') return;
  printTimesOfDay(context, geometry, inks, words, origin, { from, to });
}

/** The numbers of both scales, ending at pixel `x` or beginning there. */
export function printNumbers(
  context: Context,
  geometry: Geometry,
  inks: StripInks,
  x: number,
  align: 'left' | 'right',
): void {
  context.font = geometry.font;
  context.textBaseline = 'middle';
  context.textAlign = align;
  context.fillStyle = inks.label;
  for (const { level, y, bold } of [...rateLines(geometry), ...activityLines(geometry)]) {
    if (bold) context.fillText(String(level), x, y + geometry.fontPx * 0.04);
  }
}

interface Level {
  readonly level: number;
  readonly y: number;
  readonly bold: boolean;
  readonly field: Field;
}

function rateLines(geometry: Geometry): Level[] {
  const { minBpm, maxBpm, boldEveryBpm } = geometry.scale;
  // The 50-210 paper counts its bold lines from its lowest line, 50, not from zero.
  const isBold = (level: number) => (level - minBpm) % boldEveryBpm === 0;
  return levels(minBpm, maxBpm, THIN_EVERY_BPM).map((level) => ({
    level,
    y: Math.round(rateY(geometry, level)),
    bold: isBold(level),
    field: geometry.rate,
  }));
}

function activityLines(geometry: Geometry): Level[] {
  if (geometry.detail === 'rates') return [];
  return levels(0, ACTIVITY_MAX, ACTIVITY_THIN_EVERY).map((level) => ({
    level,
    y: Math.round(activityY(geometry, level)),
    bold: level % ACTIVITY_BOLD_EVERY === 0,
    field: geometry.activity,
  }));
}

function levels(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, n) => from + n * step);
}

function drawLevel(context: Context, geometry: Geometry, inks: StripInks, width: number, line: Level): void {
  const spacing = Math.abs(rateY(geometry, 0) - rateY(geometry, THIN_EVERY_BPM));
  if (!line.bold && spacing < THIN_SPACING_PX_MIN * geometry.ratio) return;
  const thick = Math.max(1, Math.round(geometry.ratio));
  context.fillStyle = line.bold ? inks.gridBold : inks.gridThin;
  context.fillRect(0, line.y - (thick >> 1), width, thick);
}

interface TimeRule {
  readonly everyMicros: number;
  readonly ink: 'gridThin' | 'gridBold' | 'gridMinute';
  readonly cssPx: number;
}

/** Upright lines every half centimetre, every centimetre, and every minute above them. */
function timeRules(geometry: Geometry): TimeRule[] {
  const minute = 60 * MICROS_PER_SECOND;
  const centimetre = minute / geometry.cmPerMinute;
  if (geometry.detail !== 'full') {
    const fifth: TimeRule = { everyMicros: 5 * minute, ink: 'gridBold', cssPx: 1 };
    const isDense = centimetre * geometry.time.pxPerMicro < 8 * geometry.ratio;
    return isDense ? [fifth] : [{ everyMicros: minute, ink: 'gridThin', cssPx: 1 }, fifth];
  }
  const minuteRule: TimeRule = { everyMicros: minute, ink: 'gridMinute', cssPx: 1 };
  const half: TimeRule = { everyMicros: centimetre / 2, ink: 'gridThin', cssPx: 1 };
  const whole: TimeRule = { everyMicros: centimetre, ink: 'gridBold', cssPx: 1 };
  return [half, whole, { ...minuteRule, cssPx: geometry.cmPerMinute === 1 ? 1 : 1.5 }];
}

/** A time of day every three centimetres, as recorders print it. */
function printTimesOfDay(
  context: Context,
  geometry: Geometry,
  inks: StripInks,
  words: StripWords,
  origin: number,
  { from, to }: Pixels,
): void {
  const everyMicros = (3 * 60 * MICROS_PER_SECOND) / geometry.cmPerMinute;
  const everyPx = geometry.time.px(everyMicros);
  context.font = geometry.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const y = (geometry.middle.top + geometry.middle.bottom) / 2;
  const first = Math.floor((origin + from - everyPx) / everyPx);
  for (let n = first; n * everyPx < origin + to; n += 1) {
    const x = n * everyPx - origin;
    context.fillStyle = inks.label;
    context.fillText(words.timeOfDay(n * everyMicros), x + geometry.fontPx * 0.3, y);
    context.fillStyle = inks.gridMinute;
    const height = geometry.middle.bottom - geometry.middle.top;
    context.fillRect(Math.round(x), geometry.middle.top, Math.max(1, geometry.ratio), height);
  }
}
