/**
 * Hatching for what is absent: lines for a lost signal, dots for data that never came; lines
 * that lean the other way for what the analysis does not trust.
 */
import { newCanvas } from './paper.ts';
import type { Context } from './paper.ts';

/** Side of the repeated piece in CSS pixels. Pages are a multiple of it wide. */
export const HATCH_CSS_PX = 8;
/** Kept pieces; a wall uses about a dozen. */
const KEPT_MAX = 64;

/** What hatching looks like. */
export type HatchKind = 'lines' | 'dots' | 'leaning';

const kept = new Map<string, HTMLCanvasElement>();

/** Device pixels of the repeated piece. */
export function hatchPx(ratio: number): number {
  return Math.max(HATCH_CSS_PX, Math.round(HATCH_CSS_PX * ratio));
}

/** Pieces of a section of the sheet. */
const SECTION_PIECES = 4;

/**
 * Device pixels of a section: hatching and dashes are the same wherever a painting begins, if it
 * begins at a multiple of it.
 */
export function sectionPx(ratio: number): number {
  return hatchPx(ratio) * SECTION_PIECES;
}

/** A fill of one colour and kind. */
export function hatching(
  context: Context,
  colour: string,
  kind: HatchKind,
  ratio: number,
): CanvasPattern | string {
  const key = `${kind} ${colour} ${ratio}`;
  let piece = kept.get(key);
  if (piece === undefined) {
    piece = pieceOf(kind, colour, hatchPx(ratio));
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(key, piece);
  }
  return context.createPattern(piece, 'repeat') ?? colour;
}

function pieceOf(kind: HatchKind, colour: string, side: number): HTMLCanvasElement {
  switch (kind) {
    case 'lines':
      return lines(colour, side, 'rising');
    case 'leaning':
      return lines(colour, side, 'falling');
    case 'dots':
      return dots(colour, side);
  }
}

function lines(colour: string, side: number, slope: 'rising' | 'falling'): HTMLCanvasElement {
  const { canvas, context } = newCanvas(side, side);
  context.strokeStyle = colour;
  context.lineWidth = side / 7;
  context.beginPath();
  for (const shift of [-side, 0, side]) {
    const [left, right] = slope === 'rising' ? [side + 1, -1] : [-1, side + 1];
    context.moveTo(shift - 1, left);
    context.lineTo(shift + side + 1, right);
  }
  context.stroke();
  return canvas;
}

function dots(colour: string, side: number): HTMLCanvasElement {
  const { canvas, context } = newCanvas(side, side);
  context.fillStyle = colour;
  const dot = Math.max(1, Math.round(side / 5));
  context.fillRect(0, 0, dot, dot);
  context.fillRect(side >> 1, side >> 1, dot, dot);
  return canvas;
}
