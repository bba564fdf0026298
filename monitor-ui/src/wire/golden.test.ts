import { describe, expect, it } from 'vitest';
import { encodeBeat, encodeBlock, encodeBlocks, encodeMissed, encodeRoster } from '../../tests/encode.ts';
import { golden } from '../../tests/golden.ts';
import { Absence, Flag, Quality } from '../vitals/index.ts';
import { decodeBlock, decodeFeedFrame, encodeWatch, Mark } from './index.ts';
import type { TrackNumber } from './index.ts';

const NOW = 1_795_392_000_250_000;
const unrated = (value: number) => ({ kind: 'measured', value, quality: Quality.unrated });
const good = (value: number) => ({ kind: 'measured', value, quality: Quality.good });
const BLOCK = {
  device: 'bed-1',
  epoch: 0x0102_0304_0506_0708n,
  seq: 258,
  episode: 0x0011_2233_4455_6677_8899_aabb_ccdd_eeffn,
  tick: 1032,
  at: 1_795_391_999_000_000,
  builtAt: 1_795_392_000_100_000,
  second: {
    fhr1: [
      good(140),
      { kind: 'measured', value: 140.25, quality: Quality.fair },
      { kind: 'measured', value: 140.5, quality: Quality.poor },
      { kind: 'absent', why: Absence.blank },
    ],
    fhr2: Array.from({ length: 4 }, () => ({ kind: 'absent', why: Absence.noTransducer })),
    mhr: [good(82), good(82), good(82), good(82)],
    ua: [unrated(0), unrated(10), unrated(10.5), unrated(127.5)],
    movement: [0, 1, 0, 3],
    transducers: { fhr1: 1, fhr2: 0, mhr: 3, ua: 1 },
    flags: Flag.coincidence | Flag.eventMark,
  },
};

describe('the golden files', () => {
  it('give every field of a block', () => {
    const bytes = golden('block');
    const block = decodeBlock(bytes);
    expect(block).toEqual(BLOCK);
    expect(encodeBlock(block)).toEqual(bytes);
  });

  it('give every field of a blocks frame', () => {
    const bytes = golden('blocks');
    const frame = decodeFeedFrame(bytes);
    if (frame.kind !== 'blocks') throw new Error(frame.kind);
    expect(frame.now).toBe(NOW);
    expect(frame.entries.map(({ track, marks, receivedAt }) => ({ track, marks, receivedAt }))).toEqual([
      { track: 3, marks: Mark.late | Mark.gapBefore, receivedAt: NOW },
      { track: 3, marks: Mark.history, receivedAt: NOW },
    ]);
    for (const entry of frame.entries) expect(decodeBlock(entry.block)).toEqual(BLOCK);
    expect(encodeBlocks(frame.now, frame.entries)).toEqual(bytes);
  });

  it('give every field of a roster', () => {
    const bytes = golden('roster');
    const frame = decodeFeedFrame(bytes);
    const entry = {
      track: 3,
      link: 'up',
      since: NOW,
      clockOffsetMicros: -1500,
      site: 'clinic',
      bridge: 'clinic-a',
      device: 'bed-1',
      facility: 'みなと産科',
      bed: '分娩室1',
    };
    expect(frame).toEqual({ kind: 'roster', now: NOW, entries: [entry] });
    if (frame.kind === 'roster') expect(encodeRoster(NOW, frame.entries)).toEqual(bytes);
  });

  it('give beats and what was missed', () => {
    expect(decodeFeedFrame(golden('beat'))).toEqual({ kind: 'beat', now: NOW, beat: 9 });
    expect(encodeBeat(NOW, 9)).toEqual(golden('beat'));
    expect(decodeFeedFrame(golden('missed'))).toEqual({ kind: 'missed', now: NOW, count: 12 });
    expect(encodeMissed(NOW, 12)).toEqual(golden('missed'));
  });

  it('are what a watch is encoded to', () => {
    expect(encodeWatch(600, [3 as TrackNumber, 4 as TrackNumber])).toEqual(golden('watch'));
  });
});
