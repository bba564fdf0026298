/**
 * How large a centimetre is on this screen: matched by somebody with a card or a ruler, and kept
 * for each screen. A browser does not know; its own centimetre is a guess.
 *
 * Kept in device pixels, so that it stays true when the page is zoomed. A screen is known by its
 * resolution alone, which is all that a page is told: another one is not calibrated, and two of
 * the same resolution and different size are taken for one, which the dialog says.
 */
import type { Shelf } from './settings.ts';

/** A bank card, a driving licence: 85.60 mm × 53.98 mm. Source: ISO/IEC 7810, format ID-1. */
export const CARD_CM = { long: 8.56, short: 5.398 } as const;

/**
 * Device pixels of a centimetre that a screen can have: a television of 4 m width and 1920
 * pixels has 5, a telephone of 570 dots an inch has 224. Design, with room.
 */
export const DEVICE_PX_PER_CM = { min: 4, max: 260 } as const;

/** A step of the matching, device pixels a centimetre: less than a pixel on a card's length. */
export const STEP_DEVICE_PX_PER_CM = 0.1;

/** Screens that are remembered; the longest known is forgotten first. */
const SCREENS_MAX = 16;

/** The screen that the page is on. */
export interface Display {
  /** In the pixels that the browser reports. */
  readonly width: number;
  readonly height: number;
  /** Device pixels of a CSS pixel, zoom included. */
  readonly ratio: number;
}

const KEY = 'ubugoe.wall.calibration';

/** Device pixels of a centimetre on a screen; `undefined` where nobody has matched it. */
export function loadCalibration(shelf: Shelf, display: Display): number | undefined {
  return screens(shelf).find(([key]) => key === keyOf(display))?.[1];
}

/** Keeps what was matched on a screen, or forgets it. */
export function keepCalibration(shelf: Shelf, display: Display, devicePxPerCm: number | undefined): void {
  const others = screens(shelf).filter(([key]) => key !== keyOf(display));
  const kept = devicePxPerCm === undefined || !isPossible(devicePxPerCm) ? others : [...others, [keyOf(display), devicePxPerCm]];
  try {
    shelf.setItem(KEY, JSON.stringify(kept.slice(-SCREENS_MAX)));
  } catch {
    // Where storage is forbidden the match holds until the page is closed.
  }
}

/** A value moved by some steps, within what a screen can have. */
export function stepped(devicePxPerCm: number, steps: number): number {
  const moved = Math.round(devicePxPerCm / STEP_DEVICE_PX_PER_CM + steps) * STEP_DEVICE_PX_PER_CM;
  const within = Math.min(Math.max(moved, DEVICE_PX_PER_CM.min), DEVICE_PX_PER_CM.max);
  return Math.round(within * 100) / 100;
}

function keyOf({ width, height }: Display): string {
  // A telephone that is turned is the same screen.
  return `${Math.max(width, height)}x${Math.min(width, height)}`;
}

function isPossible(value: unknown): value is number {
  return typeof value === 'number' && value >= DEVICE_PX_PER_CM.min && value <= DEVICE_PX_PER_CM.max;
}

function screens(shelf: Shelf): (readonly [string, number])[] {
  try {
    const kept: unknown = JSON.parse(shelf.getItem(KEY) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((each: unknown) => {
      if (!Array.isArray(each)) return [];
      const [key, value] = each as unknown[];
      return typeof key === 'string' && isPossible(value) ? [[key, value] as const] : [];
    });
  } catch {
    return [];
  }
}
