/**
 * The records of one kind about one track: the newest revision of each, and never too many.
 *
 * # Invariants
 *
 * No two records have the same key; of two revisions the higher is kept, whatever came first; a
 * withdrawn record stays as a tombstone, so that an older revision of it cannot come back.
 */
import type { FetusNumber, Placed, RecordState, FindingId } from '../vitals/index.ts';
import type { Episode } from '../wire/index.ts';

/** A record that is kept: what a strip reads of it, and what the set needs to keep it. */
export type Kept<Body> = Body & Placed & { readonly episode: Episode; readonly endsAt: number };

/** What names a record among those of its track and kind. */
export interface RecordName {
  readonly episode: Episode;
  readonly fetus: FetusNumber;
  readonly id: FindingId;
}

/** What became of a record. */
export type Taken = 'taken' | 'already known';

/** The records of one kind. */
export class Records<Body> {
  readonly #max: number;
  readonly #kept = new Map<string, Kept<Body>>();

  /** Keeps at most so many, tombstones included. */
  constructor(max: number) {
    this.#max = max;
  }

  /** How many are kept, tombstones included. */
  get size(): number {
    return this.#kept.size;
  }

  /** Takes a record unless the same or a newer revision of it is known. */
  take(record: Kept<Body>): Taken {
    const key = keyOf(record);
    const known = this.#kept.get(key);
    if (known !== undefined && known.revision >= record.revision) return 'already known';
    this.#kept.set(key, record);
    if (this.#kept.size > this.#max) this.#dropOldest();
    return 'taken';
  }

  /** What a name means; `undefined` where it is not known, or was withdrawn. */
  find(name: RecordName): Kept<Body> | undefined {
    const record = this.#kept.get(keyOf(name));
    return record?.state === 'withdrawn' ? undefined : record;
  }

  /** Everything that holds, by its end. */
  list(): readonly Kept<Body>[] {
    const holding = [...this.#kept.values()].filter((record) => holds(record.state));
    return holding.sort((a, b) => a.endsAt - b.endsAt || (a.id < b.id ? -1 : 1));
  }

  /** Drops what ended before a moment; says how many that were. */
  age(before: number): number {
    const { size } = this.#kept;
    for (const [key, record] of this.#kept) if (record.endsAt < before) this.#kept.delete(key);
    return size - this.#kept.size;
  }

  /** Forgets everything. */
  clear(): void {
    this.#kept.clear();
  }

  #dropOldest(): void {
    let oldest: string | undefined;
    let endsAt = Infinity;
    for (const [key, record] of this.#kept) {
      if (record.endsAt >= endsAt) continue;
      endsAt = record.endsAt;
      oldest = key;
    }
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

function holds(state: RecordState): boolean {
  return state !== 'withdrawn';
}

function keyOf({ episode, fetus, id }: RecordName): string {
  return `${episode}/${fetus}/${id}`;
}
