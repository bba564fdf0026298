import { describe, expect, it } from 'vitest';
import { displayTime, regionTime } from '../vitals/index.ts';
import { Analyst, ANALYST_SILENCE_MILLIS } from './analyst.ts';

const says = (state: 'present' | 'absent', now: number) => ({ state, since: regionTime(5), now: regionTime(now) });

describe('whether the analysis lives', () => {
  it('is not known until the region had time to say it, and then it is absent', () => {
    const analyst = new Analyst();
    expect(analyst.view(displayTime(0)).state).toBe('unknown');
    analyst.listen(displayTime(0));
    expect(analyst.view(displayTime(ANALYST_SILENCE_MILLIS - 1)).state).toBe('unknown');
    expect(analyst.view(displayTime(ANALYST_SILENCE_MILLIS)).state).toBe('absent');
  });

  it('is what the region says, at once', () => {
    const analyst = new Analyst();
    analyst.hear(says('present', 9), displayTime(100));
    expect(analyst.view(displayTime(200))).toEqual({ state: 'present', since: 5 });
    analyst.hear(says('absent', 9), displayTime(300));
    expect(analyst.view(displayTime(300))).toEqual({ state: 'absent', since: 5 });
  });

  it('is absent when the region stops saying so, since it was last heard of', () => {
    const analyst = new Analyst();
    analyst.hear(says('present', 9), displayTime(0));
    expect(analyst.view(displayTime(ANALYST_SILENCE_MILLIS - 1)).state).toBe('present');
    expect(analyst.view(displayTime(ANALYST_SILENCE_MILLIS))).toEqual({ state: 'absent', since: 9 });
  });

  it('has no beginning where there never was one', () => {
    const analyst = new Analyst();
    analyst.hear({ state: 'absent', since: regionTime(0), now: regionTime(9) }, displayTime(0));
    expect(analyst.view(displayTime(1))).toEqual({ state: 'absent', since: undefined });
  });

  it('leaves half a second of ten for a region that takes five seconds to notice', () => {
    expect(5_000 + ANALYST_SILENCE_MILLIS).toBeLessThan(10_000);
  });
});
