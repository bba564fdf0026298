import { describe, expect, it } from 'vitest';
import { displayTime } from '../vitals/index.ts';
import { SleepGuard } from './sleep_guard.ts';

/** Looks at pairs of monotonic time and calendar, and gives what the last look said. */
function last(...looks: readonly (readonly [now: number, calendar: number])[]) {
  const guard = new SleepGuard();
  return looks.map(([now, calendar]) => guard.look(displayTime(now), calendar)).at(-1);
}

describe('the guard of the sleep', () => {
  it('sees nothing odd in steady looks, however wrong the calendar is', () => {
    expect(last([0, -9e12], [250, -9e12 + 250], [500, -9e12 + 530])).toEqual({ kind: 'none' });
  });

  it('sees how long the monotonic clock did not count', () => {
    expect(last([0, 1_000_000], [250, 1_000_250], [500, 4_600_500])).toEqual({ kind: 'slept', millis: 3_600_000 });
  });

  it('sees that the page was held while both clocks went on', () => {
    expect(last([0, 0], [250, 250], [60_250, 60_250])).toEqual({ kind: 'held' });
  });

  it('does not take a calendar that is set back for sleep', () => {
    expect(last([0, 9_000_000], [250, 5_000])).toEqual({ kind: 'none' });
  });
});
