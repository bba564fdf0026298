/**
 * Silence is an alarm: whether what is shown is still the present, decided in the browser alone.
 *
 * In: each arrival – the region's clock in a frame, a beat's number, a new second of a bed – with
 * the display's monotonic time, and the time now. Out: for each bed and for the whole wall whether
 * it lives, and since when it does not. Never: sockets, clocks, the calendar of this computer.
 *
 * # What proves life
 *
 * Only a reading of the region's clock that is newer than every reading before it, and not further
 * behind the region's believed time than the line can delay it; of a beat, also its number has to
 * rise. So a frozen server, a cut line, frames that are replayed, a beat that repeats, a clock that
 * stands still and one that crawls are all the same thing: no proof. A bed lives by its own
 * seconds: a beat says nothing of them, and neither does what comes from memory or late.
 */
import { displayTime } from '../vitals/index.ts';
import type { DisplayTime, RegionTime } from '../vitals/index.ts';
import type { BridgeLink } from '../wire/index.ts';
import { RegionClock } from './region_clock.ts';

/**
 * Without proof for so long, the wall is stale. Design: two beats of a second are missing, and a
 * look of a quarter of a second and a busy computer may still come on top of it within three.
 */
export const SILENCE_MILLIS = 2_400;
/**
 * A silent wall sounds after so long. Design: late enough for one reconnect, which needs up to two
 * seconds, and early enough to be heard within ten.
 */
export const WALL_ALARM_MILLIS = 6_000;
/** A silent bed sounds after so long. Design: the delay from which a remote strip is greyed. */
export const BED_ALARM_MILLIS = 15_000;
/** What was refused so soon after a proof came along with it, and does not explain the silence. */
const ALONG_MILLIS = 500;

/** How fresh everything on the wall is. */
export type Freshness = 'waiting' | 'fresh' | 'stale';

/**
 * Why nothing on the wall is the present: nothing comes; what comes is old; it comes again and
 * again; the region lives but no bed's data come; or this computer slept.
 */
export type SilenceCause = 'nothing comes' | 'old frames' | 'repeated frames' | 'no data of any bed' | 'slept';

/** The silence of the whole wall. */
export interface WallSilence {
  readonly cause: SilenceCause;
  /** The last moment that was the present, by the region's clock; `undefined` if there was none. */
  readonly since: RegionTime | undefined;
  /** Milliseconds of silence. */
  readonly millis: number;
  /** Whether it has lasted long enough to sound. */
  readonly sounds: boolean;
  /** How far behind the present the frames are that come, if old ones do, in milliseconds. */
  readonly lagMillis: number | undefined;
}

/** How a bed is heard. */
export interface BedSilence {
  /** `waiting`: announced just now, and nothing is expected yet. */
  readonly state: 'waiting' | 'live' | 'silent';
  /** When its newest live second ended, by the region's clock; `undefined` where none came to this page. */
  readonly since: RegionTime | undefined;
  readonly millis: number;
  /** Whether it lived on this page and has been silent long enough to sound. */
  readonly sounds: boolean;
}

/** A frame as it came. */
export interface Arrival {
  /** The region's clock in it. */
  readonly clock: RegionTime;
  /** The number of a beat. */
  readonly beat?: number;
}

interface Refused {
  readonly at: DisplayTime;
  readonly cause: 'old frames' | 'repeated frames';
  readonly lagMillis: number;
}

interface Bed {
  link: BridgeLink;
  heardAt: DisplayTime;
  since: RegionTime | undefined;
}

/** Listens for the whole wall. */
export class Silence {
  readonly clock = new RegionClock();
  readonly #beds = new Map<string, Bed>();
  readonly #startedAt: DisplayTime;
  #provenAt: DisplayTime | undefined;
  #provenClock: RegionTime | undefined;
  #beat = -1;
  #doubt: 'none' | 'slept' = 'none';
  /** A wall that did not watch itself sounds for what it missed only after a look at what comes. */
  #resumedAt: DisplayTime;
  #refused: Refused | undefined;

  constructor(startedAt: DisplayTime) {
    this.#startedAt = startedAt;
    this.#resumedAt = startedAt;
  }

  /** A new connection numbers its beats anew. */
  reconnect(): void {
    this.#beat = -1;
    this.clock.reconnect();
  }

