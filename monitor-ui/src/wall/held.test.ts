import { describe, expect, it } from 'vitest';
import { regionTime } from '../vitals/index.ts';
import { heldAt } from './held.ts';

const NOW = regionTime(10_000);
const stretch = (from: number, to: number) => ({ from: regionTime(from), to: regionTime(to) });

describe('the paper', () => {
  it('runs on where the stretch is seen already', () => {
    expect(heldAt(stretch(9_200, 9_300), 1_000, NOW)).toBeUndefined();
  });

  it('is held with the stretch in sight, and some paper to the right of it', () => {
    const edge = heldAt(stretch(5_000, 5_100), 1_000, NOW) ?? 0;
    expect(edge).toBe(5_250);
    expect(edge - 1_000).toBeLessThan(5_000);
  });

  it('shows the end of a stretch that is longer than the paper', () => {
    expect(heldAt(stretch(5_000, 8_000), 1_000, NOW)).toBe(8_150);
    expect(heldAt(stretch(5_000, 9_990), 1_000, NOW)).toBeUndefined();
  });

  it('is never held beyond now, nor without knowing when now is', () => {
    for (let from = 8_000; from < 10_000; from += 10) {
      for (let to = from; to <= 10_000; to += 10) {
        expect(heldAt(stretch(from, to), 1_000, NOW) ?? 0).toBeLessThanOrEqual(NOW);
      }
    }
    expect(heldAt(stretch(1, 2), 1_000, undefined)).toBeUndefined();
  });
});
