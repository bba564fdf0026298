import { describe, expect, it } from 'vitest';
import { activityY, heightCm, layOut, rateY } from './geometry.ts';
import { CSS_PX_PER_CM, PAPER_SPEEDS, RATE_SCALE_NAMES, RATE_SCALES } from './paper_scale.ts';
import { TimeScale } from './time_scale.ts';

const MINUTE = 60_000_000;

describe('the paper', () => {
  it.each(PAPER_SPEEDS)('runs %i cm in a minute, at any density of the screen', (speed) => {
    for (const ratio of [1, 1.5, 2, 3]) {
      const { time, cm } = layOut('full', { speed, rate: '30-240', pxPerCm: CSS_PX_PER_CM }, ratio);
      expect(time.px(MINUTE) / cm).toBeCloseTo(speed, 9);
      expect(cm / ratio).toBeCloseTo(37.795, 3);
    }
  });

  it.each(RATE_SCALE_NAMES)('has a true centimetre on the %s scale', (rate) => {
    const geometry = layOut('full', { speed: 3, rate, pxPerCm: 40 }, 2);
    const { bpmPerCm, maxBpm, minBpm } = RATE_SCALES[rate];
    expect(rateY(geometry, 110) - rateY(geometry, 110 + bpmPerCm)).toBeCloseTo(80, 9);
    expect(Math.abs(rateY(geometry, maxBpm) - geometry.rate.top)).toBeLessThanOrEqual(0.5);
    expect(rateY(geometry, minBpm)).toBe(geometry.rate.bottom);
    expect(activityY(geometry, 0) - activityY(geometry, 100)).toBeCloseTo(4 * 80, 9);
    expect(geometry.height / 80).toBeCloseTo(heightCm('full', RATE_SCALES[rate]), 1);
  });

  it('places a moment of today to a thousandth of a pixel', () => {
    const scale = new TimeScale(3, 113.4);
    const at = 1_795_392_000_250_000;
    expect(Math.abs(scale.time(scale.px(at)) - at)).toBeLessThan(200);
    expect(scale.px(at + 250_000) - scale.px(at)).toBeCloseTo(1.4175, 3);
  });
});
