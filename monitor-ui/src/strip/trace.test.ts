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

  it('drawn in two pieces, the second from the pen that the first kept, is the line drawn at once', () => {
    const lost = absent(Absence.blank);
    const recent = new Recent();
    Array.from({ length: 40 }, (_, seq) => {
      const fhr1 = [rate(140 + (seq % 7)), seq % 11 === 5 ? lost : rate(150), rate(132, seq % 5 === 0 ? Quality.poor : Quality.good), rate(149)];
      recent.insert(block({ seq, at: seq * SECOND, fhr1 }), 0, regionTime(seq * SECOND));
    });
    const dash = { lengths: [7, 3], anewEveryPx: 32 };
    for (const style of [{}, { dash }]) {
      const whole = pieces(style);
      drawTrace(recent, 'fhr1', { first: 0, end: 40 }, PLACE, whole.pens);
      for (const cut of [1, 13, 27, 39]) {
        const drawn = pieces(style);
        const first = { first: 0, end: cut + 1 };
        // The first piece goes on beyond the row before which its pen was kept.
        const kept = drawTrace(recent, 'fhr1', first, PLACE, pieces(style).pens, { keepAtRow: cut });
        expect(kept?.at).toBe(cut * SECOND);
        drawTrace(recent, 'fhr1', { first: cut, end: 40 }, PLACE, drawn.pens, { from: kept });
        const from = PLACE.x(cut * SECOND);
        expect(drawn.after(from)).toEqual(whole.after(from));
        expect(drawn.after(from).length).toBeGreaterThan(0);
      }
    }
  });

  it('has its dashes where they are, wherever the drawing began', () => {
    const recent = new Recent();
    for (let seq = 0; seq < 60; seq += 1) {
      recent.insert(block({ seq, at: seq * SECOND, fhr1: four(rate(140)) }), 0, regionTime(seq * SECOND));
    }
    const draw = (first: number) => {
      const drawn = pieces({ dash: { lengths: [7, 3], anewEveryPx: 32 } });
      drawTrace(recent, 'fhr1', { first, end: 60 }, PLACE, drawn.pens);
      return drawn.after(100);
    };
    expect(draw(11)).toEqual(draw(0));
    const lengths = draw(0).map(([from, to]) => to - from);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(7.01);
  });
});

const PLACE = { x: (at: number) => (at / SECOND) * 5, y: (bpm: number) => 240 - bpm, top: 0, bottom: 210 };

/** Pens that write down each straight piece as from x, to x, from y, to y. */
function pieces(style: Partial<Parameters<typeof drawTrace>[4]>) {
  const log: (readonly [number, number, number, number])[] = [];
  const pen = () => {
    let at: readonly [number, number] = [NaN, NaN];
    return {
      moveTo: (x: number, y: number) => (at = [x, y]),
      lineTo: (x: number, y: number) => {
        log.push([at[0], x, at[1], y].map((part) => Math.round(part * 1e6) / 1e6) as [number, number, number, number]);
        at = [x, y];
      },
    };
  };
  const pens = { ...style, steady: pen(), doubtful: pen(), offPaper: () => undefined };
  return { pens, after: (x: number) => log.filter(([from]) => from >= x) };
}
