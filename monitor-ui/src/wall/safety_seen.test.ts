import { describe, expect, it } from 'vitest';
import { hasRead, keepRead } from './safety_seen.ts';

const shelf = () => {
  const kept = new Map<string, string>();
  return { kept, getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
};

describe('the safety card', () => {
  it('is read once by each person in a browser', () => {
    const here = shelf();
    keepRead(here, '山田');
    expect([hasRead(here, '山田'), hasRead(here, '佐藤')]).toEqual([true, false]);
    keepRead(here, '佐藤');
    expect([hasRead(here, '山田'), hasRead(here, '佐藤')]).toEqual([true, true]);
  });

  it('leaves no name in the browser', () => {
    const here = shelf();
    keepRead(here, 'yamada');
    expect([...here.kept.values()].join()).not.toContain('yamada');
  });

  it('forgets the first of too many, and never grows', () => {
    const here = shelf();
    for (let n = 0; n < 300; n += 1) keepRead(here, `midwife ${n}`);
    expect([hasRead(here, 'midwife 0'), hasRead(here, 'midwife 299')]).toEqual([false, true]);
    expect([...here.kept.values()].join().length).toBeLessThan(3_000);
  });

  it.each(['', 'x', '[]', '{"edition":0,"people":[1]}', '{"edition":1,"people":"all"}'])('is shown where %j is kept', (text) => {
    const odd = { getItem: () => text, setItem: () => undefined };
    expect(hasRead(odd, '山田')).toBe(false);
  });

  it('does not stop the wall where the browser forbids storage', () => {
    const forbidden = {
      getItem: () => null,
      setItem: () => {
        throw new Error('forbidden');
      },
    };
    expect(() => keepRead(forbidden, '山田')).not.toThrow();
  });
});
