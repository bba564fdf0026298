/**
 * Which blocks of a track were already taken, by (epoch, seq). Bounded.
 *
 * The blocks of a run are numbered without a hole, so a table as long as the recent columns,
 * indexed by seq, remembers every block that they can hold.
 */
import type { Epoch } from '../wire/index.ts';

/** Runs of a bridge that are remembered for one track; the oldest is forgotten first. */
const EPOCHS_MAX = 4;

/** The blocks of one track that were taken. */
export class Seen {
  readonly #length: number;
  readonly #runs = new Map<Epoch, Float64Array>();

  /** Remembers about `length` blocks a run. */
  constructor(length: number) {
    this.#length = length;
  }

  /** Notes a block; says whether it is the first time. */
  note(epoch: Epoch, seq: number): 'first' | 'again' {
    const run = this.#runs.get(epoch) ?? this.#add(epoch);
    const slot = seq % this.#length;
    // Kept one higher than it is, because the table begins as zeroes.
    if (run[slot] === seq + 1) return 'again';
    run[slot] = seq + 1;
    return 'first';
  }

  #add(epoch: Epoch): Float64Array {
    if (this.#runs.size >= EPOCHS_MAX) {
      const oldest = [...this.#runs.keys()].reduce((low, each) => (each < low ? each : low));
      this.#runs.delete(oldest);
    }
    const run = new Float64Array(this.#length);
    this.#runs.set(epoch, run);
    return run;
  }
}
