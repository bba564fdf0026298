import { describe, expect, it } from 'vitest';
import { duration } from './format.ts';
import { WORDS } from './words.ts';

/** Every text of a dictionary with the path to it; functions are called with sample values. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value(7, 8, 9))]];
  return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe('the words', () => {
  it('say something everywhere', () => {
    for (const words of Object.values(WORDS)) {
      for (const [path, text] of texts(words)) expect(text.trim(), path).not.toBe('');
    }
  });

  it('are English in English', () => {
    const japanese = texts(WORDS.en).filter(([, text]) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(text));
    expect(japanese.map(([path]) => path)).toEqual(['.noticeElsewhere']);
  });

  it('give durations in the two largest units', () => {
    expect(duration(WORDS.ja, 12.9)).toBe('12 秒');
    expect(duration(WORDS.ja, 192)).toBe('3 分 12 秒');
    expect(duration(WORDS.en, 7384)).toBe('2 h 3 min');
  });
});
