/**
 * A made-up region inside the page: bytes as the real one sends them, made before anything is
 * measured, and handed to the feed through a peer as a socket would.
 *
 * In: how many beds, and a clock. Out: a feed with its past, and a call for each new second.
 */
import { Feed } from '../../src/feed/index.ts';
import { displayTime } from '../../src/vitals/index.ts';
import { Mark } from '../../src/wire/index.ts';
import { encodeBeat, encodeBlock, encodeBlocks, encodeRoster } from '../../tests/encode.ts';
import type { PlainEntry } from '../../tests/encode.ts';
import { secondOf } from '../../tests/synthetic.ts';

/** Seconds of the past that a wall gets when it comes. */
const PAST_SECONDS = 1_200;
/** Blocks of one frame, as many as the region sends at once. */
const FRAME_BLOCKS = 100;
/** Beds that differ; the others repeat them, so that the bytes are quickly made. */
const VARIANTS = 8;
/** 2026-01-01T00:00:00Z in seconds: when the made-up day begins. */
const DAY = 1_767_225_600;

/** A ward of so many beds with twins, so that each has four traces. */
export class Ward {
  readonly #beds: number;
  readonly #now: () => number;
  readonly feed: Feed;
  #deliver: (frame: Uint8Array) => void = () => undefined;
  /** Seconds of the ward's time that the feed has. */
  #sent = 0;

  /** `now` is the display's clock in ms; the ward's time begins with it at zero. */
  constructor(beds: number, now: () => number) {
    this.#beds = beds;
    this.#now = now;
    const connect = (events: { opened(send: () => void): void; frame(bytes: Uint8Array): void }) => {
      this.#deliver = (frame) => events.frame(frame);
      queueMicrotask(() => {
        events.opened(() => undefined);
        // Also after a page that was held up for so long that the feed connected anew.
        events.frame(this.#roster());
      });
      return { close: () => undefined };
    };
    this.feed = new Feed({
      transport: 'websocket',
      connect: { webrtc: connect, websocket: connect },
      now: () => displayTime(this.#now()),
      calendar: () => DAY * 1000 + this.#now(),
      random: Math.random,
      onFailed: (why) => {
        throw new Error(why);
      },
    });
  }

  /** Connects and hands the past over. */
  async open(): Promise<void> {
    this.feed.start();
    await Promise.resolve();
    for (let second = -PAST_SECONDS; second < 0; second += 1) {
      for (const frame of this.framesOf(second, Mark.history)) this.#deliver(frame);
    }
  }

  /** The bytes of one second of every bed. */
  framesOf(second: number, marks = 0): readonly Uint8Array[] {
    const blocks = Array.from({ length: Math.min(VARIANTS, this.#beds) }, (_, n) => this.#block(second, n));
    const entries = Array.from({ length: this.#beds }, (_, track): PlainEntry => {
      const block = blocks[track % blocks.length];
      if (block === undefined) throw new Error('a ward has a bed');
      return { track, marks, receivedAt: (DAY + second + 1) * 1_000_000, block };
    });
    const now = (DAY + second + 1) * 1_000_000;
    const frames = [encodeBeat(now, Math.max(second, 0))];
    for (let at = 0; at < entries.length; at += FRAME_BLOCKS) {
      frames.push(encodeBlocks(now, entries.slice(at, at + FRAME_BLOCKS)));
    }
    return frames;
  }

  /** Hands frames over as a socket would. */
  hand(frames: readonly Uint8Array[]): void {
    for (const frame of frames) this.#deliver(frame);
  }

  /** Hands the seconds over that are due, made before; each is due when it is over. */
  handDue(made: readonly (readonly Uint8Array[])[]): void {
    const due = Math.min(Math.floor(this.#now() / 1000), made.length);
    for (; this.#sent < due; this.#sent += 1) this.hand(made[this.#sent] ?? []);
  }

  /** Seconds since the newest second of the bed that is furthest behind ended. */
  ageSeconds(): number {
    const ends = this.feed.tracks().map((track) => Number(track.newestEnd() ?? 0));
    return (this.#micros() - Math.min(...ends)) / 1e6;
  }

  #roster(): Uint8Array {
    return encodeRoster(this.#micros(), Array.from({ length: this.#beds }, (_, track) => this.#entry(track)));
  }

  #micros(): number {
    return DAY * 1_000_000 + this.#now() * 1000;
  }

  #entry(track: number) {
    return {
      track,
      link: 'up' as const,
      since: DAY * 1_000_000,
      clockOffsetMicros: 0,
      site: 'clinic' as const,
      bridge: `bridge-${track}`,
      device: 'monitor',
      facility: 'ward',
      bed: `bed ${track + 1}`,
    };
  }

  #block(second: number, variant: number): Uint8Array {
    const seq = second + PAST_SECONDS;
    return encodeBlock({
      device: 'monitor',
      epoch: 1n,
      seq,
      episode: 1n,
      tick: seq * 4,
      at: (DAY + second) * 1_000_000,
      builtAt: (DAY + second + 1) * 1_000_000,
      second: secondOf('twins', DAY + second + variant * 37),
    });
  }
}
