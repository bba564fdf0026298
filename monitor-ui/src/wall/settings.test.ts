import { describe, expect, it } from 'vitest';
import { keepSettings, loadSettings } from './settings.ts';

const shelf = () => {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
};
const DESK = { height: 900, theme: 'light' } as const;

describe('the settings of a screen', () => {
  it('begin in Japanese at 3 cm/min, and as large as leaves room for the beds', () => {
    const fresh = { language: 'ja', theme: 'light', speed: 3, rate: '30-240', magnification: 1, profile: 'definition', reading: 'open', order: 'urgency' };
    expect(loadSettings(shelf(), DESK)).toEqual(fresh);
    expect(loadSettings(shelf(), { height: 2160, theme: 'dark' })).toMatchObject({ magnification: 2, theme: 'dark' });
  });

  it('are remembered', () => {
    const kept = shelf();
    const chosen = { ...loadSettings(kept, DESK), language: 'en', speed: 1, rate: '50-210', profile: 'expert', reading: 'closed' } as const;
    keepSettings(kept, chosen);
    expect(loadSettings(kept, DESK)).toEqual(chosen);
  });

  it.each(['', 'no json', '[]', '{"speed":99,"rate":"0-500","language":"xx","magnification":1e9}'])(
    'survive %j on the shelf',
    (text) => {
      const broken = { getItem: () => text, setItem: () => undefined };
      expect(loadSettings(broken, DESK)).toEqual(loadSettings(shelf(), DESK));
    },
  );

  it('do not stop the wall where the browser forbids storage', () => {
    const forbidden = {
      getItem: () => null,
      setItem: () => {
        throw new Error('forbidden');
      },
    };
    expect(() => keepSettings(forbidden, loadSettings(forbidden, DESK))).not.toThrow();
  });
});
