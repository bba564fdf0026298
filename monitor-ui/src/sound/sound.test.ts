import { describe, expect, it } from 'vitest';
import { displayTime, regionTime } from '../vitals/index.ts';
import { BURSTS, byUrgency, PAUSE_MILLIS_MAX, Pauses, PRIORITIES, SoundPlan } from './index.ts';
import type { Alarm } from './index.ts';
import { samplesOf } from './synth.ts';

const RATE = 48_000;

const alarm = (some: Partial<Alarm>): Alarm => ({
  id: 'one',
  bed: 'a/1',
  priority: 'medium',
  text: 'x',
  since: regionTime(1),
  acknowledged: false,
  ...some,
});

/** Loudness of a stretch of samples: root of the mean square. */
function loudness(samples: Float32Array, from: number, to: number): number {
  const part = samples.slice(Math.round(from * RATE), Math.round(to * RATE));
  return Math.sqrt(part.reduce((sum, each) => sum + each * each, 0) / part.length);
}

describe.each(PRIORITIES)('the burst of priority %s', (priority) => {
  const burst = BURSTS[priority];
  const samples = samplesOf(burst, RATE, burst.pause);

  it('is loud in every pulse, and silent between them and after the last', () => {
    burst.pulses.forEach(({ at, length }, n) => {
      expect(loudness(samples, at + 0.03, at + length - 0.03)).toBeGreaterThan(0.15);
      const next = burst.pulses[n + 1]?.at ?? burst.length + burst.pause;
      expect(loudness(samples, at + length + 0.001, next - 0.001)).toBe(0);
    });
  });

  it('never clips and never begins or ends a pulse with a click', () => {
    expect(samples.every((each) => Math.abs(each) <= 0.91)).toBe(true);
    for (const { at, length } of burst.pulses) {
      expect(loudness(samples, at, at + 0.001)).toBeLessThan(0.05);
      expect(loudness(samples, at + length - 0.001, at + length)).toBeLessThan(0.05);
    }
  });
});

describe('the three bursts', () => {
  it('have ten pulses as twice five, three, and two', () => {
    expect(PRIORITIES.map((priority) => BURSTS[priority].pulses.length)).toEqual([10, 3, 2]);
    const { pulses } = BURSTS.high;
    const gaps = pulses.slice(1).map((pulse, n) => pulse.at - (pulses[n]?.at ?? 0) - (pulses[n]?.length ?? 0));
    expect(gaps.indexOf(Math.max(...gaps))).toBe(4);
  });

  it('are the shorter apart the more urgent they are, and play different melodies', () => {
    const pauses = PRIORITIES.map((priority) => BURSTS[priority].pause);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    expect(new Set(PRIORITIES.map((each) => BURSTS[each].pulses.map(({ hertz }) => hertz).join())).size).toBe(3);
  });
});

/** Looks four times a second for so many seconds; what was asked of the speaker, by second. */
function played(plan: SoundPlan, alarms: (at: number) => readonly Alarm[], seconds: number, pauses = new Pauses()): string[] {
  const log: string[] = [];
  for (let at = 0; at < seconds * 1000; at += 250) {
    const now = displayTime(at);
    pauses.look(alarms(at), now);
    const command = plan.look(alarms(at), pauses, now);
    if (command !== undefined) log.push(`${at / 1000} ${command.kind === 'play' ? command.priority : 'quiet'}`);
  }
  return log;
}

