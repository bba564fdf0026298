import { describe, expect, it } from 'vitest';
import { CSS_PX_PER_CM, RATE_SCALES } from '../strip/index.ts';
import { neighbour } from './grid_keys.ts';
import { arrange, scrolling } from './tile_layout.ts';

const place = (width: number, height: number, rem = 16) => ({
  width,
  height,
  rem,
  gap: 0.625 * rem,
  pxPerCm: CSS_PX_PER_CM,
});
const SCALE = RATE_SCALES['30-240'];

describe('the arrangement of tiles', () => {
  it.each([1, 2, 4, 7, 12, 16, 24, 32])('shows all of %i beds on a desk without scrolling', (beds) => {
    const layout = arrange(beds, place(1420, 800), SCALE);
    const rows = Math.ceil(beds / layout.columns);
    expect(rows * layout.height + (rows - 1) * 10).toBeLessThanOrEqual(800);
    expect((1420 - (layout.columns - 1) * 10) / layout.columns).toBeGreaterThanOrEqual(11 * 16);
  });

  it('gives seven beds on a desk tiles with strips, in two rows', () => {
    expect(arrange(7, place(1420, 800), SCALE)).toMatchObject({ columns: 4, strip: { detail: 'mini' } });
  });

  it('keeps a strip of the heart rates where a large strip leaves little room', () => {
    expect(arrange(7, place(1420, 205), SCALE)).toMatchObject({ columns: 7, strip: { detail: 'rates' } });
  });

  it('scrolls where not even the numbers fit', () => {
    expect(arrange(64, place(800, 300), SCALE)).toEqual(scrolling(place(800, 300), SCALE));
  });

  it('puts one tile beside the other on a phone', () => {
    expect(scrolling(place(370, 800, 15), SCALE).columns).toBe(1);
  });
});

describe('arrow keys', () => {
  it('move as the picture does, and stop at its edges', () => {
    expect(neighbour('ArrowRight', 0, 7, 4)).toBe(1);
    expect(neighbour('ArrowDown', 1, 7, 4)).toBe(5);
    expect(neighbour('ArrowDown', 3, 7, 4)).toBeUndefined();
    expect(neighbour('ArrowUp', 1, 7, 4)).toBeUndefined();
    expect(neighbour('ArrowLeft', 0, 7, 4)).toBeUndefined();
    expect(neighbour('End', 0, 7, 4)).toBe(6);
    expect(neighbour('a', 0, 7, 4)).toBeUndefined();
  });
});
