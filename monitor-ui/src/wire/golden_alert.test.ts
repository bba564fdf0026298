import { describe, expect, it } from 'vitest';
import { decodeAttend, encodeAlarm, encodeAlerts, encodeBedPause, encodeRefused } from '../../tests/encode_alert.ts';
import { golden } from '../../tests/golden.ts';
import { seeded } from '../../tests/seeded.ts';
import { AlarmFlag } from '../vitals/index.ts';
import type { AlarmId } from '../vitals/index.ts';
import {
  ALERT_BYTES_MAX,
  decodeAlert,
  decodeFeedFrame,
  encodeAcknowledge,
  encodeMarkInvalid,
  encodePause,
  REGION_TRACK,
  SetMark,
  WireError,
} from './index.ts';
import type { TrackNumber } from './index.ts';

const NOW = 1_795_392_000_250_000;
const ID = 77n as AlarmId;
const LEVEL_5 = {
  id: 0x0102_0304_0506_0708n,
  revision: 1,
  stage: 'active',
  what: 'level5',
  priority: 'high',
  fetus: 1,
  role: 'midwife',
  flags: AlarmFlag.reason | AlarmFlag.unreviewed,
  returns: 0,
  episode: 0x0011_2233_4455_6677_8899_aabb_ccdd_eeffn,
  since: NOW,
  raisedAt: NOW,
  endedAt: undefined,
  detail: '',
  acknowledged: undefined,
};
const RECORDS = {
  alert_active: { kind: 'alarm', alarm: LEVEL_5 },
  alert_acknowledged: {
    kind: 'alarm',
    alarm: {
      ...LEVEL_5,
      id: ID,
      revision: 4,
      stage: 'acknowledged',
      what: 'severeBradycardia',
      fetus: 2,
      role: 'facilityDoctor',
      flags: AlarmFlag.invalid | AlarmFlag.promoted,
      returns: 2,
      since: NOW - 180_000_000,
      detail: 'FHR2 72 < 80',
      acknowledged: {
        at: NOW + 42_000_000,
        afterMillis: 42_000,
        action: 'C',
        account: 'anna',
        screen: 'desk-2',
        reason: '体位変換後',
      },
    },
  },
  alert_resolved: {
    kind: 'alarm',
    alarm: {
      ...LEVEL_5,
      id: 78n,
      revision: 3,
      stage: 'resolved',
      what: 'linkLost',
      priority: 'medium',
      fetus: undefined,
      flags: 0,
      episode: undefined,
      endedAt: NOW + 9_000_000,
    },
  },
  alert_pause: {
    kind: 'pause',
    pause: { over: 'highAlarm', at: NOW, until: NOW + 20_000_000, account: 'anna', screen: 'desk-2' },
  },
} as const;
const NAMES = Object.keys(RECORDS) as (keyof typeof RECORDS)[];

function fault(bytes: Uint8Array, decode: (bytes: Uint8Array) => unknown): unknown {
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.fault;
  }
}

function changed(name: keyof typeof RECORDS, at: number, value: number): Uint8Array {
  const bytes = golden(name);
  bytes[at] = value;
  return bytes;
}

describe('the golden files of alarms', () => {
  it.each(NAMES)('give every field of %s, and the same bytes back', (name) => {
    const bytes = golden(name);
    const record = decodeAlert(bytes);
    expect(record).toEqual(RECORDS[name]);
    expect(record.kind === 'alarm' ? encodeAlarm(record.alarm) : encodeBedPause(record.pause)).toEqual(bytes);
  });

  it('give a frame of an alarm and a pause', () => {
    const frame = decodeFeedFrame(golden('alerts'));
    if (frame.kind !== 'alerts') throw new Error(frame.kind);
    expect([frame.now, frame.marks]).toEqual([NOW, SetMark.begins | SetMark.ends]);
    expect(frame.entries.map(({ track, record }) => [track, decodeAlert(record).kind])).toEqual([
      [3, 'alarm'],
      [REGION_TRACK, 'pause'],
    ]);
    expect(encodeAlerts(NOW, frame.marks, frame.entries)).toEqual(golden('alerts'));
  });

  it.each([
    ['refused_acknowledge', { what: 'acknowledge', alarm: ID }, 'graver'],
    ['refused_pause', { what: 'pause', track: 3 as TrackNumber }, 'already'],
  ] as const)('give what was asked for in vain: %s', (name, request, why) => {
    expect(decodeFeedFrame(golden(name))).toEqual({ kind: 'refused', now: NOW, request, why });
    expect(encodeRefused(NOW, request, why)).toEqual(golden(name));
  });

  it('are what staff do, in bytes', () => {
    expect(encodeAcknowledge(ID, 'medium', 'B', '体位変換後')).toEqual(golden('acknowledge'));
    expect(encodeMarkInvalid(ID)).toEqual(golden('mark_invalid'));
    expect(encodePause(3 as TrackNumber, 120)).toEqual(golden('pause'));
    const request = { what: 'acknowledge', alarm: ID, seen: 'medium', action: 'B', reason: '体位変換後' };
    expect(decodeAttend(golden('acknowledge'))).toEqual(request);
  });

  it('a reason is cut at a character, and no pause is longer than two minutes', () => {
    const long = encodeAcknowledge(ID, 'high', undefined, '体'.repeat(100));
    expect([long[11], long.length]).toEqual([198, 12 + 198]);
    expect(encodePause(3 as TrackNumber, 3_600)[3]).toBe(120);
    expect(encodePause(3 as TrackNumber, -1)[3]).toBe(0);
  });
});

