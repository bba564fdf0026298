/**
 * The browser's loudspeaker: bursts, and one alarm that sounds by itself if this page stops.
 *
 * In: bursts to play, and how long the page may be silent. Out: sound, and whether sound is
 * possible at all: a browser keeps a page quiet until somebody touches it, and says so only when
 * it is asked.
 *
 * # The dead man's switch
 *
 * {@link Speaker.holdOff} puts the high burst on the audio clock, some seconds ahead, and takes
 * the one before away. The audio clock runs on its own thread: a page whose timers are slowed
 * down, that hangs or that fails cannot move the alarm on any more, and is heard.
 */
import type { Priority } from './alarm.ts';
import { PRIORITIES } from './alarm.ts';
import { BURSTS } from './melody.ts';
import { samplesOf } from './synth.ts';

/**
 * Whether sound is possible: `blocked` until somebody touches the page, `stuck` where the audio clock
 * stands still although it may run, `missing` where the browser has no audio.
 */
export type SpeakerState = 'ready' | 'blocked' | 'stuck' | 'missing';

/** The audio clock may stand still for so long before it counts as stuck. Design: a few looks. */
const STUCK_MILLIS = 2_000;
/** The switch is not moved more often than this: each move makes two small objects. Design. */
const HOLD_OFF_EVERY_MILLIS = 900;

/** The loudspeaker of one page. */
export class Speaker {
  readonly #context: AudioContext | undefined;
  readonly #bursts = new Map<Priority, AudioBuffer>();
  #playing: AudioBufferSourceNode | undefined;
  #switch: AudioBufferSourceNode | undefined;
  #movedAt = -Infinity;
  #clock = { seconds: -1, at: 0 };

  constructor() {
    try {
      this.#context = new AudioContext({ latencyHint: 'playback' });
    } catch {
      this.#context = undefined;
    }
  }

  /** Asks the browser for sound; it agrees only while somebody presses a key or a button. */
  unlock(): void {
    if (this.#context !== undefined && this.#context.state !== 'running') {
      this.#context.resume().catch(() => undefined);
    }
  }

  /** Whether sound is possible now; `now` in milliseconds of the display. */
  state(now: number): SpeakerState {
    const context = this.#context;
    if (context === undefined || context.state === 'closed') return 'missing';
    if (context.state !== 'running') return 'blocked';
    if (context.currentTime !== this.#clock.seconds) this.#clock = { seconds: context.currentTime, at: now };
    return now - this.#clock.at >= STUCK_MILLIS ? 'stuck' : 'ready';
  }

  /** Plays a burst now, in place of the one that is played. */
  play(priority: Priority): void {
    this.quiet();
    const context = this.#context;
    if (context === undefined) return;
    this.#playing = this.#source(context, this.#burst(context, priority));
    this.#playing.start();
  }

  /** Ends the burst that is played. */
  quiet(): void {
    silence(this.#playing);
    this.#playing = undefined;
  }

  /** Unless it is called again, the high burst sounds after so many milliseconds, again and again. */
  holdOff(now: number, millis: number): void {
    const context = this.#context;
    if (context === undefined || context.state !== 'running') return;
    if (now - this.#movedAt < HOLD_OFF_EVERY_MILLIS) return;
    this.#movedAt = now;
    silence(this.#switch);
    this.#switch = this.#source(context, this.#burst(context, 'high'));
    this.#switch.loop = true;
    this.#switch.start(context.currentTime + millis / 1000);
  }

  /** Nobody watches any more: nothing sounds by itself. */
  standDown(): void {
    this.quiet();
    silence(this.#switch);
    this.#switch = undefined;
    this.#movedAt = -Infinity;
  }

  #source(context: AudioContext, buffer: AudioBuffer): AudioBufferSourceNode {
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = () => source.disconnect();
    return source;
  }

  /** Each burst is made once, with its pause, so that it can be repeated by the audio clock. */
  #burst(context: AudioContext, priority: Priority): AudioBuffer {
    const made = this.#bursts.get(priority);
    if (made !== undefined) return made;
    const burst = BURSTS[priority];
    const samples = samplesOf(burst, context.sampleRate, burst.pause);
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.copyToChannel(samples, 0);
    this.#bursts.set(priority, buffer);
    return buffer;
  }

  /** Makes every burst, so that none has to be made when it is needed. */
  prepare(): void {
    const context = this.#context;
    if (context === undefined) return;
    for (const priority of PRIORITIES) this.#burst(context, priority);
  }
}

function silence(source: AudioBufferSourceNode | undefined): void {
  if (source === undefined) return;
  source.stop();
  source.disconnect();
}
