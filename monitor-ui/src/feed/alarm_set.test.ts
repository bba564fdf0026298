import { describe, expect, it } from 'vitest';
import { regionAlarm } from '../../tests/alarms.ts';
import { encodeAlarm, encodeBedPause } from '../../tests/encode_alert.ts';
import { regionTime } from '../vitals/index.ts';
import { WireError } from '../wire/index.ts';
import { ALARMS_MAX, AlarmSet } from './alarm_set.ts';

type Some = Parameters<typeof regionAlarm>[0];
const BED = 'clinic-a/bed-1';

function take(set: AlarmSet, some: Some, bed: string | undefined = BED) {
  return set.take(bed, encodeAlarm(regionAlarm(some)));
}

function pause(at: number, over?: 'byHand'): Uint8Array {
  return encodeBedPause({ over, at: regionTime(at), until: regionTime(at + 120_000_000), account: 'anna', screen: 'desk-2' });
}

const ids = (set: AlarmSet) => set.alarms.map(({ id }) => Number(id));

describe('the set of alarms', () => {
  it('keeps the newest revision, whatever came first', () => {
    const set = new AlarmSet();
    expect(take(set, { revision: 3, detail: 'FHR1 70 < 80' })).toBe('taken');
    expect(take(set, { revision: 2 })).toBe('already known');
    expect(set.alarms.map(({ detail, bed }) => [detail, bed])).toEqual([['FHR1 70 < 80', BED]]);
    const before = set.alarms;
    expect(take(set, { revision: 3 })).toBe('already known');
    expect(set.alarms).toBe(before);
  });

  it('never loses an alarm from sight while the set comes anew, and drops what it did not name', () => {
    const set = new AlarmSet();
    take(set, { id: 1 });
    take(set, { id: 2 });
    set.begin();
    expect(ids(set)).toEqual([1, 2]);
    take(set, { id: 2, revision: 2 });
    take(set, { id: 3 });
    expect(ids(set)).toEqual([1, 2, 3]);
    set.end();
    expect(ids(set)).toEqual([2, 3]);
  });

  it('believes a region that counts anew: the first of a set holds, whatever its revision', () => {
    const set = new AlarmSet();
    take(set, { id: 1, revision: 9, detail: 'old' });
    set.begin();
    expect(take(set, { id: 1, revision: 2, detail: 'new' })).toBe('taken');
    expect(take(set, { id: 1, revision: 1, detail: 'older' })).toBe('already known');
    set.end();
    expect(set.alarms[0]?.detail).toBe('new');
  });

  it('gives up history for want of room, and never what is not over', () => {
    const set = new AlarmSet();
    const endedAt = (n: number) => regionTime(1_795_392_000_000_000 + n);
    take(set, { id: 1, stage: 'resolved', endedAt: endedAt(2) });
    take(set, { id: 2, stage: 'resolved', endedAt: endedAt(1) });
    for (let id = 3; id <= ALARMS_MAX; id += 1) take(set, { id });
    expect(take(set, { id: ALARMS_MAX + 1 })).toBe('taken');
    expect(set.find(2n)).toBeUndefined();
    expect(take(set, { id: ALARMS_MAX + 2 })).toBe('taken');
    expect(take(set, { id: ALARMS_MAX + 3 })).toBe('no room');
    expect(take(set, { id: 3, revision: 2 })).toBe('taken');
    expect(set.alarms).toHaveLength(ALARMS_MAX);
  });

  it('keeps the last pause of each bed, and none of the whole region', () => {
    const set = new AlarmSet();
    set.take(BED, pause(1_000));
    set.take(BED, pause(2_000, 'byHand'));
    expect(set.take(BED, pause(1_000))).toBe('already known');
    set.take(undefined, pause(3_000));
    expect([...set.pauses].map(([bed, { over }]) => [bed, over])).toEqual([[BED, 'byHand']]);
    set.begin();
    set.end();
    expect(set.pauses.size).toBe(0);
  });

  it('refuses what does not decode', () => {
    expect(() => new AlarmSet().take(BED, Uint8Array.of(1, 1))).toThrow(WireError);
  });
});
