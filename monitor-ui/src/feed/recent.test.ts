import { describe, expect, it } from 'vitest';
import { absent, block, four, rate } from '../../tests/blocks.ts';
import { seeded } from '../../tests/seeded.ts';
import { Absence, Arrival, absenceOf, qualityOf, regionTime } from '../vitals/index.ts';
import { Mark } from '../wire/index.ts';
import { Recent, SECONDS_MAX } from './recent.ts';

const START = 1_795_392_000_000_000;

function insert(recent: Recent, seq: number, bpm: number, marks = 0, epoch = 1n): string {
  const at = START + seq * 1_000_000;
  return recent.insert(block({ seq, at, epoch, fhr1: four(rate(bpm)) }), marks, regionTime(at));
}

function rates(recent: Recent): number[] {
  return Array.from({ length: recent.count }, (_, row) => recent.ticks.fhr1.values[row * 4] ?? NaN);
}

describe('the recent seconds', () => {
  it('stand in the order of time, in whatever order they came', () => {
    const recent = new Recent();
    expect(insert(recent, 0, 140)).toBe('newest');
    expect(insert(recent, 3, 143)).toBe('newest');
    expect(insert(recent, 1, 141, Mark.late)).toBe('between');
    expect(insert(recent, 2, 142, Mark.late)).toBe('between');
    expect(rates(recent)).toEqual([140, 141, 142, 143]);
    expect([...recent.arrival.slice(0, 4)]).toEqual([0, Arrival.late, Arrival.late, 0]);
  });

  it('hold a block once, also when the clock offset changed between its two arrivals', () => {
    const recent = new Recent();
    insert(recent, 0, 140);
    expect(insert(recent, 0, 140)).toBe('duplicate');
    const again = block({ seq: 0, at: START });
    expect(recent.insert(again, 0, regionTime(START + 700_000))).toBe('duplicate');
    expect(recent.count).toBe(1);
  });

  it('take the same number of another run as another block', () => {
    const recent = new Recent();
    insert(recent, 0, 140, 0, 1n);
    const next = block({ seq: 0, at: START + 5_000_000, epoch: 2n });
    expect(recent.insert(next, 0, regionTime(START + 5_000_000))).toBe('newest');
  });

  it('keep every tick with its quality, or its absence with the reason', () => {
    const recent = new Recent();
    const fhr1 = [rate(140, 0), rate(140.25, 1), absent(Absence.blank), absent(Absence.portLost)];
    recent.insert(block({ seq: 0, at: START, fhr1 }), 0, regionTime(START));
    const { values, states } = recent.ticks.fhr1;
    expect([...values.slice(0, 4)]).toEqual([140, 140.25, NaN, NaN]);
    expect([...states.slice(0, 4)].map(qualityOf)).toEqual([0, 1, undefined, undefined]);
    expect([...states.slice(0, 4)].map(absenceOf)).toEqual([
      undefined,
      undefined,
      Absence.blank,
      Absence.portLost,
    ]);
  });

  it('are bounded, drop the oldest, and refuse what is older still', () => {
    const recent = new Recent();
    for (let seq = 100; seq < 10_000; seq += 1) insert(recent, seq, 100 + (seq % 50));
    expect(recent.count).toBeGreaterThanOrEqual(SECONDS_MAX);
    expect(recent.at.length).toBeLessThanOrEqual(SECONDS_MAX + 400);
    expect(rates(recent).at(-1)).toBe(100 + (9999 % 50));
    expect(insert(recent, 5, 140)).toBe('too old');
  });

  it('come out the same however 2,000 seconds are shuffled', () => {
    const random = seeded(7);
    const order = Array.from({ length: 2000 }, (_, seq) => ({ seq, key: random() }));
    order.sort((a, b) => a.key - b.key);
    const recent = new Recent();
    for (const { seq } of order) insert(recent, seq, 60 + (seq % 120));
    expect(rates(recent)).toEqual(Array.from({ length: 2000 }, (_, seq) => 60 + (seq % 120)));
  });
});
