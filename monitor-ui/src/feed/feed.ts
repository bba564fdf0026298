/**
 * The live feed of one wall: one connection, all tracks, and how fresh they are.
 *
 * In: frames from the region. Out: tracks with their recent seconds and what was found
 * in them, the region's clock, and the state of the connection, each read when the wall paints. Freshness is decided here from
 * the display's monotonic clock alone: a frozen server, a cut line or a replay cannot hide it.
 */
import { displayTime, regionToBridge } from '../vitals/index.ts';
import type { BedPause, DisplayTime, FetusNumber, Level, RegionTime } from '../vitals/index.ts';
import {
  decodeFeedFrame,
  encodeJudge,
  encodeWatch,
  SetMark,
  WireError,
} from '../wire/index.ts';
import type { BlockEntry, Episode, FeedFrame, RecordEntry, RosterEntry, TrackNumber } from '../wire/index.ts';
import type { PlacedAlarm } from './alarm_set.ts';
import { Analyst } from './analyst.ts';
import type { AnalystView } from './analyst.ts';
import { Attending } from './attending.ts';
import { LinkCore } from './link_core.ts';
import type { LinkCommand, LinkInput, LinkPhase, Transport, TransportChoice } from './link_core.ts';
import type { Connect, Peer } from './peer.ts';
import type { Answer, Request } from './requests.ts';
import { Silence } from './silence.ts';
import type { BedSilence, Freshness, WallSilence } from './silence.ts';
import { SleepGuard } from './sleep_guard.ts';
import { Track } from './track.ts';

/** Seconds of the past that a wall asks for when it comes. */
export const HISTORY_SECONDS = 1_200;
/** A timer that comes so late was held up by a busy page. Design. */
const LATE_MILLIS = 500;
/** What waits in a busy page is read for so long before the silence of the link counts. Design. */
const READING_MILLIS = 300;
/** Most tracks one wall keeps; a roster beyond it is refused, and said. */
export const TRACKS_MAX = 1_024;

/** What the feed is made of; all of it can be replaced in a test. */
export interface FeedParts {
  readonly transport: TransportChoice;
  readonly connect: Readonly<Record<Transport, Connect>>;
  readonly now: () => DisplayTime;
  /** The computer's calendar, ms; it may be wrong, and is only asked whether the computer slept. */
  readonly calendar: () => number;
  readonly random: () => number;
  /** Told when a connection could not be made or ended: perhaps the session did too. */
  readonly onFailed: (why: string) => void;
}

/** A level that a person gives, with the minutes as they stand on the strip. */
export interface Judged {
  readonly episode: Episode;
  readonly fetus: FetusNumber;
  readonly level: Level;
  readonly from: RegionTime;
  readonly to: RegionTime;
  readonly reason: string;
}

/** The state of the connection at one moment. */
export interface FeedStatus {
  readonly phase: LinkPhase;
  readonly freshness: Freshness;
  /** Milliseconds since the last frame that proved life, or since the start if none did. */
  readonly silentMillis: number;
  /** When that frame came, by the region's clock; `undefined` before the first. */
  readonly lastFrameAt: RegionTime | undefined;
  /** Why nothing on the wall is the present; `undefined` while something is. */
  readonly silence: WallSilence | undefined;
  /** Whether the analysis lives. */
  readonly analyst: AnalystView;
  /** Frames, blocks and records that were refused since the wall was opened. */
  readonly refused: number;
  /** Blocks that the region skipped because this wall was too slow. */
  readonly missed: number;
}

