import { describe, expect, it } from 'vitest';
import type { BedSilence, WallSilence } from '../feed/index.ts';
import { regionTime } from '../vitals/index.ts';
import { JA_ALARM } from './alarm_words.ts';
import { silenceAlarms } from './local_alarms.ts';

const WALL: WallSilence = { cause: 'nothing comes', since: regionTime(7), millis: 8_000, sounds: true, lagMillis: undefined };
const silent = (sounds: boolean): BedSilence => ({ state: 'silent', since: regionTime(5), millis: 20_000, sounds });

describe('the alarms that a browser raises by itself', () => {
  it('are none until a silence has lasted', () => {
    expect(silenceAlarms({ ...WALL, sounds: false }, [{ key: 'a/1', heard: silent(true) }], JA_ALARM)).toEqual([]);
    expect(silenceAlarms(undefined, [{ key: 'a/1', heard: silent(false) }], JA_ALARM)).toEqual([]);
  });

  it('are one of high priority for the whole wall, and none of its beds beside it', () => {
    const alarms = silenceAlarms(WALL, [{ key: 'a/1', heard: silent(true) }], JA_ALARM);
    expect(alarms.map(({ bed, priority, since }) => [bed, priority, since])).toEqual([[undefined, 'high', 7]]);
  });

  it('are one of medium priority for each bed otherwise', () => {
    const beds = ['a/1', 'a/2'].map((key, n) => ({ key, heard: silent(n === 1) }));
    expect(silenceAlarms(undefined, beds, JA_ALARM).map(({ bed, priority }) => [bed, priority])).toEqual([['a/2', 'medium']]);
  });

  it('are the same as long as the same silence lasts, and others when it comes again', () => {
    const id = (since: number) => silenceAlarms({ ...WALL, since: regionTime(since), cause: 'old frames' }, [], JA_ALARM)[0]?.id;
    expect(silenceAlarms(WALL, [], JA_ALARM)[0]?.id).toBe(id(7));
    expect(id(8)).not.toBe(id(7));
  });
});
