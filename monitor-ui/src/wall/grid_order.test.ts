import { describe, expect, it } from 'vitest';
import { byUrgencyOf, settle } from './grid_order.ts';

const PLACES = ['a', 'b', 'c', 'd'];
const alarms = (...beds: (string | undefined)[]) => beds.map((bed) => ({ bed }));

describe('the order of the tiles', () => {
  it('is that of the places while nothing is wrong', () => {
    expect(byUrgencyOf(PLACES, [])).toEqual(PLACES);
  });

  it('is that of the first alarm of each bed, and of the places behind them', () => {
    expect(byUrgencyOf(PLACES, alarms('c', 'b', 'c', 'd'))).toEqual(['c', 'b', 'd', 'a']);
  });

  it('knows no bed that is not there, nor the whole wall or region', () => {
    expect(byUrgencyOf(PLACES, alarms(undefined, '', 'x', 'b'))).toEqual(['b', 'a', 'c', 'd']);
  });

  it('has every bed once, whatever the alarms', () => {
    for (let n = 0; n < 256; n += 1) {
      const order = byUrgencyOf(PLACES, alarms(...[0, 2, 4, 6].map((bits) => PLACES[(n >> bits) & 3])));
      expect([...order].sort()).toEqual(PLACES);
    }
  });
});

describe('tiles on the screen', () => {
  it('are as wanted while nobody is there, and at the start', () => {
    expect(settle(['a', 'b'], ['b', 'a'], 'off')).toEqual({ order: ['b', 'a'], moving: 0 });
    expect(settle([], ['b', 'a'], 'on')).toEqual({ order: ['b', 'a'], moving: 0 });
  });

  it('do not move under a hand, and it is said how many would', () => {
    expect(settle(PLACES, ['c', 'a', 'b', 'd'], 'on')).toEqual({ order: PLACES, moving: 3 });
    expect(settle(PLACES, PLACES, 'on')).toEqual({ order: PLACES, moving: 0 });
  });

  it('let a new bed come behind the others, and close the gap of one that is gone', () => {
    expect(settle(['a', 'b', 'c'], ['x', 'a', 'b', 'c'], 'on').order).toEqual(['a', 'b', 'c', 'x']);
    expect(settle(['a', 'b', 'c'], ['a', 'c'], 'on')).toEqual({ order: ['a', 'c'], moving: 0 });
  });
});
