import { describe, expect, it } from 'vitest';
import { PaperPlace } from './paper_place.ts';
import { CSS_PX_PER_CM } from './paper_scale.ts';

const MINUTE = 60_000_000;
const NOW = 1_767_240_000_000_000;
const place = (speed: 1 | 2 | 3, rate: '30-240' | '50-210', ratio = 1, size = 1) =>
  new PaperPlace({ detail: 'full', paper: { speed, rate, pxPerCm: CSS_PX_PER_CM * size } }, 1_000, ratio);

describe('a place on the paper', () => {
  it('is as many centimetres from another as the paper ran', () => {
    for (const speed of [1, 2, 3] as const) {
      const paper = place(speed, '30-240');
      expect(paper.x(NOW, NOW) - paper.x(NOW - MINUTE, NOW)).toBeCloseTo(speed * CSS_PX_PER_CM, 3);
      expect(paper.length(MINUTE)).toBeCloseTo(speed * CSS_PX_PER_CM, 3);
    }
  });

  it('has now at the right edge, within a device pixel, on any screen', () => {
    for (const ratio of [1, 1.5, 3]) {
      const paper = place(3, '30-240', ratio);
      expect(paper.x(NOW, NOW) - paper.right).toBeGreaterThanOrEqual(0);
      expect(paper.x(NOW, NOW) - paper.right).toBeLessThan(1 / ratio);
    }
  });

  it('gives back the moment and the rate of its pixel', () => {
    const paper = place(2, '50-210', 2, 1.5);
    expect(paper.time(paper.x(NOW - 90_000_000, NOW), NOW)).toBeCloseTo(NOW - 90_000_000, -3);
    expect(paper.bpm(paper.y(137))).toBeCloseTo(137, 6);
  });

  it('has a centimetre for thirty bpm, or for twenty, and never leaves the scale', () => {
    expect(place(3, '30-240').y(110) - place(3, '30-240').y(140)).toBeCloseTo(CSS_PX_PER_CM, 6);
    expect(place(3, '50-210').y(110) - place(3, '50-210').y(130)).toBeCloseTo(CSS_PX_PER_CM, 6);
    expect(place(3, '30-240').bpm(-500)).toBe(240);
    expect(place(3, '50-210').bpm(9_000)).toBe(50);
  });
});
