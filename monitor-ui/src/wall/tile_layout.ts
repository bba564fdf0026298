/** How the tiles share their place: the most readable arrangement in which all are seen. */
import { heightCm } from '../strip/index.ts';
import type { RateScale, StripDetail } from '../strip/index.ts';

/** The place, in CSS pixels; how much a rem is, and a centimetre of paper at true size. */
export interface TilePlace {
  readonly width: number;
  readonly height: number;
  readonly rem: number;
  readonly gap: number;
  readonly pxPerCm: number;
}

/** The strip of every tile: what is printed, and the size of its paper against true size. */
export interface TileStrip {
  readonly detail: StripDetail;
  readonly scale: number;
}

/** The arrangement. */
export interface TileLayout {
  readonly columns: number;
  readonly height: number;
  /** `undefined` where there is no room for strips. */
  readonly strip: TileStrip | undefined;
}

/** What a tile can hold, best first. A few fixed sizes, so that a centimetre stays comparable. */
const STRIPS: readonly TileStrip[] = [
  ...[2, 1.75, 1.5, 1.25, 1, 4 / 5, 2 / 3, 3 / 5, 1 / 2, 2 / 5, 1 / 3, 1 / 4].map(
    (scale): TileStrip => ({ detail: 'mini', scale }),
  ),
  ...[1 / 4, 1 / 5, 1 / 6].map((scale): TileStrip => ({ detail: 'rates', scale })),
];
/** Centimetres, which are minutes on a tile, that a strip shows at least, and that suffice. */
const STRIP_CM_MIN = 7;
const STRIP_CM_ENOUGH = 20;
/**
 * Names and numbers of a tile without its strip, and the narrowest in which they stand. The names
 * of bed and house take two lines in a narrow tile.
 */
const TEXT_HEIGHT_REM = 8.75;
const WIDTH_REM_MIN = 11;
/** On a page that scrolls. */
const SCROLLING_STRIP: TileStrip = { detail: 'mini', scale: 1 / 3 };
const SCROLLING_WIDTH_REM_MIN = 17;

/** Arranges so many tiles on one screen. */
export function arrange(tiles: number, place: TilePlace, scale: RateScale): TileLayout {
  let best: { readonly layout: TileLayout; readonly worth: number } | undefined;
  for (let columns = 1; columns <= Math.max(tiles, 1); columns += 1) {
    const rows = Math.ceil(tiles / columns);
    const width = (place.width - place.gap * (columns - 1)) / columns;
    const height = Math.floor((place.height - place.gap * (rows - 1)) / rows);
    if (width < WIDTH_REM_MIN * place.rem || height < TEXT_HEIGHT_REM * place.rem) continue;
    const strip = largestStrip(width, height - TEXT_HEIGHT_REM * place.rem, place, scale);
    const worth = worthOf(strip, width, place);
    if (best === undefined || worth > best.worth) best = { layout: { columns, height, strip }, worth };
  }
  return best?.layout ?? scrolling(place, scale);
}

/** The arrangement of a page that scrolls: as many columns as are wide enough. */
export function scrolling(place: TilePlace, scale: RateScale): TileLayout {
  const widthMin = SCROLLING_WIDTH_REM_MIN * place.rem;
  const columns = Math.max(1, Math.floor((place.width + place.gap) / (widthMin + place.gap)));
  const height = TEXT_HEIGHT_REM * place.rem + heightPx(SCROLLING_STRIP, place, scale);
  return { columns, height: Math.ceil(height), strip: SCROLLING_STRIP };
}

/** The arrangement of one row of names and numbers, beside a strip on a small screen. */
export function inOneRow(tiles: number, place: TilePlace): TileLayout {
  return { columns: tiles, height: Math.ceil(TEXT_HEIGHT_REM * place.rem), strip: undefined };
}

function largestStrip(
  width: number,
  room: number,
  place: TilePlace,
  scale: RateScale,
): TileStrip | undefined {
  return STRIPS.find((strip) => {
    const isWideEnough = width >= strip.scale * STRIP_CM_MIN * place.pxPerCm;
    return isWideEnough && heightPx(strip, place, scale) <= room;
  });
}

function heightPx(strip: TileStrip, place: TilePlace, scale: RateScale): number {
  return Math.ceil(heightCm(strip.detail, scale) * strip.scale * place.pxPerCm);
}

/** A large strip is worth much, one that shows too few minutes less. */
function worthOf(strip: TileStrip | undefined, width: number, place: TilePlace): number {
  if (strip === undefined) return 0;
  const shownCm = width / (strip.scale * place.pxPerCm);
  const size = strip.detail === 'mini' ? strip.scale : strip.scale / 2;
  return size * Math.min(1, shownCm / STRIP_CM_ENOUGH);
}
