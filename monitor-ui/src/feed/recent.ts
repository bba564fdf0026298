/**
 * The recent seconds of one track, as columns ordered by the region's time.
 *
 * # Invariants
 *
 * `at` never falls from row to row; no block is in it twice; never more than
 * {@link SECONDS_MAX} rows are promised to be kept, and never more than
 * {@link SECONDS_MAX} + {@link SLACK} exist. What is older is dropped from the front.
 */
import { Absence, Arrival, CHANNELS, TICKS_PER_SECOND, tickState } from '../vitals/index.ts';
import type {
  Channel,
  Reading,
  RegionTime,
  SecondColumns,
  TickColumns,
  Transducers,
} from '../vitals/index.ts';
import { Mark } from '../wire/index.ts';
import type { Block } from '../wire/index.ts';
import { Seen } from './seen.ts';

/** An hour of a track: 14,400 ticks of each channel. */
export const SECONDS_MAX = 3_600;
/** Rows beyond it before the oldest are dropped all at once, so that dropping is rare. */
const SLACK = 400;
/** Rows at the start; doubled as needed, so that 128 idle beds cost little. */
const ROWS_MIN = 512;

/** What became of a block. */
export type Inserted = 'newest' | 'between' | 'duplicate' | 'too old';

/** Recent seconds of one track. */
export class Recent implements SecondColumns {
  count = 0;
  at = new Float64Array(ROWS_MIN);
  flags = new Uint16Array(ROWS_MIN);
  arrival = new Uint8Array(ROWS_MIN);
  movement = new Uint8Array(ROWS_MIN);
  ticks: Record<Channel, TickColumns> = emptyTicks(ROWS_MIN);
  version = 0;
  readonly used = new Set<Channel>();
  transducers: Transducers | undefined;
  readonly #seen = new Seen(SECONDS_MAX + SLACK);

  /** Puts a block in its place by time. */
  insert(block: Block, marks: number, at: RegionTime): Inserted {
    const oldest = this.at[0] ?? 0;
    if (this.count >= SECONDS_MAX && at < oldest) return 'too old';
    if (this.#seen.note(block.epoch, block.seq) === 'again') return 'duplicate';
    if (this.count === this.at.length) this.#makeRoom();
    const row = this.#rowFor(at);
    const isNewest = row === this.count;
    if (!isNewest) this.#shift(row);
    this.#write(row, block, marks, at);
    this.count += 1;
    this.version += 1;
    if (isNewest) this.transducers = block.second.transducers;
    return isNewest ? 'newest' : 'between';
  }

  /** Region time in µs of the newest second; `undefined` while there is none. */
  newestAt(): number | undefined {
    return this.count === 0 ? undefined : this.at[this.count - 1];
  }

  /** Looked for from the end: almost every block is the newest or close to it. */
  #rowFor(at: RegionTime): number {
    let row = this.count;
    while (row > 0 && (this.at[row - 1] ?? 0) > at) row -= 1;
    return row;
  }

  #write(row: number, block: Block, marks: number, at: RegionTime): void {
    const { second } = block;
    this.at[row] = at;
    this.flags[row] = second.flags;
    this.arrival[row] = arrivalOf(marks);
    this.movement[row] = second.movement.reduceRight((bits, movement) => (bits << 2) | movement, 0);
    for (const channel of CHANNELS) this.#writeTicks(row, channel, second[channel]);
  }

  #writeTicks(row: number, channel: Channel, readings: readonly Reading<number>[]): void {
    const { values, states } = this.ticks[channel];
    readings.forEach((reading, i) => {
      const tick = row * TICKS_PER_SECOND + i;
      values[tick] = reading.kind === 'measured' ? reading.value : NaN;
      states[tick] = tickState(reading);
      if (provesUse(reading)) this.used.add(channel);
    });
  }

  #shift(row: number): void {
    for (const [column, width] of this.#columns()) {
      column.copyWithin((row + 1) * width, row * width, this.count * width);
    }
  }

  #makeRoom(): void {
    const length = this.at.length;
    if (length < SECONDS_MAX + SLACK) {
      this.#grow(Math.min(length * 2, SECONDS_MAX + SLACK));
      return;
    }
    const dropped = this.count - SECONDS_MAX;
    for (const [column, width] of this.#columns()) {
      column.copyWithin(0, dropped * width, this.count * width);
    }
    this.count = SECONDS_MAX;
  }

  #grow(rows: number): void {
    this.at = copied(this.at, new Float64Array(rows));
    this.flags = copied(this.flags, new Uint16Array(rows));
    this.arrival = copied(this.arrival, new Uint8Array(rows));
    this.movement = copied(this.movement, new Uint8Array(rows));
    const grown = emptyTicks(rows);
    for (const channel of CHANNELS) {
      copied(this.ticks[channel].values, grown[channel].values);
      copied(this.ticks[channel].states, grown[channel].states);
    }
    this.ticks = grown;
  }

  /** Every column with its items a row. */
  #columns(): [Float64Array | Float32Array | Uint16Array | Uint8Array, number][] {
    return [
      [this.at, 1],
      [this.flags, 1],
      [this.arrival, 1],
      [this.movement, 1],
      ...CHANNELS.flatMap((channel): [Float32Array | Uint8Array, number][] => [
        [this.ticks[channel].values, TICKS_PER_SECOND],
        [this.ticks[channel].states, TICKS_PER_SECOND],
      ]),
    ];
  }
}

/** A silent device or a lost port says nothing of which channels somebody had plugged in. */
function provesUse(reading: Reading<number>): boolean {
  if (reading.kind === 'measured') return true;
  return reading.why === Absence.inoperative || reading.why === Absence.blank;
}

function arrivalOf(marks: number): number {
  return (
    ((marks & Mark.history) !== 0 ? Arrival.history : 0) |
    ((marks & Mark.late) !== 0 ? Arrival.late : 0) |
    ((marks & Mark.gapBefore) !== 0 ? Arrival.gapBefore : 0)
  );
}

function emptyTicks(rows: number): Record<Channel, TickColumns> {
  const column = () => ({
    values: new Float32Array(rows * TICKS_PER_SECOND),
    states: new Uint8Array(rows * TICKS_PER_SECOND),
  });
  return { fhr1: column(), fhr2: column(), mhr: column(), ua: column() };
}

function copied<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
