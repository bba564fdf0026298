import { describe, expect, it } from 'vitest';
import { regionTime } from '../vitals/index.ts';
import { between, moved, rounded, signed } from './caliper.ts';

const RANGE = { min: 30, max: 240 };
const point = (second: number, bpm: number) => ({ at: regionTime(second * 1_000_000), bpm });

describe('the caliper', () => {
  it('tells time and rate from its first point to its second', () => {
    expect(between(point(100, 142), point(162, 119))).toEqual({ seconds: 62, bpm: -23 });
    expect(between(point(162, 119), point(100, 142))).toEqual({ seconds: -62, bpm: 23 });
  });

  it('moves by keys, further with Shift, and never off the scale', () => {
    expect(moved(point(100, 142), 'ArrowLeft', false, RANGE)).toEqual(point(99, 142));
    expect(moved(point(100, 142), 'ArrowRight', true, RANGE)).toEqual(point(110, 142));
    expect(moved(point(100, 142), 'ArrowUp', false, RANGE)).toEqual(point(100, 143));
    expect(moved(point(100, 142), 'ArrowDown', true, RANGE)).toEqual(point(100, 137));
    expect(moved(point(100, 238), 'ArrowUp', true, RANGE)).toEqual(point(100, 240));
    expect(moved(point(100, 31), 'ArrowDown', true, RANGE)).toEqual(point(100, 30));
    expect(moved(point(100, 142), 'Enter', false, RANGE)).toBeUndefined();
  });

  it('stands on whole seconds and beats', () => {
    expect(rounded({ at: regionTime(100_400_000), bpm: 141.6 })).toEqual(point(100, 142));
  });

  it('writes signs', () => {
    expect([signed(12), signed(-12), signed(0)]).toEqual(['+12', '−12', '0']);
  });
});