/** The live feed. */
export class Feed {
  readonly #parts: FeedParts;
  readonly #core: LinkCore;
  readonly #silence: Silence;
  readonly #guard = new SleepGuard();
  readonly #analyst = new Analyst();
  readonly #attending = new Attending();
  readonly #keyOf = (number: TrackNumber) => this.#numbers.get(number)?.key;
  readonly #tracks = new Map<string, Track>();
  readonly #numbers = new Map<TrackNumber, Track>();
  #peer: { readonly attempt: number; readonly peer: Peer } | undefined;
  #send: ((frame: Uint8Array<ArrayBuffer>) => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lateFor: DisplayTime | undefined;
  #readUntil = 0;
  #refusedFrames = 0;
  #missed = 0;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#core = new LinkCore(parts.transport, parts.random);
    this.#silence = new Silence(parts.now());
  }

  /** Connects, and stays connected until {@link Feed.stop}. */
  start(): void {
    this.#drive({ kind: 'start' });
  }

  /** Drops the connection; the tracks stay as they are. */
  stop(): void {
    this.#drive({ kind: 'stop' });
  }

  /**
   * Looks at the clocks; to be called often, from a timer that the browser does not slow down. A
   * computer that slept says at once that all it shows is old, and connects anew.
   */
  look(): void {
    this.#attending.requests.look(this.#parts.now());
    const attempt = this.#watch() === 'slept' ? this.#peer?.attempt : undefined;
    if (attempt === undefined) this.#tick();
    else this.#drive({ kind: 'failed', attempt });
  }

  /** Every track that was ever announced, in the order of facility and bed. */
  tracks(): readonly Track[] {
    return [...this.#tracks.values()].sort(byPlace);
  }

  /** The region's time; `undefined` before the first frame. */
  regionNow(): RegionTime | undefined {
    return this.#silence.clock.at(this.#parts.now());
  }

  /** The state of the connection now. */
  status(): FeedStatus {
    const now = this.#parts.now();
    let refused = this.#refusedFrames;
    for (const track of this.#tracks.values()) refused += track.refused;
    return {
      analyst: this.#analyst.view(now),
      phase: this.#core.phase(),
      freshness: this.#silence.freshness(now),
      silentMillis: this.#silence.silentMillis(now),
      lastFrameAt: this.#silence.provenClock,
      silence: this.#silence.wall(now),
      refused,
      missed: this.#missed,
    };
  }

  /** How a bed is heard now. */
  bedSilence(track: Track): BedSilence {
    return this.#silence.bed(track.key, this.#parts.now());
  }

  /**
   * Gives a level to some minutes of a track, in the name of who is logged in. It counts when it
   * comes back as a record, and not before; without a connection it is not sent.
   */
  judge(track: Track, judged: Judged): 'sent' | 'not sent' {
    if (this.#send === undefined || this.status().freshness !== 'fresh') return 'not sent';
    if (track.announced !== 'yes') return 'not sent';
    const { track: number, clockOffsetMicros } = track.entry;
    const [from, to] = [regionToBridge(judged.from, clockOffsetMicros), regionToBridge(judged.to, clockOffsetMicros)];
    this.#send(encodeJudge({ ...judged, track: number, from, to }));
    return 'sent';
  }

  /** Every alarm of the region, history included. */
  alarms(): readonly PlacedAlarm[] {
    return this.#attending.set.alarms;
  }

  /** Whether the region has ever said all its alarms: an empty list means nothing before. */
  get knowsAlarms(): boolean {
    return this.#attending.set.isKnown;
  }

  /** The last pause of each bed. */
  pauses(): ReadonlyMap<string, BedPause> {
    return this.#attending.set.pauses;
  }

  /** How it stands with what was asked for, by {@link requestKey}. */
  answers(): ReadonlyMap<string, Answer> {
    return this.#attending.requests.answers;
  }

  /**
   * Acknowledges, marks or pauses in the name of who is logged in. It counts when it comes back as
   * a record, and not before; without a connection it is not sent.
   */
  attend(request: Request): 'sent' | 'not sent' {
    const frame = this.#attending.frame(request, (bed) => this.#numberOf(bed));
    if (frame === undefined || this.#send === undefined || this.status().freshness !== 'fresh') return 'not sent';
    this.#attending.requests.ask(request, this.#parts.now());
    this.#send(frame);
    return 'sent';
  }

  #numberOf(bed: string): TrackNumber | undefined {
    const track = this.#tracks.get(bed);
    return track?.announced === 'yes' ? track.entry.track : undefined;
  }

  #drive(input: LinkInput): void {
    this.#core.handle(this.#parts.now(), input);
    for (let next = this.#core.pollCommand(); next !== undefined; next = this.#core.pollCommand()) {
      this.#obey(next);
    }
    clearTimeout(this.#timer);
    const due = this.#core.pollTimeout();
    if (due === undefined) return;
    const wait = Math.max(0, due - this.#parts.now());
    this.#timer = setTimeout(() => this.#tick(), wait);
  }

  /**
   * Lets the link's time pass. A page that was busy is late for it, and what came meanwhile still
   * waits to be read: a connection is not given up before that.
   */
  #tick(): void {
    const now = this.#parts.now();
    const due = this.#core.pollTimeout();
    if (due === undefined || now < due) return;
    if (now - due >= LATE_MILLIS && this.#lateFor !== due) {
      this.#lateFor = due;
      this.#readUntil = now + READING_MILLIS;
    }
    if (this.#lateFor === due && now < this.#readUntil) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#tick(), this.#readUntil - now);
      return;
    }
    this.#drive({ kind: 'tick' });
  }

  #obey(command: LinkCommand): void {
    if (command.kind === 'drop') {
      if (this.#peer?.attempt !== command.attempt) return;
      this.#peer.peer.close();
      this.#peer = undefined;
      this.#send = undefined;
      return;
    }
    const { attempt, transport } = command;
    const peer = this.#parts.connect[transport]({
      opened: (send) => {
        this.#forgetNumbers();
        this.#silence.reconnect();
        this.#send = send;
        send(encodeWatch(HISTORY_SECONDS, []));
        this.#drive({ kind: 'opened', attempt });
      },
      frame: (bytes) => {
        if (this.#peer?.attempt !== attempt) return;
        // What waited in the line while this computer slept is of before.
        if (this.#watch() === 'slept') this.#drive({ kind: 'failed', attempt });
        else if (this.#take(bytes) === 'alive') this.#drive({ kind: 'frame', attempt });
      },
      failed: (why) => {
        this.#send = undefined;
        this.#drive({ kind: 'failed', attempt });
        this.#parts.onFailed(why);
      },
    });
    this.#peer = { attempt, peer };
  }

  /** The region may have restarted and number its tracks anew. */
  #forgetNumbers(): void {
    this.#numbers.clear();
    this.#attending.requests.lose(this.#parts.now());
    for (const track of this.#tracks.values()) track.announced = 'not yet';
  }

  /** Holds both clocks of this computer against each other. */
  #watch(): 'slept' | 'awake' {
    const now = this.#parts.now();
    const gap = this.#guard.look(now, this.#parts.calendar());
    if (gap.kind === 'slept') this.#silence.slept(now, gap.millis);
    if (gap.kind === 'held') this.#silence.resumed(now);
    return gap.kind === 'slept' ? 'slept' : 'awake';
  }

  /** Takes a frame; says whether it proves that the region lives now. */
  #take(bytes: Uint8Array): 'alive' | 'no proof' {
    const frame = this.#decoded(bytes);
    if (frame === undefined) return 'no proof';
    const now = this.#parts.now();
    const isOld = this.#silence.clock.isOld(frame.now, now);
    const heard = this.#silence.hear({ clock: frame.now, ...('beat' in frame && { beat: frame.beat }) }, now);
    if (frame.kind === 'blocks') frame.entries.forEach((entry) => this.#place(entry, isOld ? undefined : now));
    // A block has its own name, time and checksum; whatever else is old could undo what is newer.
    if (isOld) return 'no proof';
    if (frame.kind === 'roster') frame.entries.forEach((entry) => this.#announce(entry, now));
    if (frame.kind === 'missed') this.#missed += frame.count;
    if (frame.kind === 'analysis') this.#annotate(frame.marks, frame.entries);
    if (frame.kind === 'analyst') this.#analyst.hear(frame, now);
    if (frame.kind === 'alerts') this.#refusedFrames += this.#attending.hear(frame.marks, frame.entries, this.#keyOf);
    if (frame.kind === 'refused') this.#attending.refuse(frame.request, frame.why, this.#keyOf, now);
    if (heard === 'no proof') return 'no proof';
    this.#analyst.listen(now);
    return 'alive';
  }

  #decoded(bytes: Uint8Array): FeedFrame | undefined {
    try {
      return decodeFeedFrame(bytes);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#refusedFrames += 1;
      return undefined;
    }
  }

  #announce(entry: RosterEntry, now: DisplayTime): void {
    const key = `${entry.bridge}/${entry.device}`;
    const known = this.#tracks.get(key);
    if (known === undefined && this.#tracks.size >= TRACKS_MAX) {
      this.#refusedFrames += 1;
      return;
    }
    const track = known ?? new Track(entry);
    track.entry = entry;
    track.announced = 'yes';
    this.#tracks.set(key, track);
    this.#numbers.set(entry.track, track);
    this.#silence.announce(key, entry.link, now);
  }

  /** Places a block; `now` where it came in a frame that is no replay. */
  #place(entry: BlockEntry, now: DisplayTime | undefined): void {
    const track = this.#numbers.get(entry.track);
    if (track === undefined) {
      this.#refusedFrames += 1;
      return;
    }
    const end = track.take(entry) === 'live' ? track.newestEnd() : undefined;
    if (now !== undefined && end !== undefined) this.#silence.hearSecond(track.key, end, now);
  }

  /** Takes records of the analysis; the first frame of the whole set voids what was known before. */
  #annotate(marks: number, entries: readonly RecordEntry[]): void {
    if ((marks & SetMark.begins) !== 0) for (const track of this.#tracks.values()) track.analysis.clear();
    for (const entry of entries) {
      const track = this.#numbers.get(entry.track);
      if (track === undefined) this.#refusedFrames += 1;
      else track.annotate(entry.record);
    }
  }
}

const placeOrder = new Intl.Collator('ja', { numeric: true });

function byPlace(a: Track, b: Track): number {
  return (
    placeOrder.compare(a.entry.facility, b.entry.facility) ||
    placeOrder.compare(a.entry.bed, b.entry.bed) ||
    (a.key < b.key ? -1 : 1)
  );
}

/** The display's monotonic clock. */
export function browserNow(): DisplayTime {
  return displayTime(performance.now());
}