  /** This computer slept so many milliseconds that its monotonic clock did not count. */
  slept(now: DisplayTime, millis: number): void {
    if (this.#provenAt !== undefined) this.#provenAt = displayTime(this.#provenAt - millis);
    for (const bed of this.#beds.values()) bed.heardAt = displayTime(bed.heardAt - millis);
    this.#doubt = 'slept';
    this.#resumedAt = now;
    this.clock.forget();
  }

  /** The page was held for a while: its clock went on, its looks did not. */
  resumed(now: DisplayTime): void {
    this.#resumedAt = now;
  }

  /** Takes a frame; says whether it proves that the region lives now. */
  hear({ clock, beat }: Arrival, now: DisplayTime): 'proof' | 'no proof' {
    const { kind, lagMillis } = this.clock.observe(clock, now);
    if (kind === 'old') return this.#refuse(now, 'old frames', lagMillis);
    const repeats = beat !== undefined && beat <= this.#beat;
    if (beat !== undefined && !repeats) this.#beat = beat;
    if (repeats || clock <= (this.#provenClock ?? -Infinity)) {
      return this.#refuse(now, 'repeated frames', lagMillis);
    }
    // A proof counts from when it was made, not from when it came.
    this.#provenAt = displayTime(Math.max(now - lagMillis, this.#provenAt ?? -Infinity));
    this.#provenClock = clock;
    this.#doubt = 'none';
    return 'proof';
  }

  /** A bed is named by the region. */
  announce(key: string, link: BridgeLink, now: DisplayTime): void {
    const bed = this.#beds.get(key);
    if (bed === undefined) this.#beds.set(key, { link, heardAt: now, since: undefined });
    else bed.link = link;
  }

  /** A second of a bed came that is live, newer than all before, and in a frame that is no replay. */
  hearSecond(key: string, end: RegionTime, now: DisplayTime): void {
    const bed = this.#beds.get(key);
    if (bed === undefined) return;
    bed.heardAt = now;
    bed.since = end;
  }

  /** Milliseconds since the last proof of life, or since the start if there was none. */
  silentMillis(now: DisplayTime): number {
    return Math.max(0, now - (this.#provenAt ?? this.#startedAt));
  }

  /** How fresh everything on the wall is. */
  freshness(now: DisplayTime): Freshness {
    if (this.#doubt === 'slept' || this.silentMillis(now) >= SILENCE_MILLIS) return 'stale';
    return this.#provenAt === undefined ? 'waiting' : 'fresh';
  }

  /** When the last proof was made, by the region's clock; `undefined` before the first. */
  get provenClock(): RegionTime | undefined {
    return this.#provenClock;
  }

  /** The silence of the whole wall; `undefined` while there is none. */
  wall(now: DisplayTime): WallSilence | undefined {
    if (this.freshness(now) !== 'stale') return this.#bedsSilence(now);
    const millis = this.silentMillis(now);
    const recent = this.#recentlyRefused(now);
    const cause = this.#doubt === 'slept' ? 'slept' : (recent?.cause ?? 'nothing comes');
    const lagMillis = recent?.cause === 'old frames' ? recent.lagMillis : undefined;
    return { cause, since: this.#provenClock, millis, sounds: this.#soundsAfter(millis, now, WALL_ALARM_MILLIS), lagMillis };
  }

  /** How a bed is heard. */
  bed(key: string, now: DisplayTime): BedSilence {
    const bed = this.#beds.get(key);
    if (bed === undefined) return { state: 'silent', since: undefined, millis: 0, sounds: false };
    const millis = Math.max(0, now - bed.heardAt);
    const isSilent = millis >= SILENCE_MILLIS || this.freshness(now) === 'stale';
    const voiced = bed.since === undefined ? 'waiting' : 'live';
    const sounds = bed.since !== undefined && this.#soundsAfter(millis, now, BED_ALARM_MILLIS);
    return { state: isSilent ? 'silent' : voiced, since: bed.since, millis, sounds };
  }

  #recentlyRefused(now: DisplayTime) {
    const refused = this.#refused;
    if (refused === undefined || now - refused.at >= SILENCE_MILLIS) return undefined;
    return refused.at - (this.#provenAt ?? -Infinity) > ALONG_MILLIS ? refused : undefined;
  }

  #refuse(at: DisplayTime, cause: Refused['cause'], lagMillis: number): 'no proof' {
    this.#refused = { at, cause, lagMillis };
    return 'no proof';
  }

  /** The region lives and says of some beds that they are linked, but no data of any of them come. */
  #bedsSilence(now: DisplayTime): WallSilence | undefined {
    let millis = Infinity;
    let since: RegionTime | undefined;
    for (const bed of this.#beds.values()) {
      if (bed.link !== 'up') continue;
      const each = Math.max(0, now - bed.heardAt);
      if (each >= millis) continue;
      millis = each;
      since = bed.since;
    }
    if (millis === Infinity || millis < SILENCE_MILLIS) return undefined;
    const sounds = this.#soundsAfter(millis, now, WALL_ALARM_MILLIS);
    return { cause: 'no data of any bed', since, millis, sounds, lagMillis: undefined };
  }

  #soundsAfter(millis: number, now: DisplayTime, limit: number): boolean {
    // After a gap in the looks a new connection gets the time that it would have got in the open.
    return millis >= limit && now - this.#resumedAt >= Math.min(limit, WALL_ALARM_MILLIS - SILENCE_MILLIS);
  }
}
