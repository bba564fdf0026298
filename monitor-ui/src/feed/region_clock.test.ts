import { describe, expect, it } from 'vitest';
import { displayTime, regionTime } from '../vitals/index.ts';
import { RegionClock } from './region_clock.ts';

const START = 1_795_392_000_000_000;
const at = (millis: number) => regionTime(START + millis * 1000);

describe('the estimate of the clock of the region', () => {
  it('believes the frame that was delayed least', () => {
    const clock = new RegionClock();
    clock.observe(at(1000), displayTime(1400));
    clock.observe(at(2000), displayTime(2050));
    clock.observe(at(3000), displayTime(3900));
    expect(clock.at(displayTime(4050))).toBe(at(4000));
  });

  it('follows a clock that drifts, within its window', () => {
    const clock = new RegionClock();
    for (let s = 0; s < 120; s += 1) clock.observe(at(s * 1001), displayTime(s * 1000));
    for (let s = 120; s < 240; s += 1) clock.observe(at(120_120 + (s - 120) * 999), displayTime(s * 1000));
    const error = (clock.at(displayTime(239_000)) ?? 0) - at(120_120 + 119 * 999);
    expect(Math.abs(error)).toBeLessThan(40_000);
  });

  it('tells a replayed frame from a live one, and is not moved by it', () => {
    const clock = new RegionClock();
    expect(clock.observe(at(60_000), displayTime(0)).kind).toBe('new');
    expect(clock.observe(at(10_000), displayTime(1000))).toEqual({ kind: 'old', lagMillis: 51_000 });
    for (let s = 2; s < 120; s += 1) {
      expect(clock.observe(at(10_000 + s * 1000), displayTime(s * 1000)).kind).toBe('old');
    }
    expect(clock.at(displayTime(120_000))).toBe(at(180_000));
    expect(clock.observe(at(180_000), displayTime(120_000)).kind).toBe('new');
  });

  it('stays doubtful of a clock that went back, also over a new connection', () => {
    const clock = new RegionClock();
    clock.observe(at(60_000), displayTime(0));
    clock.reconnect();
    expect(clock.observe(at(10_000), displayTime(0)).kind).toBe('old');
    expect(clock.at(displayTime(0))).toBe(at(60_000));
  });

  it('follows a clock that went ahead at once', () => {
    const clock = new RegionClock();
    clock.observe(at(60_000), displayTime(0));
    expect(clock.observe(at(90_000), displayTime(0)).kind).toBe('new');
    expect(clock.at(displayTime(0))).toBe(at(90_000));
  });

  it('allows for the drift of two clocks over a night without a connection', () => {
    const clock = new RegionClock();
    clock.observe(at(0), displayTime(0));
    const night = 10 * 3_600_000;
    expect(clock.observe(at(night * (1 - 200e-6)), displayTime(night)).kind).toBe('new');
  });

  it('believes after a sleep only what was made after all that it had believed', () => {
    const clock = new RegionClock();
    clock.observe(at(60_000), displayTime(0));
    clock.forget();
    expect(clock.observe(at(60_000), displayTime(1000)).kind).toBe('old');
    expect(clock.observe(at(60_001), displayTime(90_000)).kind).toBe('new');
    expect(clock.at(displayTime(90_000))).toBe(at(60_001));
  });
});
