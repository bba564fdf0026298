import { describe, expect, it } from 'vitest';
import { absent, block, four, rate } from '../../tests/blocks.ts';
import { Recent } from '../feed/index.ts';
import { Absence, Flag, regionTime } from '../vitals/index.ts';
import { Mark } from '../wire/index.ts';
import { absences, coincidences, gaps, lateArrivals } from './stretches.ts';

const SECOND = 1_000_000;
const blank = four(absent(Absence.blank));

/** Seconds by their number, each with what is special about it. */
function recentOf(seconds: Readonly<Record<number, { flags?: number; marks?: number; fhr1?: typeof blank }>>) {
  const recent = new Recent();
  for (const [key, { marks = 0, ...said }] of Object.entries(seconds)) {
    const seq = Number(key);
    recent.insert(block({ seq, at: seq * SECOND, ...said }), marks, regionTime(seq * SECOND));
  }
  return { recent, rows: { first: 0, end: recent.count } };
}

const inSeconds = <What>(found: { from: number; to: number; what: What }[]) =>
  found.map(({ from, to, what }) => [from / SECOND, to / SECOND, what]);

describe('stretches', () => {
  it('join the ticks of one absence and part two reasons', () => {
    const half = [rate(140), rate(140), absent(Absence.blank), absent(Absence.blank)];
    const unplugged = four(absent(Absence.noTransducer));
    const { recent, rows } = recentOf({ 0: { fhr1: half as typeof blank }, 1: { fhr1: blank }, 2: { fhr1: unplugged } });
    expect(inSeconds(absences(recent, 'fhr1', rows))).toEqual([
      [0.5, 2, Absence.blank],
      [2, 3, Absence.noTransducer],
    ]);
  });

  it('end an absence where the seconds end: what did not come is no absence', () => {
    const { recent, rows } = recentOf({ 0: { fhr1: blank }, 1: { fhr1: blank }, 9: { fhr1: blank } });
    expect(inSeconds(absences(recent, 'fhr1', rows))).toEqual([
      [0, 2, Absence.blank],
      [9, 10, Absence.blank],
    ]);
  });

  it('say of each gap why', () => {
    const { recent, rows } = recentOf({
      0: {},
      5: {},
      10: { marks: Mark.gapBefore },
      20: { flags: Flag.refusedBefore },
    });
    expect(inSeconds(gaps(recent, rows))).toEqual([
      [1, 5, 'not received'],
      [6, 10, 'may still come'],
      [11, 20, 'refused by the bridge'],
    ]);
  });

  it('close a gap when its seconds come late, and show those as late', () => {
    const { recent } = recentOf({ 0: {}, 3: { marks: Mark.gapBefore } });
    for (const seq of [1, 2]) {
      recent.insert(block({ seq, at: seq * SECOND }), Mark.late, regionTime(seq * SECOND));
    }
    const rows = { first: 0, end: recent.count };
    expect(gaps(recent, rows)).toEqual([]);
    expect(inSeconds(lateArrivals(recent, rows))).toEqual([[1, 3, 'late']]);
  });

  it('show where two channels had the same rate', () => {
    const flags = Flag.coincidence;
    const { recent, rows } = recentOf({ 0: {}, 1: { flags }, 2: { flags }, 3: {} });
    expect(inSeconds(coincidences(recent, rows))).toEqual([[1, 3, 'coincidence']]);
  });
});
