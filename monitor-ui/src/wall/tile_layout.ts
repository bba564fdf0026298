/** How the tiles share their place: the most readable arrangement in which all are seen. */

/** The place, in CSS pixels, and how much a rem is. */
export interface TilePlace {
  readonly width: number;
  readonly height: number;
  readonly rem: number;
  readonly gap: number;
}

/** The arrangement. */
export interface TileLayout {
  readonly columns: number;
  readonly height: number;
  /** Size of the strips' paper against true size; `undefined` where there is no room for any. */
  readonly stripScale: number | undefined;
}

/** Sizes of a tile's paper. A few fixed ones, so that a centimetre stays comparable. */
const STRIP_SCALES: readonly number[] = [2, 1.5, 1, 2 / 3, 1 / 2, 2 / 5, 1 / 3, 1 / 4, 1 / 5, 1 / 6];
/** A tile's strip shows at least so many centimetres: minutes at 1 cm/min. */
const STRIP_CM_MIN = 7;
/** Names and numbers of a tile, without its strip. */
const TEXT_HEIGHT_REM = 8.4;
const WIDTH_REM_MIN = 10.5;
/** Where a strip shows on every tile whatever the height, because the page scrolls. */
const SCROLLING_STRIP_SCALE = 1 / 3;

/** Arranges so many tiles whose strips are `stripCm` centimetres high at true size. */
export function arrange(
  tiles: number,
  place: TilePlace,
  stripCm: number,
  pxPerCm: number,
): TileLayout {
  let best: TileLayout | undefined;
  for (let columns = 1; columns <= Math.max(tiles, 1); columns += 1) {
    const rows = Math.ceil(tiles / columns);
    const width = (place.width - place.gap * (columns - 1)) / columns;
    const height = (place.height - place.gap * (rows - 1)) / rows;
    if (width < WIDTH_REM_MIN * place.rem || height < TEXT_HEIGHT_REM * place.rem) continue;
    const room = height - TEXT_HEIGHT_REM * place.rem;
    const stripScale = STRIP_SCALES.find(
      (scale) => scale * stripCm * pxPerCm <= room && width >= scale * STRIP_CM_MIN * pxPerCm,
    );
    const candidate = { columns, height: Math.floor(height), stripScale };
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return best ?? scrolling(place, stripCm, pxPerCm);
}

/** The arrangement of a page that scrolls: as many columns as are wide enough. */
export function scrolling(place: TilePlace, stripCm: number, pxPerCm: number): TileLayout {
  const widthMin = (WIDTH_REM_MIN + 5) * place.rem;
  const columns = Math.max(1, Math.floor((place.width + place.gap) / (widthMin + place.gap)));
  const height = TEXT_HEIGHT_REM * place.rem + SCROLLING_STRIP_SCALE * stripCm * pxPerCm;
  return { columns, height: Math.ceil(height), stripScale: SCROLLING_STRIP_SCALE };
}

/** A larger strip is better; with equal strips the fewer columns, for wider tiles. */
function isBetter(one: TileLayout, other: TileLayout): boolean {
  return (one.stripScale ?? 0) > (other.stripScale ?? 0);
}