describe('alarms from outside', () => {
  it('are refused wherever they are cut, and when a byte is left over', () => {
    for (const name of NAMES) {
      const bytes = golden(name);
      for (let cut = 0; cut < bytes.length; cut += 1) expect(() => decodeAlert(bytes.subarray(0, cut))).toThrow(WireError);
      expect(() => decodeAlert(Uint8Array.from([...bytes, 0]))).toThrow(WireError);
    }
    for (const name of ['alerts', 'refused_acknowledge', 'refused_pause']) {
      const bytes = golden(name);
      for (let cut = 0; cut < bytes.length; cut += 1) expect(() => decodeFeedFrame(bytes.subarray(0, cut))).toThrow(WireError);
      expect(() => decodeFeedFrame(Uint8Array.from([...bytes, 0]))).toThrow(WireError);
    }
  });

  it('never throw anything but a WireError, however they are shuffled', () => {
    const random = seeded(4713);
    const records = NAMES.map((name) => golden(name));
    const frames = ['alerts', 'refused_acknowledge', 'refused_pause'].map(golden);
    for (let round = 0; round < 20_000; round += 1) {
      const isFrame = round % 3 === 0;
      const whole = isFrame ? frames : records;
      const bytes = Uint8Array.from(whole[round % whole.length] ?? []);
      for (let n = 0; n <= round % 4; n += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      fault(bytes.subarray(0, Math.ceil(random() * bytes.length)), isFrame ? decodeFeedFrame : decodeAlert);
    }
  });

  it('are not longer than is believed', () => {
    expect(fault(new Uint8Array(ALERT_BYTES_MAX + 1), decodeAlert)).toMatchObject({ field: 'record length', value: 459 });
  });

  it.each([
    ['a version from the future', 'alert_active', 0, 2, { kind: 'version', received: 2 }],
    ['an unknown kind of record', 'alert_active', 1, 3, { kind: 'value', field: 'kind', value: 3 }],
    ['no stage', 'alert_active', 2, 0, { kind: 'value', field: 'stage', value: 0 }],
    ['a latched alarm that is not over', 'alert_active', 2, 2, { kind: 'value', field: 'stage', value: 2 }],
    ['a seen alarm that nobody saw', 'alert_active', 2, 3, { kind: 'value', field: 'stage', value: 3 }],
    ['history that still holds', 'alert_active', 2, 4, { kind: 'value', field: 'stage', value: 4 }],
    ['an unseen alarm that somebody saw', 'alert_acknowledged', 2, 1, { kind: 'value', field: 'stage', value: 1 }],
    ['an unknown condition', 'alert_active', 3, 17, { kind: 'value', field: 'alarm kind', value: 17 }],
    ['a fourth priority', 'alert_active', 4, 4, { kind: 'value', field: 'priority', value: 4 }],
    ['a third fetus', 'alert_active', 5, 3, { kind: 'value', field: 'fetus', value: 3 }],
    ['a fourth role', 'alert_active', 6, 4, { kind: 'value', field: 'role', value: 4 }],
    ['an unknown flag', 'alert_active', 7, 0x40, { kind: 'value', field: 'flags', value: 0x40 }],
    ['another monitoring while it lives', 'alert_active', 7, 0x10, { kind: 'value', field: 'flags', value: 0x10 }],
    ['an unknown end of a pause', 'alert_pause', 2, 5, { kind: 'value', field: 'pause', value: 5 }],
    ['a reserved byte in use', 'alert_pause', 4, 1, { kind: 'value', field: 'reserved', value: 1 }],
    ['a detail that is too long', 'alert_active', 64, 49, { kind: 'value', field: 'detail', value: 49 }],
  ] as const)('%s is refused', (_, name, at, value, expected) => {
    expect(fault(changed(name, at, value), decodeAlert)).toEqual(expected);
  });

  it('a track has 16 bits, an alarm a number, and only what staff do can be refused', () => {
    const pause = golden('refused_pause');
    pause[12] = 1;
    expect(fault(pause, decodeFeedFrame)).toMatchObject({ field: 'number' });
    const nothing = golden('refused_acknowledge');
    nothing[10] = 0;
    expect(fault(nothing, decodeFeedFrame)).toMatchObject({ field: 'number', value: 0n });
    const other = golden('refused_acknowledge');
    other[9] = 0x62;
    expect(fault(other, decodeFeedFrame)).toMatchObject({ field: 'what', value: 0x62 });
  });
});
