import { describe, expect, it } from 'vitest';
import { regionAlarm } from '../../tests/alarms.ts';
import { AlarmFlag, regionTime } from '../vitals/index.ts';
import type { BedPause } from '../vitals/index.ts';
import { Announcer } from './announcer.ts';
import { alarmsByBed, lastSeen, runningPauses, shownAlarms, waits, WHOLE_REGION, withoutDoubles } from './wall_alarm.ts';
import type { WallAlarm } from './wall_alarm.ts';

const NOW = regionTime(1_795_392_100_000_000);
const BED = 'clinic-a/bed-1';
const seen = { at: NOW, afterMillis: 1, action: undefined, account: 'a', screen: 's', reason: '' };

function shown(...some: (Parameters<typeof regionAlarm>[0] & { readonly bed?: string | undefined })[]) {
  return shownAlarms(some.map((each) => ({ bed: BED, ...regionAlarm(each), ...('bed' in each && { bed: each.bed }) })), ({ what }) => what);
}

const local = (bed: string | undefined): WallAlarm => ({ id: `bed ${bed}`, bed, priority: 'medium', text: 'x', since: NOW, acknowledged: false });

describe('the alarms of the region on a wall', () => {
  it('are those that are not over; what is latched still calls, what is acknowledged does not', () => {
    const list = shown(
      { id: 1 },
      { id: 2, stage: 'latched', endedAt: NOW },
      { id: 3, stage: 'acknowledged', acknowledged: seen },
      { id: 4, stage: 'resolved', endedAt: NOW },
    );
    expect(list.map(({ id, acknowledged }) => [id, acknowledged])).toEqual([['region 1', false], ['region 2', false], ['region 3', true]]);
    expect(list.map(waits)).toEqual([true, true, false]);
  });

  it('a digest makes no sound and still waits for somebody', () => {
    const [digest] = shown({ flags: AlarmFlag.digest });
    expect([digest?.acknowledged, digest !== undefined && waits(digest)]).toEqual([true, true]);
  });

  it('of the whole region are of no bed, and not of the whole wall', () => {
    expect(shown({ what: 'analysisAbsent', bed: undefined })[0]?.bed).toBe(WHOLE_REGION);
  });

  it('cover the silence that this browser found itself, as long as they hold', () => {
    const wall = local(undefined);
    const other = local('clinic-a/bed-2');
    expect(withoutDoubles([wall, local(BED), other], shown({ what: 'silent' }))).toEqual([wall, other]);
    expect(withoutDoubles([local(BED)], shown({ what: 'linkLost', stage: 'latched', endedAt: NOW }))).toHaveLength(1);
    expect(withoutDoubles([local(BED)], shown({ what: 'bradycardia' }))).toHaveLength(1);
  });

  it('are told on a tile by the most urgent, their number, and whether one waits', () => {
    const list = shown({ id: 1, stage: 'acknowledged', acknowledged: seen }, { id: 2, priority: 'low', what: 'signalPoor' });
    expect(alarmsByBed([...list, local(undefined)])).toEqual(
      new Map([[BED, { priority: 'high', count: 2, calls: true, text: 'severeBradycardia' }]]),
    );
  });

  it('tell when somebody last looked, history included', () => {
    const earlier = { ...seen, at: regionTime(NOW - 5) };
    const alarms = [regionAlarm({ id: 1, stage: 'resolved', endedAt: NOW, acknowledged: seen }), regionAlarm({ id: 2, acknowledged: earlier }), regionAlarm({ id: 3 })];
    expect(lastSeen(alarms.map((alarm) => ({ ...alarm, bed: BED })))).toEqual(new Map([[BED, NOW]]));
  });
});

describe('pauses of the region', () => {
  const pause = (some: Partial<BedPause>): BedPause => ({ over: undefined, at: NOW, until: regionTime(NOW + 60_000_000), account: 'a', screen: 's', ...some });
  const left = (some: Partial<BedPause>, now: typeof NOW | undefined = NOW) => runningPauses(new Map([[BED, pause(some)]]), now, 120_000).get(BED);

  it('run until their time by the clock of the region, and never longer than two minutes', () => {
    expect(left({})).toBe(60_000);
    expect(left({ until: regionTime(NOW + 3_600_000_000) })).toBe(120_000);
    expect(left({ until: NOW })).toBeUndefined();
  });

  it('do not run when they are over, nor while nobody knows what time it is', () => {
    expect(left({ over: 'highAlarm' })).toBeUndefined();
    expect(runningPauses(new Map([[BED, pause({})]]), undefined, 120_000).size).toBe(0);
  });
});

describe('what is read out', () => {
  it('is what is new or has become more urgent, once; and again if it comes again', () => {
    const announcer = new Announcer();
    const read = (list: readonly WallAlarm[]) => announcer.news(list).map(({ id }) => id);
    const medium = shown({ id: 1, priority: 'medium' });
    expect(read(medium)).toEqual(['region 1']);
    expect(read(medium)).toEqual([]);
    expect(read(shown({ id: 1, priority: 'high' }, { id: 2, priority: 'low' }))).toEqual(['region 1', 'region 2']);
    expect(read(shown({ id: 1, priority: 'medium' }))).toEqual([]);
    expect(read(shown({ id: 1, stage: 'acknowledged', acknowledged: seen }))).toEqual([]);
    expect(read([])).toEqual([]);
    expect(read(medium)).toEqual(['region 1']);
  });
});
