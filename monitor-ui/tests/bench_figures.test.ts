import { describe, expect, it } from 'vitest';
import { figuresOf, quantile, quietest, slope, table } from '../bench/figures.ts';
import type { Figures } from '../bench/figures.ts';

const look = (at: number, task: number, cpu: number) => ({
  atSeconds: at,
  taskSeconds: task,
  scriptSeconds: task / 2,
  layoutSeconds: 0,
  styleSeconds: 0,
  rendererSeconds: cpu,
  allSeconds: cpu * 2,
});

function figures(wall: string, cpu: number): Figures {
  const gaps = Array.from({ length: 100 }, (_, n) => (n === 99 ? 40 : 10));
  return figuresOf(wall, { before: look(5, 1, 3), after: look(6, 1.2, 3 + cpu) }, gaps, { before: 1e6, after: 2e6 });
}

describe('the figures of the benchmark', () => {
  it('are differences of two looks, for each frame and each second', () => {
    const { mainMillis, cpu, gapMillis, framesPerSecond } = figures('a', 0.5);
    expect(mainMillis.task).toBeCloseTo(2, 9);
    expect(mainMillis.script).toBeCloseTo(1, 9);
    expect(mainMillis.paint).toBeCloseTo(1, 9);
    expect(cpu).toEqual({ renderer: 0.5, all: 1 });
    expect(gapMillis).toEqual({ p50: 10, p95: 10, p99: 10, max: 40 });
    expect(framesPerSecond).toBeCloseTo(100_000 / 1_030, 6);
  });

  it('take the quietest run, and compare with ours', () => {
    expect(quietest([figures('a', 0.5), figures('a', 0.2)])?.cpu.renderer).toBeCloseTo(0.2, 9);
    const rows = table([figures('ours', 0.2), figures('other', 0.7)], 'ours').split('\n');
    expect(rows[1]).toMatch(/^ours .* 1\.0 /);
    expect(rows[2]).toMatch(/^other .* 3\.5 /);
  });

  it('know ranks and slopes', () => {
    expect(quantile([3, 1, 2, 4], 0.5)).toBe(2);
    expect(quantile([3, 1, 2, 4], 0.99)).toBe(4);
    expect(slope([[0, 1], [1, 3], [2, 5]])).toEqual({ slope: 2, error: 0 });
    const noisy = slope([[0, 0], [1, 1], [2, 0], [3, 1]]);
    expect(noisy.slope).toBeCloseTo(0.2, 9);
    expect(noisy.error).toBeGreaterThan(0.1);
  });
});
