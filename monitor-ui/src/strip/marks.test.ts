import { describe, expect, it } from 'vitest';
import { placedFinding } from '../../tests/records.ts';
import type { SaidRecord } from '../../tests/records.ts';
import { RecordingPen } from '../../tests/recording_pen.ts';
import { regionTime } from '../vitals/index.ts';
import type { BridgeTime, Finding, PlacedBaseline } from '../vitals/index.ts';
import { layOut, rateY } from './geometry.ts';
import type { StripInks } from './inks.ts';
import { bracketOf, drawBaseline, drawFinding, isShown } from './marks.ts';
import type { MarkParts } from './marks.ts';

// At 3 cm/min of 40 px a second is two pixels.
const geometry = layOut('full', { speed: 3, rate: '30-240', pxPerCm: 40 }, 1);
/** Each ink is called as it is named. */
const inks = new Proxy({} as StripInks, { get: (_, name) => String(name) });
const parts: MarkParts = {
  geometry,
  inks,
  words: { finding: ({ kind }) => [`${kind} in full`, kind] },
  origin: 0,
  artefactFill: 'hatching',
};

function drawn(said: SaidRecord, more: Partial<Finding<BridgeTime>> = {}, size = geometry): RecordingPen {
  const pen = new RecordingPen();
  drawFinding(pen, { ...parts, geometry: size }, placedFinding(said, more));
  return pen;
}

describe('the bracket of an event', () => {
  it('spans it, below the nadir of a deceleration with its arms towards the trace', () => {
    const bracket = bracketOf(geometry, placedFinding({ from: 100, to: 160 }, { value: 100 }), 0);
    expect([bracket.from, bracket.to, bracket.tip]).toEqual([200, 320, 260]);
    expect(bracket.y).toBeGreaterThan(rateY(geometry, 100));
    expect(bracket.reach).toBeLessThan(0);
  });

  it('stands above the peak of an acceleration', () => {
    const finding = placedFinding({}, { kind: 'acceleration', severity: undefined, value: 160 });
    const bracket = bracketOf(geometry, finding, 0);
    expect(bracket.y).toBeLessThan(rateY(geometry, 160));
    expect(bracket.reach).toBeGreaterThan(0);
  });

  it.each([31, 239])('and its words stay on the paper at %i bpm', (value) => {
    for (const kind of ['acceleration', 'prolonged'] as const) {
      const { y } = bracketOf(geometry, placedFinding({}, { kind, value }), 0);
      expect(y - geometry.fontPx * 1.8).toBeGreaterThan(geometry.rate.top);
      expect(y + geometry.fontPx * 1.8).toBeLessThan(geometry.rate.bottom);
    }
  });

  it('moves with the page', () => {
    expect(bracketOf(geometry, placedFinding({ from: 100 }), 150).from).toBe(50);
  });

  it('is dashed and pale while it is provisional, and neither when it is final', () => {
    const [provisional] = drawn({ state: 'provisional' }).strokes.filter(({ call }) => call === 'stroke');
    expect(provisional?.dash).not.toEqual([]);
    expect(provisional?.alpha).toBeLessThan(1);
    const words = drawn({ state: 'provisional' }).strokes.find(({ call }) => call === 'fillText');
    expect(words?.alpha).toBe(1);
    const [final] = drawn({}).strokes.filter(({ call }) => call === 'stroke');
    expect([final?.dash, final?.alpha]).toEqual([[], 1]);
  });

  it('is heavier where the deceleration is severe: not by a word or a colour alone', () => {
    const width = (severity: 'mild' | 'severe') => drawn({}, { severity }).strokes[0]?.width ?? 0;
    expect(width('severe')).toBeGreaterThan(1.5 * width('mild'));
  });

  it('bears the fullest words that have room, and none on a tile', () => {
    expect(drawn({ from: 100, to: 160 }).of('fillText').map(([text]) => text)).toEqual(['late in full']);
    const slow = layOut('full', { speed: 1, rate: '30-240', pxPerCm: 40 }, 1);
    expect(drawn({ from: 100, to: 130 }, {}, slow).of('fillText').map(([text]) => text)).toEqual(['late']);
    const tile = layOut('mini', { speed: 1, rate: '30-240', pxPerCm: 15 }, 1);
    expect(drawn({}, {}, tile).of('fillText')).toEqual([]);
  });
});

