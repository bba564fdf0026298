import { describe, expect, it } from 'vitest';
import { assessmentRecord } from '../../tests/records.ts';
import { TrackAnalysis } from '../feed/index.ts';
import { regionTime } from '../vitals/index.ts';
import type { Episode } from '../wire/index.ts';
import { analysisView, LEVEL_OLD_AFTER_SECONDS } from './analysis_view.ts';

const PRESENT = { state: 'present', since: regionTime(5) } as const;
const at = (second: number) => regionTime(second * 1_000_000);

function analysed(...records: readonly Uint8Array[]): TrackAnalysis {
  const analysis = new TrackAnalysis();
  analysis.follow(1n as Episode, 0);
  for (const record of records) analysis.take(record, 0);
  return analysis;
}

describe('what the analysis says of a bed', () => {
  it('is the last minutes with their age, and the blocks before them as the trend', () => {
    const blocks = [0, 1, 2, 3, 4, 5].map((n) => assessmentRecord({ id: n + 10, from: n * 600 }));
    const rolling = assessmentRecord({ id: 1, from: 3_050 }, { span: 'rolling', jsog: 3, shown: 3 });
    const view = analysisView(analysed(...blocks, rolling), PRESENT, at(3_660), 'fresh');
    const [level] = view.levels;
    expect([view.state, level?.assessment.shown, level?.ageSeconds, level?.isOld]).toEqual(['present', 3, 10, false]);
    expect(level?.trend.map(({ id }) => Number(id))).toEqual([12, 13, 14, 15]);
  });

  it('is not the present once it is older than the analysis takes to look again', () => {
    const analysis = analysed(assessmentRecord({ id: 1, from: 0 }, { span: 'rolling' }));
    const isOld = (second: number) => analysisView(analysis, PRESENT, at(second), 'fresh').levels[0]?.isOld;
    expect([isOld(600 + LEVEL_OLD_AFTER_SECONDS), isOld(601 + LEVEL_OLD_AFTER_SECONDS)]).toEqual([false, true]);
  });

  it('is absent when the region says so, and whenever the feed is stale', () => {
    expect(analysisView(analysed(), { state: 'absent', since: undefined }, at(1), 'fresh').state).toBe('absent');
    expect(analysisView(analysed(), PRESENT, at(1), 'stale').state).toBe('absent');
    expect(analysisView(analysed(), undefined, undefined, 'waiting').state).toBe('unknown');
  });

  it('has a level for each twin', () => {
    const twins = analysed(
      assessmentRecord({ id: 1, fetus: 2 }, { span: 'rolling', jsog: 2, shown: 2 }),
      assessmentRecord({ id: 1, fetus: 1 }, { span: 'rolling' }),
    );
    const view = analysisView(twins, PRESENT, at(600), 'fresh');
    expect(view.levels.map(({ fetus, assessment }) => [fetus, assessment.shown])).toEqual([[1, 1], [2, 2]]);
  });
});
