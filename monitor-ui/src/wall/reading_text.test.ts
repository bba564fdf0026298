import { describe, expect, it } from 'vitest';
import { assessmentBody, findingBody } from '../../tests/records.ts';
import { Caveat, LEVELS, WHY } from '../vitals/index.ts';
import type { WhyName } from '../vitals/index.ts';
import { LEVEL_ACTIONS } from './level_actions.ts';
import { findingName, findingNumbers, findingTexts, levelTexts, whySentence } from './reading_text.ts';
import { WORDS } from './words.ts';

const JA = WORDS.ja.analysis;
const EN = WORDS.en.analysis;
const NAMES = Object.keys(WHY) as WhyName[];

describe('a level in words', () => {
  it('is the shown one, with its name, and shorter where there is little room', () => {
    const texts = levelTexts(JA, assessmentBody({}, { jsog: 3, shown: 3 }));
    expect(texts).toEqual(['レベル 3 異常波形（軽度）', '3 軽度', '3']);
  });

  it('never loses that a value is carried, or that it is to be checked', () => {
    const caveats = Caveat.variabilityCarried | Caveat.toBeChecked;
    for (const words of [JA, EN]) {
      for (const text of levelTexts(words, assessmentBody({}, { jsog: 4, shown: 5, caveats }))) {
        expect(text).toContain(words.carried);
        expect(text).toContain(words.toBeChecked);
      }
    }
  });

  it('is a result of its own where there is none', () => {
    const texts = levelTexts(JA, assessmentBody({}, { jsog: 'noCell', shown: undefined }));
    expect(texts).toEqual(['分類不能', '–']);
  });
});

describe('a reason', () => {
  it.each(NAMES)('%s is a whole sentence in both languages, with and without its time', (name) => {
    for (const at of ['10:22:10', undefined]) {
      const why = { name, finding: undefined, value: 7.5 };
      expect(whySentence(JA, why, at, 'decreased')).toMatch(/^[^。]{6,}。$/);
      expect(whySentence(EN, why, at, 'decreased')).toMatch(/^[A-Z7].*\.$/);
      expect(whySentence(EN, why, at, 'decreased')).not.toMatch(/undefined| {2}|\( | ,/);
    }
  });

  it('names the time of the finding behind it, and its number', () => {
    const why = { name: 'lateSevere', finding: undefined, value: 118.25 } as const;
    expect(whySentence(JA, why, '10:22:10', undefined)).toBe('10:22:10 の遅発一過性徐脈（高度）があります（最下点 118.3 bpm）。');
    expect(whySentence(EN, why, undefined, undefined)).toBe('There is a severe late deceleration (nadir 118.3 bpm).');
  });

  it('has a code of its own', () => {
    const codes = Object.values(WHY).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('a finding in words', () => {
  it('tells its kind, degree and depth on the strip', () => {
    expect(findingTexts(JA, findingBody({}))[0]).toBe('遅発 軽度 −14');
    const rise = findingBody({}, { kind: 'acceleration', severity: undefined, depthBpm: 21.5 });
    expect(findingTexts(JA, rise)).toEqual(['一過性頻脈 +22', '+22']);
  });

  it('is never called tachycardia or bradycardia for short', () => {
    const shorts = Object.values(JA.findingShort);
    expect(shorts.filter((text) => text === '頻脈' || text === '徐脈')).toEqual([]);
  });

  it('tells its lag with a sign, and a prolonged rise by its length', () => {
    expect(findingNumbers(JA, findingBody({}, { lagSeconds: 24.5 }))).toEqual(['最下点 120（−14）', '陣痛頂点から +25 秒']);
    const rise = findingBody({ from: 0, to: 120 }, { kind: 'acceleration', severity: undefined });
    expect(findingName(JA, rise)).toBe('遷延一過性頻脈');
  });
});

describe('the actions of a level', () => {
  it('are those of the sheet, both roles at each level', () => {
    const table = LEVELS.map((level) => [LEVEL_ACTIONS[level].doctor.join(''), LEVEL_ACTIONS[level].midwife.join('')]);
    expect(table).toEqual([
      ['A', 'A'],
      ['AB', 'B'],
      ['BC', 'BC'],
      ['CD', 'CD'],
      ['D', 'D'],
    ]);
  });
});