describe('other findings', () => {
  it('a contraction is a bar at the foot of its field, with a tick at the peak', () => {
    const pen = drawn({ from: 100, to: 160 }, { kind: 'contraction', severity: undefined, value: 55 });
    const [bar, tick] = pen.of('fillRect') as number[][];
    expect([bar?.[0], bar?.[2]]).toEqual([200, 120]);
    expect((bar?.[1] ?? 0) + (bar?.[3] ?? 0)).toBe(geometry.activity.bottom);
    expect(tick?.[0]).toBe(260);
    expect(tick?.[3]).toBeGreaterThan(bar?.[3] ?? 0);
    expect(pen.strokes.every(({ ink }) => ink === 'contraction')).toBe(true);
  });

  it('a provisional contraction is an open bar', () => {
    expect(drawn({ state: 'provisional' }, { kind: 'contraction' }).of('fillRect')).toHaveLength(4);
  });

  it('an artefact tints its whole field and is hatched along the top', () => {
    const pen = drawn({ from: 100, to: 160 }, { kind: 'maternalCoincidence', severity: undefined });
    const { top, bottom } = geometry.rate;
    expect(pen.strokes.map(({ ink, at }) => [ink, ...at])).toEqual([
      ['artefactTint', 200, top, 120, bottom - top],
      ['hatching', 200, top, 120, geometry.lane],
    ]);
  });

  it('a spike is never narrower than a pixel', () => {
    const pen = drawn({ from: 100, to: 100.1 }, { kind: 'spike', severity: undefined });
    expect(pen.of('fillRect').every(([, , width]) => Number(width) >= 1)).toBe(true);
  });

  it('leave the pen as it was', () => {
    const pen = drawn({ state: 'provisional' });
    expect([pen.globalAlpha, pen.lineWidth, pen.fillStyle]).toEqual([1, 1, '']);
  });
});

describe('the profiles', () => {
  it('show what they count in; what belongs to none is shown by each', () => {
    const short = placedFinding({}, { kind: 'acceleration', profiles: ['expert'] });
    expect([isShown(short, 'definition'), isShown(short, 'expert')]).toEqual([false, true]);
    const contraction = placedFinding({}, { kind: 'contraction', profiles: [] });
    expect([isShown(contraction, 'definition'), isShown(contraction, 'expert')]).toEqual([true, true]);
  });
});

describe('the baseline', () => {
  const line = (bpm: readonly number[], state: 'final' | 'provisional' = 'final'): PlacedBaseline => ({
    id: 1n as PlacedBaseline['id'],
    fetus: 1,
    state,
    revision: 1,
    from: regionTime(100_000_000),
    stepMicros: 5_000_000,
    bpm: Float32Array.from(bpm),
  });
  const path = (pen: RecordingPen) =>
    pen.strokes.filter(({ call }) => call !== 'stroke').map(({ call, at }) => `${call[0]}${at[0]}`).join(' ');

  it('is drawn over the whole step of each value', () => {
    const pen = new RecordingPen();
    drawBaseline(pen, parts, line([140, 141]));
    expect(path(pen)).toBe('m200 l210 l210 l220');
  });

  it('lifts the pen where there is none, and a lone value is still seen', () => {
    const pen = new RecordingPen();
    drawBaseline(pen, parts, line([140, NaN, 141]));
    expect(path(pen)).toBe('m200 l210 m220 l230');
  });

  it('is dashed while it is provisional', () => {
    const pen = new RecordingPen();
    drawBaseline(pen, parts, line([140], 'provisional'));
    expect(pen.strokes.at(-1)?.dash).not.toEqual([]);
  });
});
