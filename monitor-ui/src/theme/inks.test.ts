import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { INKS, THEMES } from './index.ts';
import type { Inks } from './index.ts';

const GRADES = ['1', '2', '3', '4', '5', 'None'] as const;

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const grounds = (inks: Inks) => GRADES.slice(0, 5).map((grade) => luminance(inks[`level${grade}`]));

describe.each(THEMES)('the levels on %s paper', (theme) => {
  const inks = INKS[theme];

  it.each(GRADES)('level %s can be read on its own ground', (grade) => {
    expect(contrast(inks[`level${grade}`], inks[`level${grade}Text`])).toBeGreaterThanOrEqual(4.5);
  });

  it('no two of them have the same lightness: they differ to eyes that see no hue', () => {
    const sorted = [...grounds(inks)].sort((a, b) => a - b);
    const steps = sorted.slice(1).map((each, n) => (each + 0.05) / ((sorted[n] ?? 0) + 0.05));
    expect(Math.min(...steps)).toBeGreaterThan(1.12);
  });

  it('words on the marks of the strip can be read on its paper', () => {
    for (const mark of ['acceleration', 'deceleration', 'sinusoidal'] as const) {
      for (const ground of ['paper', 'above', 'below'] as const) {
        expect(contrast(inks[mark], inks[ground])).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('are the same on the page as on the strip', () => {
    const css = readFileSync(fileURLToPath(new URL('./tokens.css', import.meta.url)), 'utf8');
    const block = css.split(/(?=:root\[data-theme=)/)[THEMES.indexOf(theme)] ?? '';
    for (const grade of GRADES) {
      const name = grade.toLowerCase();
      expect(block).toContain(`--level-${name}: ${inks[`level${grade}`]};`);
      expect(block).toContain(`--level-${name}-text: ${inks[`level${grade}Text`]};`);
    }
  });

  it('traces that may lie over each other differ in lightness', () => {
    const traces = [inks.fhr1, inks.fhr2, inks.mhr];
    traces.forEach((one, n) => {
      for (const other of traces.slice(n + 1)) expect(contrast(one, other)).toBeGreaterThan(1.2);
    });
  });
});

describe('the colours of the page', () => {
  const css = readFileSync(fileURLToPath(new URL('./tokens.css', import.meta.url)), 'utf8');
  const blocks = css.split(/(?=:root\[data-theme=)/);
  const tokens = (block: string): Record<string, string> => Object.fromEntries([...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour]));

  it('are all named in every theme', () => {
    expect(blocks).toHaveLength(THEMES.length);
    const names = blocks.map((block) => Object.keys(tokens(block)).sort());
    for (const each of names) expect(each).toEqual(names[0]);
  });

  it('let alarms be read on their own ground, and tell priorities apart without hue', () => {
    for (const block of blocks) {
      const of = tokens(block);
      const colour = (name: string) => of[name] ?? '#000000';
      for (const name of ['alarm', 'priority-high', 'priority-medium', 'priority-low']) {
        const ground = name === 'alarm' ? 'alarm-ground' : name;
        expect(contrast(colour(ground), colour(`${name}-text`))).toBeGreaterThanOrEqual(4.5);
      }
      expect(contrast(colour('priority-high'), colour('priority-medium'))).toBeGreaterThan(1.5);
    }
  });

  it('at night hold nothing that dazzles: hardly any green, and less blue', () => {
    const [night = ''] = blocks.slice(-1);
    for (const hex of [...Object.values(tokens(night)), ...Object.values(INKS.night)]) {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      expect(r).toBeGreaterThanOrEqual(g);
      expect(g).toBeGreaterThanOrEqual(b);
      expect(luminance(hex.slice(0, 7))).toBeLessThan(0.65);
    }
  });
});
