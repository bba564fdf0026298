/** One monitor as the wall knows it: where it stands, how it is linked, what it said lately. */
import { bridgeToRegion, MICROS_PER_SECOND, regionTime } from '../vitals/index.ts';
import type { RegionTime } from '../vitals/index.ts';
import { decodeBlock, Mark, WireError } from '../wire/index.ts';
import type { BlockEntry, RosterEntry } from '../wire/index.ts';
import { Recent, SECONDS_MAX } from './recent.ts';
import { TrackAnalysis } from './track_analysis.ts';

/** How long before the newest second findings are kept: as long as seconds are. */
const KEPT_MICROS = SECONDS_MAX * MICROS_PER_SECOND;

/**
 * One device of one bridge.
 *
 * It is known by the names of both: the region's short number changes when the region
 * restarts, and a strip must never continue under another woman's bed.
 */
export class Track {
  readonly recent = new Recent();
  readonly analysis = new TrackAnalysis();
  entry: RosterEntry;
  /** Whether the present connection has named this track. */
  announced: 'yes' | 'not yet' = 'yes';
  /** When the region received the newest live block, by its clock. */
  receivedAt: RegionTime | undefined;
  /** Blocks and records that were refused: damaged, or not what their makers write. */
  refused = 0;
  /** What was wrong with the last of them. */
  refusal: string | undefined;

  constructor(entry: RosterEntry) {
    this.entry = entry;
  }

  /** A name that stays the same for ever, for keys and for remembering a choice. */
  get key(): string {
    return `${this.entry.bridge}/${this.entry.device}`;
  }

  /**
   * Takes a block as it came; one that does not check is counted and not shown. Says whether it is
   * live: newer than all before, and neither from memory nor late.
   */
  take(entry: BlockEntry): 'live' | 'not live' {
    try {
      const block = decodeBlock(entry.block);
      if (block.device !== this.entry.device) {
        this.#refuse('the block is of another device than its track');
        return 'not live';
      }
      const at = bridgeToRegion(block.at, this.entry.clockOffsetMicros);
      const became = this.recent.insert(block, entry.marks, at);
      if (became === 'newest') this.analysis.follow(block.episode, at - KEPT_MICROS);
      const isLive = (entry.marks & (Mark.history | Mark.late)) === 0;
      if (became !== 'newest' || !isLive) return 'not live';
      this.receivedAt = entry.receivedAt;
      return 'live';
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#refuse(error.message);
      return 'not live';
    }
  }

  /** Takes a record of the analysis; one that does not check is counted and not shown. */
  annotate(record: Uint8Array): void {
    try {
      this.analysis.take(record, this.entry.clockOffsetMicros);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#refuse(error.message);
    }
  }

  /** When the newest second ended, by the region's clock; `undefined` while there is none. */
  newestEnd(): RegionTime | undefined {
    const at = this.recent.newestAt();
    return at === undefined ? undefined : regionTime(at + 1_000_000);
  }

  #refuse(why: string): void {
    this.refused += 1;
    this.refusal = why;
  }
}
