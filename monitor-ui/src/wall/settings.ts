/**
 * What this screen remembers: how it looks, and nothing about whom it shows.
 */
import { CSS_PX_PER_CM, heightCm, PAPER_SPEEDS, RATE_SCALE_NAMES, RATE_SCALES } from '../strip/index.ts';
import type { PaperSpeed, RateScaleName } from '../strip/index.ts';
import { THEMES } from '../theme/index.ts';
import type { ThemeName } from '../theme/index.ts';
import { PROFILES } from '../vitals/index.ts';
import type { Profile } from '../vitals/index.ts';
import { ORDERS } from './grid_order.ts';
import type { Order } from './grid_order.ts';
import type { Language } from './words.ts';

/** Magnifications of the large strip; both directions alike, so that shapes stay true. */
export const MAGNIFICATIONS: readonly number[] = [1, 1.5, 2, 3];

/** The look of one screen. */
export interface Settings {
  readonly language: Language;
  readonly theme: ThemeName;
  readonly speed: PaperSpeed;
  readonly rate: RateScaleName;
  readonly magnification: number;
  /** Which findings the strips show; levels rest on the definitions whatever is shown. */
  readonly profile: Profile;
  /** Whether the reading stands beside the large strip. */
  readonly reading: 'open' | 'closed';
  /** How the tiles are sorted. */
  readonly order: Order;
}

/** Where settings are kept; the browser's local storage, or a test's map. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** What a screen is like before anybody chose. */
export interface Screen {
  readonly height: number;
  readonly theme: ThemeName;
}

const KEY = 'ubugoe.wall.settings';

/** The part of the screen's height that the large strip takes where nobody chose its size. */
const STRIP_SHARE = 0.52;

/** Reads the settings; whatever is missing or odd is as on a new screen. */
export function loadSettings(shelf: Shelf, screen: Screen): Settings {
  const kept = parsed(shelf.getItem(KEY));
  return {
    language: oneOf(['ja', 'en'], kept['language']) ?? 'ja',
    theme: oneOf(THEMES, kept['theme']) ?? screen.theme,
    speed: oneOf(PAPER_SPEEDS, kept['speed']) ?? 3,
    rate: oneOf(RATE_SCALE_NAMES, kept['rate']) ?? '30-240',
    magnification: oneOf(MAGNIFICATIONS, kept['magnification']) ?? magnificationFor(screen.height),
    profile: oneOf(PROFILES, kept['profile']) ?? 'definition',
    reading: oneOf(['open', 'closed'], kept['reading']) ?? 'open',
    order: oneOf(ORDERS, kept['order']) ?? 'urgency',
  };
}

/** Keeps the settings. */
export function keepSettings(shelf: Shelf, settings: Settings): void {
  try {
    shelf.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that forbids storage shows the wall all the same; it only forgets the look.
  }
}

/** The magnification of a new screen: the largest that leaves room for the beds. */
function magnificationFor(height: number): number {
  const stripPx = heightCm('full', RATE_SCALES['30-240']) * CSS_PX_PER_CM;
  const fitting = MAGNIFICATIONS.filter((times) => times * stripPx <= STRIP_SHARE * height);
  return fitting.at(-1) ?? 1;
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function oneOf<Word>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}