describe('the plan of the sounds', () => {
  it('is silent without alarms', () => {
    expect(played(new SoundPlan(), () => [], 60)).toEqual([]);
  });

  it('repeats the burst after its pause, as long as the alarm lasts, and ends with it', () => {
    const log = played(new SoundPlan(), (at) => (at < 20_000 ? [alarm({ priority: 'high' })] : []), 40);
    const every = BURSTS.high.length + BURSTS.high.pause;
    expect(log.length).toBe(Math.ceil(20 / (Math.ceil(every * 4) / 4)) + 1);
    expect(log[0]).toBe('0 high');
    expect(log.at(-1)).toBe('20 quiet');
  });

  it('plays only the most urgent, and lets it interrupt', () => {
    const both = (at: number) => [alarm({ priority: 'low', id: 'l' }), ...(at >= 250 ? [alarm({ priority: 'high', id: 'h' })] : [])];
    expect(played(new SoundPlan(), both, 1)).toEqual(['0 low', '0.25 high']);
  });

  it('falls back to what is left when the most urgent ends, after its burst', () => {
    const both = (at: number) => [alarm({ priority: 'medium', id: 'm' }), ...(at < 1_000 ? [alarm({ priority: 'high', id: 'h' })] : [])];
    const log = played(new SoundPlan(), both, 8);
    expect(log[0]).toBe('0 high');
    expect(log[1]).toMatch(/medium/);
  });

  it('lets a second alarm of the same priority be heard before the whole pause is over', () => {
    const two = (at: number) => [alarm({ id: 'a' }), ...(at >= 2_000 ? [alarm({ id: 'b', bed: 'a/2' })] : [])];
    const log = played(new SoundPlan(), two, 5);
    expect(log).toHaveLength(2);
    expect(parseFloat(log[1] ?? '')).toBeLessThan(3);
  });

  it('does not sound what was acknowledged', () => {
    expect(played(new SoundPlan(), () => [alarm({ priority: 'high', acknowledged: true })], 30)).toEqual([]);
  });
});

describe('a pause', () => {
  const now = displayTime(1_000);

  it('silences one bed and no other', () => {
    const pauses = new Pauses();
    const alarms = [alarm({ priority: 'high' }), alarm({ id: 'two', bed: 'a/2', priority: 'low' })];
    pauses.pause('a/1', alarms, displayTime(0));
    expect(played(new SoundPlan(), () => alarms, 1, pauses)).toEqual(['0 low']);
  });

  it('lasts two minutes at most, whatever is asked, and then sounds again by itself', () => {
    const pauses = new Pauses();
    const alarms = [alarm({})];
    pauses.pause('a/1', alarms, displayTime(0), 3_600_000);
    expect(pauses.remaining('a/1', displayTime(0))).toBe(PAUSE_MILLIS_MAX);
    expect(played(new SoundPlan(), () => alarms, 125, pauses)).toEqual(['120 medium']);
  });

  it('is ended by something worse at that bed, not by more of the same', () => {
    const pauses = new Pauses();
    pauses.pause('a/1', [alarm({})], now);
    pauses.look([alarm({}), alarm({ id: 'again' })], now);
    expect(pauses.remaining('a/1', now)).toBe(PAUSE_MILLIS_MAX);
    pauses.look([alarm({}), alarm({ id: 'worse', priority: 'high' })], now);
    expect(pauses.remaining('a/1', now)).toBeUndefined();
  });

  it('ends with its alarm, so that the next one is heard', () => {
    const pauses = new Pauses();
    pauses.pause('a/1', [alarm({})], now);
    pauses.look([], displayTime(2_000));
    pauses.look([alarm({ id: 'next' })], displayTime(3_000));
    expect(pauses.scopes(displayTime(3_000))).toEqual([]);
  });

  it('of the region holds as it says, is not ended here, and never lasts longer than two minutes', () => {
    const pauses = new Pauses();
    pauses.follow(new Map([['a/1', 3_600_000]]), now);
    pauses.look([alarm({ priority: 'high' })], now);
    expect(pauses.remaining('a/1', now)).toBe(PAUSE_MILLIS_MAX);
    pauses.follow(new Map([['a/1', 5_000]]), now);
    pauses.resume('a/1');
    expect(pauses.remaining('a/1', now)).toBe(5_000);
    expect(pauses.scopes(now)).toEqual(['a/1']);
    pauses.follow(new Map(), now);
    expect(pauses.scopes(now)).toEqual([]);
  });

  it('cannot be laid in advance over a bed without an alarm', () => {
    const pauses = new Pauses();
    pauses.pause('a/1', [], now);
    expect(pauses.scopes(now)).toEqual([]);
  });
});

describe('the order of alarms', () => {
  it('is by priority, what is acknowledged behind what is not, the oldest first, and always the same', () => {
    const alarms = [
      alarm({ id: 'done', priority: 'high', acknowledged: true }),
      alarm({ id: 'low', priority: 'low' }),
      alarm({ id: 'old', priority: 'high', since: regionTime(5) }),
      alarm({ id: 'new', priority: 'high', since: regionTime(9) }),
    ];
    const order = ['old', 'new', 'done', 'low'];
    expect([...alarms].sort(byUrgency).map(({ id }) => id)).toEqual(order);
    expect([...alarms].reverse().sort(byUrgency).map(({ id }) => id)).toEqual(order);
  });
});
