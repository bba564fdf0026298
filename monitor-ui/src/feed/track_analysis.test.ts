import { describe, expect, it } from 'vitest';
import { assessmentRecord, conditionRecord, findingRecord } from '../../tests/records.ts';
import type { FindingId } from '../vitals/index.ts';
import type { Episode } from '../wire/index.ts';
import { WireError } from '../wire/index.ts';
import { FINDINGS_MAX, TrackAnalysis } from './track_analysis.ts';

const HERS = 1n as Episode;

function analysisOf(...records: readonly Uint8Array[]): TrackAnalysis {
  const analysis = new TrackAnalysis();
  analysis.follow(HERS, 0);
  for (const record of records) analysis.take(record, 0);
  return analysis;
}

const shown = (analysis: TrackAnalysis) => analysis.findings.map(({ id, revision, value }) => [Number(id), revision, value]);

describe('what the analysis says of a track', () => {
  it('is placed by the clock of the region, as blocks are', () => {
    const analysis = new TrackAnalysis();
    analysis.take(findingRecord({ from: 100, to: 160 }), -1_500);
    const [finding] = analysis.findings;
    expect([finding?.from, finding?.to, finding?.extremeAt]).toEqual([99_998_500, 159_998_500, 129_998_500]);
  });

  it('is replaced by a revision, which keeps the place of its time', () => {
    const analysis = analysisOf(
      findingRecord({ id: 1, revision: 1, from: 100, state: 'provisional' }, { value: 125 }),
      findingRecord({ id: 2, revision: 1, from: 200 }),
      findingRecord({ id: 1, revision: 2, from: 90 }, { value: 118 }),
    );
    expect(shown(analysis)).toEqual([[1, 2, 118], [2, 1, 120]]);
  });

  it('is not replaced by an older revision, nor by the same again', () => {
    const analysis = analysisOf(findingRecord({ revision: 3 }, { value: 118 }));
    const { version } = analysis;
    analysis.take(findingRecord({ revision: 2 }, { value: 125 }), 0);
    analysis.take(findingRecord({ revision: 3 }, { value: 125 }), 0);
    expect([shown(analysis), analysis.version]).toEqual([[[1, 3, 118]], version]);
  });

  it('goes when it is withdrawn, and does not come back with a late older revision', () => {
    const analysis = analysisOf(findingRecord({ revision: 1 }), findingRecord({ revision: 3, state: 'withdrawn' }));
    expect(analysis.findings).toEqual([]);
    analysis.take(findingRecord({ revision: 2 }), 0);
    expect(analysis.findings).toEqual([]);
    expect(analysis.finding(HERS, 1, 1n as FindingId)).toBeUndefined();
  });

  it('keeps twins, kinds and episodes apart, though their ids are the same', () => {
    const analysis = analysisOf(
      findingRecord({ fetus: 1 }),
      findingRecord({ fetus: 2 }),
      findingRecord({ episode: 2 }),
      assessmentRecord({}),
    );
    expect(analysis.findings.map(({ fetus }) => fetus).sort()).toEqual([1, 1, 2]);
    expect(analysis.finding(2n as Episode, 1, analysis.findings[0]?.id ?? (0n as FindingId))).toBeDefined();
    expect(analysis.blocks).toHaveLength(1);
  });

  it('is bounded: the oldest findings make room, and the newest stay', () => {
    const analysis = analysisOf();
    for (let id = 1; id <= FINDINGS_MAX + 50; id += 1) analysis.take(findingRecord({ id, from: id * 100 }), 0);
    expect(analysis.findings).toHaveLength(FINDINGS_MAX);
    expect(Number(analysis.findings[0]?.id)).toBe(51);
  });

  it('ages out with the seconds it speaks of; levels stay', () => {
    const analysis = analysisOf(findingRecord({ id: 1, from: 100 }), findingRecord({ id: 2, from: 500 }), assessmentRecord({}));
    analysis.follow(HERS, 300_000_000);
    expect(shown(analysis)).toEqual([[2, 1, 120]]);
    expect(analysis.blocks).toHaveLength(1);
  });

  it('never shows the level of one woman as that of the next in the same bed', () => {
    const analysis = analysisOf(assessmentRecord({ id: 9 }, { span: 'rolling', jsog: 5, shown: 5 }), conditionRecord({}, true));
    expect([analysis.rolling.length, analysis.conditions.length]).toEqual([1, 1]);
    analysis.follow(2n as Episode, 0);
    expect([analysis.rolling, analysis.conditions]).toEqual([[], []]);
  });

  it('shows no level before the first second said whose it is', () => {
    const analysis = new TrackAnalysis();
    analysis.take(assessmentRecord({}, { span: 'rolling' }), 0);
    expect(analysis.rolling).toEqual([]);
  });

  it('tells the newest rolling level of each fetus from the blocks of the record', () => {
    const analysis = analysisOf(
      assessmentRecord({ id: 7, from: 0 }, { span: 'rolling' }),
      assessmentRecord({ id: 7, revision: 2, from: 10 }, { span: 'rolling', jsog: 3, shown: 3 }),
      assessmentRecord({ id: 8, fetus: 2, from: 10 }, { span: 'rolling', jsog: 2, shown: 2 }),
      assessmentRecord({ id: 600, from: 0 }),
    );
    expect(analysis.rolling.map(({ fetus, shown: level }) => [fetus, level])).toEqual([[1, 3], [2, 2]]);
    expect(analysis.blocks.map(({ id }) => Number(id))).toEqual([600]);
  });

  it('drops a condition that is over, and one that holds stays however old it is', () => {
    const analysis = analysisOf(conditionRecord({ id: 1 }, true), conditionRecord({ id: 2 }, false));
    expect(analysis.conditions.map(({ id }) => Number(id))).toEqual([1]);
    analysis.take(conditionRecord({ id: 1, revision: 2 }, false), 0);
    expect(analysis.conditions).toEqual([]);
  });

  it('refuses bytes that no analysis wrote, and keeps what it has', () => {
    const analysis = analysisOf(findingRecord({}));
    expect(() => analysis.take(Uint8Array.of(1, 2, 3), 0)).toThrow(WireError);
    expect(analysis.findings).toHaveLength(1);
  });
});
