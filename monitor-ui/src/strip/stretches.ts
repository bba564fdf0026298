/** Stretches of time on a strip in which one thing holds: an absence, a gap, a mark. */
import {
  ABSENT,
  absenceOf,
  Arrival,
  Flag,
  MICROS_PER_SECOND,
  TICK_MICROS,
  TICKS_PER_SECOND,
} from '../vitals/index.ts';
import type { Absence, Channel, SecondColumns } from '../vitals/index.ts';
import type { GapReason } from './inks.ts';

/** From a moment to another, in region µs, and what held. */
export interface Stretch<What> {
  readonly from: number;
  readonly to: number;
  readonly what: What;
}

/** Rows from the first to before the last. */
export interface Rows {
  readonly first: number;
  readonly end: number;
}

/**
 * Seconds whose starts lie further apart than this have a hole between them.
 *
 * Half a second of room, because a bridge places seconds by arrival and a serial line jitters.
 */
const HOLE_MICROS = MICROS_PER_SECOND * 1.5;

/** Whether nothing came between a row and the one before it. */
export function isAfterHole(columns: SecondColumns, row: number): boolean {
  if (row === 0) return true;
  return (columns.at[row] ?? 0) - (columns.at[row - 1] ?? 0) > HOLE_MICROS;
}

/** Where a channel has no value for the same reason, holes not included. */
export function absences(columns: SecondColumns, channel: Channel, rows: Rows): Stretch<Absence>[] {
  const { states } = columns.ticks[channel];
  const found: Stretch<Absence>[] = [];
  let open: { from: number; what: Absence } | undefined;
  let end = 0;
  const close = () => {
    if (open !== undefined) found.push({ ...open, to: end });
    open = undefined;
  };
  for (let row = rows.first; row < rows.end; row += 1) {
    if (isAfterHole(columns, row)) close();
    const at = columns.at[row] ?? 0;
    for (let i = 0; i < TICKS_PER_SECOND; i += 1) {
      const why = absenceOf(states[row * TICKS_PER_SECOND + i] ?? ABSENT);
      const from = at + i * TICK_MICROS;
      if (open?.what !== why) close();
      if (why !== undefined) open ??= { from, what: why };
      end = from + TICK_MICROS;
    }
  }
  close();
  return found;
}

/** Where no second came although one before and one after did. */
export function gaps(columns: SecondColumns, rows: Rows): Stretch<GapReason>[] {
  const found: Stretch<GapReason>[] = [];
  for (let row = Math.max(rows.first, 1); row < rows.end; row += 1) {
    if (!isAfterHole(columns, row)) continue;
    const from = (columns.at[row - 1] ?? 0) + MICROS_PER_SECOND;
    found.push({ from, to: columns.at[row] ?? from, what: gapReason(columns, row) });
  }
  return found;
}

/** Where seconds came late, stored at the bridge while its link was down. */
export function lateArrivals(columns: SecondColumns, rows: Rows): Stretch<'late'>[] {
  const isLate = (row: number) => ((columns.arrival[row] ?? 0) & Arrival.late) !== 0;
  return secondsWhere(columns, rows, isLate, 'late');
}

/** Where the monitor found the same rate on two channels. */
export function coincidences(columns: SecondColumns, rows: Rows): Stretch<'coincidence'>[] {
  const isSame = (row: number) => ((columns.flags[row] ?? 0) & Flag.coincidence) !== 0;
  return secondsWhere(columns, rows, isSame, 'coincidence');
}

function secondsWhere<What>(
  columns: SecondColumns,
  rows: Rows,
  holds: (row: number) => boolean,
  what: What,
): Stretch<What>[] {
  const found: Stretch<What>[] = [];
  let from: number | undefined;
  let end = 0;
  for (let row = rows.first; row < rows.end; row += 1) {
    const at = columns.at[row] ?? 0;
    const ends = !holds(row) || isAfterHole(columns, row);
    if (ends && from !== undefined) {
      found.push({ from, to: end, what });
      from = undefined;
    }
    if (holds(row)) from ??= at;
    end = at + MICROS_PER_SECOND;
  }
  if (from !== undefined) found.push({ from, to: end, what });
  return found;
}

function gapReason(columns: SecondColumns, row: number): GapReason {
  if (((columns.flags[row] ?? 0) & Flag.refusedBefore) !== 0) return 'refused by the bridge';
  const mayCome = ((columns.arrival[row] ?? 0) & Arrival.gapBefore) !== 0;
  return mayCome ? 'may still come' : 'not received';
}
