import { describe, expect, it } from 'vitest';
import { absent, block, four, rate } from '../../tests/blocks.ts';
import { Recent } from '../feed/index.ts';
import { Absence, Quality, regionTime } from '../vitals/index.ts';
import type { Bpm, Reading } from '../vitals/index.ts';
import { drawTrace } from './trace.ts';

const SECOND = 1_000_000;

/**
 * Draws seconds of FHR and writes the strokes down: `M` lifts, `L` draws, each with x and bpm.
 * A second is ten pixels of ticks, or as many as said; a hole is `undefined`.
 */
function strokes(seconds: readonly (readonly Reading<Bpm>[] | undefined)[], pxPerSecond = 40) {
  const recent = new Recent();
  seconds.forEach((fhr1, seq) => {
    const at = seq * SECOND;
    if (fhr1 !== undefined) recent.insert(block({ seq, at, fhr1 }), 0, regionTime(at));
  });
  const log = { steady: '', doubtful: '', offPaper: '' };
  const pen = (name: 'steady' | 'doubtful') => ({
    moveTo: (x: number, y: number) => (log[name] += `M${x},${240 - y} `),
    lineTo: (x: number, y: number) => (log[name] += `L${x},${240 - y} `),
  });
  const place = {
    x: (at: number) => (at / SECOND) * pxPerSecond,
    y: (bpm: number) => 240 - bpm,
    top: 0,
    bottom: 210,
  };
  const offPaper = (x: number, edge: string) => (log.offPaper += `${edge}@${x} `);
  const rows = { first: 0, end: recent.count };
  drawTrace(recent, 'fhr1', rows, place, { steady: pen('steady'), doubtful: pen('doubtful'), offPaper });
  return log;
}

describe('a trace', () => {
  it('is one line while there are values', () => {
    const log = strokes([[rate(140), rate(141), rate(142), rate(143)], four(rate(144))]);
    expect(log.steady).toBe('M0,140 L10,141 L20,142 L30,143 L40,144 L50,144 L60,144 L70,144 ');
    expect(log.doubtful).toBe('');
  });

  it('lifts the pen over an absent tick, and never draws across it', () => {
    const log = strokes([[rate(140), rate(141), absent(Absence.blank), rate(143)], four(rate(144))]);
    expect(log.steady).toBe('M0,140 L10,141 M30,143 L40,144 L50,144 L60,144 L70,144 ');
  });

  it('lifts the pen over seconds that never came', () => {
    const log = strokes([four(rate(140)), undefined, four(rate(150))]);
    expect(log.steady).toContain('L30,140 M80,150');
  });

  it('makes a dot of a lone tick between two absences', () => {
    const lost = absent(Absence.blank);
    expect(strokes([[lost, rate(140), lost, lost]]).steady).toBe('M10,140 L10.75,140 ');
  });

  it('keeps a dip that is narrower than a pixel', () => {
    const log = strokes([[rate(140), rate(60), rate(139), rate(141)], four(rate(140))], 1);
    expect(log.steady).toContain('140');
    expect(log.steady).toContain(',60 ');
    expect(log.steady).toContain('L1,140');
  });

  it('draws poor quality with its own pen, joints included', () => {
    const poor = rate(141, Quality.poor);
    const log = strokes([[rate(140), poor, rate(142), rate(143)]]);
    expect(log.doubtful).toBe('M0,140 L10,141 L20,142 ');
    expect(log.steady).toBe('M0,140 M20,142 L30,143 ');
  });

  it('marks what is beyond the paper and lifts the pen there', () => {
    const log = strokes([[rate(140), rate(293), rate(25), rate(141)]]);
    expect(log.offPaper).toBe('top@10 bottom@20 ');
    expect(log.steady).toBe('M0,140 L0.75,140 M30,141 L30.75,141 ');
  });
});
