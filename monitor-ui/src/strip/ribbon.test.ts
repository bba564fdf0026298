import { describe, expect, it } from 'vitest';
import { placedAssessment, placedFinding } from '../../tests/records.ts';
import { RecordingPen } from '../../tests/recording_pen.ts';
import { Caveat, NO_ANNOTATIONS, regionTime } from '../vitals/index.ts';
import type { Annotations, PlacedAssessment } from '../vitals/index.ts';
import { layOut } from './geometry.ts';
import type { StripInks } from './inks.ts';
import { pick } from './pick.ts';
import { drawCell, drawCellWords, drawNotAnalysed, gradedFetuses, openSpan, ribbonLane } from './ribbon.ts';
import type { RibbonParts } from './ribbon.ts';

const geometry = layOut('full', { speed: 3, rate: '30-240', pxPerCm: 40 }, 1);
const inks = new Proxy({} as StripInks, { get: (_, name) => String(name) });
const parts: RibbonParts = { geometry, inks, hatch: (colour, kind) => `${kind} of ${colour}`, origin: 0 };
const lane = ribbonLane(geometry, [1], 1);

function grounds(assessment: PlacedAssessment): (readonly [string, number])[] {
  const pen = new RecordingPen();
  drawCell(pen, parts, assessment, lane, assessment);
  return pen.strokes.map(({ ink, alpha }) => [ink, alpha]);
}

const annotations = (said: Partial<Annotations>): Annotations => ({ ...NO_ANNOTATIONS, ...said });

describe('a cell of the ribbon', () => {
  it('is as long as its block, less the line that parts it from the next', () => {
    const pen = new RecordingPen();
    drawCell(pen, parts, placedAssessment({ from: 600 }), lane, { from: 600_000_000, to: 1_200_000_000 });
    expect(pen.of('fillRect')).toEqual([[1200, lane.top, 1199, lane.bottom - lane.top]]);
  });

  it('has the ground of the level that is shown, not of the one that the table gives', () => {
    expect(grounds(placedAssessment({}, { jsog: 4, shown: 5 }))).toEqual([['level5', 1]]);
  });

  it('has a look of its own where there is no level', () => {
    const look = grounds(placedAssessment({}, { jsog: 'lost', shown: undefined }));
    expect(look.map(([ink]) => ink)).toEqual(['levelNone', 'lines of levelNoneText']);
  });

  it('has a look of its own where a value is carried', () => {
    const look = grounds(placedAssessment({}, { jsog: 2, shown: 2, caveats: Caveat.baselineCarried }));
    expect(look.map(([ink]) => ink)).toEqual(['level2', 'leaning of level2Text']);
  });

  it('is pale while it is provisional', () => {
    expect(grounds(placedAssessment({ state: 'provisional' }))[0]?.[1]).toBeLessThan(1);
  });

  it('bears the fullest words that fit, and none where none fit', () => {
    const words = { level: () => ['level in full', 'level', '1'] };
    const written = (to: number) => {
      const pen = new RecordingPen();
      drawCellWords(pen, parts, words, placedAssessment({}), { from: 0, to, lane });
      return pen.of('fillText').map(([text]) => text);
    };
    expect([written(400), written(80), written(30), written(8)]).toEqual([['level in full'], ['level'], ['1'], []]);
  });

  it('says that minutes were not analysed, on no level’s ground', () => {
    const pen = new RecordingPen();
    drawNotAnalysed(pen, parts, 'not analysed', { from: 0, to: 300, lane });
    expect(pen.of('fillText').map(([text]) => text)).toEqual(['not analysed']);
    expect(pen.strokes.some(({ ink }) => ink.startsWith('level'))).toBe(false);
  });
});

describe('the ribbon', () => {
  it('gives twins a lane each, which do not touch', () => {
    const [first, second] = [ribbonLane(geometry, [1, 2], 1), ribbonLane(geometry, [1, 2], 2)];
    expect(first.top).toBe(geometry.ribbon.top);
    expect(second.bottom).toBe(geometry.ribbon.bottom);
    expect(second.top).toBeGreaterThan(first.bottom);
  });

  it('stands for one fetus where nobody was graded yet', () => {
    expect(gradedFetuses(NO_ANNOTATIONS)).toEqual([1]);
    expect(gradedFetuses(annotations({ rolling: [placedAssessment({ fetus: 2 })] }))).toEqual([2]);
  });

  it('continues the last block of the same fetus with the last minutes', () => {
    const rolling = placedAssessment({ from: 300, to: 900 }, { span: 'rolling' });
    const blocks = [placedAssessment({ from: 0, to: 600 }), placedAssessment({ from: 0, to: 800, fetus: 2 })];
    expect(openSpan(annotations({ blocks }), rolling)).toEqual({ from: 600_000_000, to: 900_000_000 });
    expect(openSpan(NO_ANNOTATIONS, rolling)).toEqual({ from: 300_000_000, to: 900_000_000 });
  });
});

describe('pointing at the strip', () => {
  const late = placedFinding({ id: 1, from: 100, to: 160 });
  const artefact = placedFinding({ id: 2, from: 50, to: 300 }, { kind: 'doubled' });
  const contraction = placedFinding({ id: 3, from: 90, to: 150 }, { kind: 'contraction' });
  const block = placedAssessment({ id: 4, from: 0, to: 600 });
  const all = annotations({ findings: [artefact, contraction, late], blocks: [block] });
  const at = (second: number, y: number) => pick(geometry, all, 'definition', regionTime(second * 1_000_000), y)?.record.id;

  it('finds the shortest finding of the field, the block of the ribbon, or nothing', () => {
    expect(at(120, geometry.rate.top + 50)).toBe(1n);
    expect(at(200, geometry.rate.top + 50)).toBe(2n);
    expect(at(120, geometry.activity.bottom - 2)).toBe(3n);
    expect(at(120, (lane.top + lane.bottom) / 2)).toBe(4n);
    expect(at(700, (lane.top + lane.bottom) / 2)).toBeUndefined();
  });
});
