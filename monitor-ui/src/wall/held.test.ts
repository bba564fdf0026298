import { describe, expect, it } from 'vitest';
import { regionTime } from '../vitals/index.ts';
import { findingBeside, heldAt, scrolled } from './held.ts';

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

describe('a step through the past', () => {
  const at = (second: number) => regionTime(second * 1_000_000);
  const shown = 100 * 1_000_000;
  const ends = { oldest: at(0), now: at(1_000) };

  it('moves most of the paper, so that its edge is seen in both pictures', () => {
    expect(scrolled(undefined, -1, shown, ends)).toBe(at(920));
    expect(scrolled(at(920), -1, shown, ends)).toBe(at(840));
    expect(scrolled(at(840), 1, shown, ends)).toBe(at(920));
  });

  it('ends at now, and keeps the oldest second in sight', () => {
    expect(scrolled(at(930), 1, shown, ends)).toBeUndefined();
    expect(scrolled(at(150), -1, shown, ends)).toBe(at(100));
    expect(scrolled(undefined, -1, shown, { ...ends, oldest: at(950) })).toBeUndefined();
  });

  it('finds the finding before and the one after, whatever their order in the list', () => {
    const findings = [at(300), at(100), at(200)].map((from) => ({ from }));
    expect(findingBeside(findings, at(250), -1)?.from).toBe(at(200));
    expect(findingBeside(findings, at(200), -1)?.from).toBe(at(100));
    expect(findingBeside(findings, at(200), 1)?.from).toBe(at(300));
    expect(findingBeside(findings, at(300), 1)).toBeUndefined();
    expect(findingBeside(findings, at(100), -1)).toBeUndefined();
  });
});
