/**
 * The alarms and pauses of the region as a wall knows them.
 *
 * In: records by track, and where a set of them begins and ends. Out: the newest revision of each
 * alarm and the last pause of each bed. Never: clocks; an alarm is raised and ended elsewhere.
 *
 * # Invariants
 *
 * Of two revisions of an alarm the higher is kept, whatever came first. A set that comes anew
 * replaces what was known, record by record: what is in it never leaves the list meanwhile, and
 * what is not in it leaves the list only when the set is whole. An alarm that is not over is never
 * dropped for want of room; one for which there is none is refused, and said.
 */
import type { BedPause, RegionAlarm } from '../vitals/index.ts';
import { decodeAlert } from '../wire/index.ts';

/** Most alarms that are kept, history included: four for each of a thousand beds. Design. */
export const ALARMS_MAX = 4_096;

/** An alarm and the bed it is of: the key of its track; `undefined` of the whole region. */
export type PlacedAlarm = RegionAlarm & { readonly bed: string | undefined };

/** What became of a record. */
export type AlertTaken = 'taken' | 'already known' | 'no room';

/** The alarms and pauses of a region. */
export class AlarmSet {
  readonly #alarms = new Map<bigint, PlacedAlarm>();
  readonly #pauses = new Map<string, BedPause>();
  /** Alarms and pauses that the set which is coming has not named yet. */
  #unnamed: { readonly alarms: Set<bigint>; readonly pauses: Set<string> } | undefined;
  #list: readonly PlacedAlarm[] | undefined;

  /** Whether a whole set has ever come: without one no alarm means nothing. */
  isKnown = false;

  /** A whole set begins. */
  begin(): void {
    this.#unnamed = { alarms: new Set(this.#alarms.keys()), pauses: new Set(this.#pauses.keys()) };
  }

  /** The set is whole: what it did not name is no more. */
  end(): void {
    for (const id of this.#unnamed?.alarms ?? []) this.#alarms.delete(id);
    for (const bed of this.#unnamed?.pauses ?? []) this.#pauses.delete(bed);
    this.#unnamed = undefined;
    this.#list = undefined;
    this.isKnown = true;
  }

  /** Takes a record of a bed, or of the whole region. Throws what the decoder throws. */
  take(bed: string | undefined, bytes: Uint8Array): AlertTaken {
    const record = decodeAlert(bytes);
    if (record.kind === 'alarm') return this.#takeAlarm({ ...record.alarm, bed });
    if (bed === undefined) return 'already known';
    const isFirst = this.#unnamed?.pauses.delete(bed) ?? false;
    const known = this.#pauses.get(bed);
    if (!isFirst && known !== undefined && known.at > record.pause.at) return 'already known';
    this.#pauses.set(bed, record.pause);
    return 'taken';
  }

  /** An alarm by its number. */
  find(id: bigint): PlacedAlarm | undefined {
    return this.#alarms.get(id);
  }

  /** Every alarm that is known, history included; a new list with every change. */
  get alarms(): readonly PlacedAlarm[] {
    this.#list ??= [...this.#alarms.values()];
    return this.#list;
  }

  /** The last pause of each bed; one that is over says so. */
  get pauses(): ReadonlyMap<string, BedPause> {
    return this.#pauses;
  }

  #takeAlarm(alarm: PlacedAlarm): AlertTaken {
    const known = this.#alarms.get(alarm.id);
    // A region that lost its memory counts anew: the first of a set holds whatever its number.
    const isFirst = this.#unnamed?.alarms.delete(alarm.id) ?? false;
    if (!isFirst && known !== undefined && known.revision >= alarm.revision) return 'already known';
    if (known === undefined && this.#alarms.size >= ALARMS_MAX && !this.#makeRoom()) return 'no room';
    this.#alarms.set(alarm.id, alarm);
    this.#list = undefined;
    return 'taken';
  }

  /** Drops the alarm that has been history for longest. */
  #makeRoom(): boolean {
    let oldest: PlacedAlarm | undefined;
    for (const alarm of this.#alarms.values()) {
      if (alarm.stage !== 'resolved') continue;
      if (oldest === undefined || (alarm.endedAt ?? 0) < (oldest.endedAt ?? 0)) oldest = alarm;
    }
    return oldest !== undefined && this.#alarms.delete(oldest.id);
  }
}
