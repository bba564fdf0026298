import { describe, expect, it } from 'vitest';
import { encodeBeat, encodeBlock, encodeBlocks, encodeMissed, encodeRoster } from '../../tests/encode.ts';
import { encodeAnalysis, encodeAnalyst, encodePublication } from '../../tests/encode_analysis.ts';
import { golden } from '../../tests/golden.ts';
import { Absence, bridgeTime, Caveat, Flag, Quality } from '../vitals/index.ts';
import { decodeBlock, decodeFeedFrame, decodePublication, encodeJudge, encodeWatch, Mark, SetMark } from './index.ts';
import type { Episode, TrackNumber } from './index.ts';

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

/** What every golden record carries. */
const HEAD = { fetus: 1, state: 'provisional', revision: 2, id: 0x0102_0304_0506_0708n, episode: BLOCK.episode };

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

  it('give the frames of the analysis', () => {
    const present = decodeFeedFrame(golden('analyst_present'));
    expect(present).toEqual({ kind: 'analyst', now: NOW, state: 'present', since: NOW - 6_000_000 });
    expect(decodeFeedFrame(golden('analyst_absent'))).toMatchObject({ kind: 'analyst', state: 'absent' });
    if (present.kind === 'analyst') {
      expect(encodeAnalyst(NOW, 'present', present.since)).toEqual(golden('analyst_present'));
    }
    const frame = decodeFeedFrame(golden('analysis'));
    if (frame.kind !== 'analysis') throw new Error(frame.kind);
    expect(frame.marks).toBe(SetMark.begins | SetMark.ends);
    expect(frame.entries.map(({ track, record }) => [track, decodePublication(record).kind])).toEqual([
      [3, 'finding'],
      [4, 'condition'],
    ]);
    expect(encodeAnalysis(NOW, frame.marks, frame.entries)).toEqual(golden('analysis'));
  });

  it('give every field of a finding', () => {
    expect(decodePublication(golden('publication_finding'))).toEqual({
      ...HEAD,
      kind: 'finding',
      body: {
        kind: 'late',
        severity: 'severe',
        profiles: ['definition', 'expert'],
        likelihoodPercent: 87,
        lostPercent: 3,
        value: 118,
        depthBpm: 22.25,
        fallSeconds: 35,
        areaBpmSeconds: 1020,
        from: NOW - 90_000_000,
        to: NOW - 10_000_000,
        extremeAt: NOW - 50_000_000,
        lagSeconds: 24.5,
        contraction: 77n,
      },
    });
  });

  it('give every field of an assessment', () => {
    expect(decodePublication(golden('publication_assessment'))).toEqual({
      ...HEAD,
      kind: 'assessment',
      body: {
        span: 'rolling',
        jsog: 3,
        shown: 4,
        figo: 'suspicious',
        nichd: 'II',
        nst: 'notYet',
        variability: 'decreased',
        caveats: Caveat.baselineCarried | Caveat.tableUnreviewed,
        lostPercent: 21,
        from: NOW - 600_000_000,
        to: NOW,
        baselineBpm: 145,
        baselineRawBpm: 144.75,
        bandwidthBpm: 4.5,
        shortTermMs: 4.12,
        longTermMs: 30.5,
        contractions: 3.5,
        baselineAgeSeconds: 240,
        variabilityAgeSeconds: 0,
        tableHash: '0102030405060708',
        tableVersion: 'jsog-2010/2023',
        engine: 'ubugoe-ctg 0.1',
        why: [
          { name: 'lateSevere', finding: HEAD.id, value: 118 },
          { name: 'variability', finding: undefined, value: 4.5 },
          { name: 'baselineCarried', finding: undefined, value: 240 },
        ],
      },
    });
  });

  it('give no level with its reason, a baseline with its holes, a condition and a judgement', () => {
    expect(decodePublication(golden('publication_not_classifiable'))).toMatchObject({
      body: { jsog: 'lost', shown: undefined, baselineBpm: undefined, why: [{ name: 'signalLost', value: 63 }] },
    });
    expect(decodePublication(golden('publication_baseline')).body).toEqual({
      from: NOW,
      stepMicros: 2_500_000,
      bpm: Float32Array.of(140, NaN, 141),
    });
    const condition = { kind: 'bradycardia', isActive: true, since: NOW, value: 95 };
    expect(decodePublication(golden('publication_condition')).body).toEqual(condition);
    expect(decodePublication(golden('publication_judgement')).body).toEqual({
      level: 2,
      role: 'midwife',
      from: NOW - 600_000_000,
      to: NOW,
      at: NOW + 5_000_000,
      account: 'suzuki-1',
      reason: '体位変換後',
    });
  });

  it.each(['finding', 'contraction', 'assessment', 'not_classifiable', 'baseline', 'condition', 'judgement'])(
    'give a record of kind %s from which the same bytes can be made',
    (name) => {
      const bytes = golden(`publication_${name}`);
      expect(encodePublication(decodePublication(bytes))).toEqual(bytes);
    },
  );

  it('are what a judgement is encoded to', () => {
    const judge = {
      track: 3 as TrackNumber,
      episode: BLOCK.episode as Episode,
      fetus: 1,
      level: 2,
      from: bridgeTime(NOW - 600_000_000),
      to: bridgeTime(NOW),
      reason: '体位変換後',
    } as const;
    expect(encodeJudge(judge)).toEqual(golden('judge'));
    const long = encodeJudge({ ...judge, reason: '体'.repeat(200) });
    expect([long[37], long.length]).toEqual([255, 38 + 255]);
    const uneven = encodeJudge({ ...judge, reason: `a${'体'.repeat(200)}` });
    expect(uneven[37]).toBe(253);
  });

  it('are what a watch is encoded to', () => {
    expect(encodeWatch(600, [3 as TrackNumber, 4 as TrackNumber])).toEqual(golden('watch'));
  });
});
