/**
 * How the wall keeps its one connection to the region. Sans-IO.
 *
 * In: what the driver saw, and the display's time. Out: what the driver shall do, and when to
 * wake it. Call {@link LinkCore.handle} once, then drain {@link LinkCore.pollCommand}, then
 * wait until {@link LinkCore.pollTimeout} or the next input.
 *
 * WebRTC is tried first, WebSocket when its channel is not open within
 * {@link CONNECT_MILLIS_MAX} or fails. A connection without a sign of
 * life for {@link SILENCE_MILLIS} is dropped and made anew. Never: sockets, clocks, randomness.
 */
import { displayTime } from '../vitals/index.ts';
import type { DisplayTime } from '../vitals/index.ts';
import { SILENCE_MILLIS } from './silence.ts';

/** What carries the frames. */
export type Transport = 'webrtc' | 'websocket';
/** Which transports may be used. */
export type TransportChoice = 'auto' | Transport;

/** A transport that is not open after so long has failed. */
export const CONNECT_MILLIS_MAX = 3_000;
/** First wait after a failure; doubled at each further one. */
export const BACKOFF_MILLIS_MIN = 250;
/** Longest wait between two tries. */
export const BACKOFF_MILLIS_MAX = 5_000;
/** After WebRTC failed where WebSocket worked, reconnects go straight to it for so long. */
const PREFER_WEBSOCKET_MILLIS = 60_000;

/** What happened. `attempt` names the connection it happened to; others are ignored. */
export type LinkInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'opened'; readonly attempt: number }
  | { readonly kind: 'frame'; readonly attempt: number }
  | { readonly kind: 'failed'; readonly attempt: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'tick' };

/** What to do. */
export type LinkCommand =
  | { readonly kind: 'connect'; readonly transport: Transport; readonly attempt: number }
  | { readonly kind: 'drop'; readonly attempt: number };

/** Where the connection stands. */
export type LinkPhase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly transport: Transport }
  | { readonly kind: 'open'; readonly transport: Transport }
  | { readonly kind: 'waiting'; readonly until: DisplayTime };

type State =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'connecting';
      readonly transport: Transport;
      readonly attempt: number;
      readonly deadline: DisplayTime;
    }
  | {
      readonly kind: 'open';
      readonly transport: Transport;
      readonly attempt: number;
      readonly silentAt: DisplayTime;
    }
  | { readonly kind: 'waiting'; readonly until: DisplayTime };

/** The brain of the connection. */
export class LinkCore {
  readonly #choice: TransportChoice;
  readonly #random: () => number;
  #state: State = { kind: 'idle' };
  #commands: LinkCommand[] = [];
  #attempts = 0;
  #failures = 0;
  #webrtcFailedAt: DisplayTime | undefined;

  /** `random` gives 0 to 1 and spreads the reconnects of many walls. */
  constructor(choice: TransportChoice, random: () => number) {
    this.#choice = choice;
    this.#random = random;
  }

  /** Takes one input. */
  handle(now: DisplayTime, input: LinkInput): void {
    switch (input.kind) {
      case 'start':
        if (this.#state.kind === 'idle') this.#connect(now, this.#firstTransport(now));
        break;
      case 'stop':
        this.#dropCurrent();
        this.#state = { kind: 'idle' };
        break;
      case 'tick':
        this.#handleTick(now);
        break;
      default:
        if ('attempt' in this.#state && this.#state.attempt === input.attempt) {
          this.#handlePeer(now, input.kind);
        }
    }
  }

  /** The next thing to do, in order; `undefined` when there is nothing more. */
  pollCommand(): LinkCommand | undefined {
    return this.#commands.shift();
  }

  /** When to call {@link LinkCore.handle} with a tick; `undefined` for never. */
  pollTimeout(): DisplayTime | undefined {
    switch (this.#state.kind) {
      case 'idle':
        return undefined;
      case 'connecting':
        return this.#state.deadline;
      case 'open':
        return this.#state.silentAt;
      case 'waiting':
        return this.#state.until;
    }
  }

  /** Where the connection stands. */
  phase(): LinkPhase {
    const state = this.#state;
    if (state.kind === 'connecting' || state.kind === 'open') {
      return { kind: state.kind, transport: state.transport };
    }
    return state;
  }

  #handlePeer(now: DisplayTime, kind: 'opened' | 'frame' | 'failed'): void {
    const state = this.#state;
    if (kind === 'failed') {
      this.#handleFailure(now);
    } else if (kind === 'opened' && state.kind === 'connecting') {
      const { transport, attempt } = state;
      this.#state = { kind: 'open', transport, attempt, silentAt: later(now, SILENCE_MILLIS) };
    } else if (kind === 'frame' && state.kind === 'open') {
      this.#failures = 0;
      this.#state = { ...state, silentAt: later(now, SILENCE_MILLIS) };
    }
  }

  #handleTick(now: DisplayTime): void {
    const due = this.pollTimeout();
    if (due === undefined || now < due) return;
    if (this.#state.kind === 'waiting') this.#connect(now, this.#firstTransport(now));
    else this.#handleFailure(now);
  }

  #handleFailure(now: DisplayTime): void {
    const failed = this.#state;
    this.#dropCurrent();
    const isFirstOfTwo = failed.kind === 'connecting' && failed.transport === 'webrtc';
    if (this.#choice === 'auto' && isFirstOfTwo) {
      this.#webrtcFailedAt = now;
      this.#connect(now, 'websocket');
      return;
    }
    const longest = Math.min(BACKOFF_MILLIS_MIN * 2 ** this.#failures, BACKOFF_MILLIS_MAX);
    this.#failures = Math.min(this.#failures + 1, 10);
    // Between half and all of it, so that the walls of a region do not all return at once.
    const wait = Math.max(BACKOFF_MILLIS_MIN, longest * (0.5 + 0.5 * this.#random()));
    this.#state = { kind: 'waiting', until: later(now, wait) };
  }

  #firstTransport(now: DisplayTime): Transport {
    if (this.#choice !== 'auto') return this.#choice;
    const failedAt = this.#webrtcFailedAt;
    const isRecent = failedAt !== undefined && now - failedAt < PREFER_WEBSOCKET_MILLIS;
    return isRecent ? 'websocket' : 'webrtc';
  }

  #connect(now: DisplayTime, transport: Transport): void {
    this.#attempts += 1;
    const attempt = this.#attempts;
    this.#state = { kind: 'connecting', transport, attempt, deadline: later(now, CONNECT_MILLIS_MAX) };
    this.#commands.push({ kind: 'connect', transport, attempt });
  }

  #dropCurrent(): void {
    if ('attempt' in this.#state) this.#commands.push({ kind: 'drop', attempt: this.#state.attempt });
  }
}

function later(now: DisplayTime, millis: number): DisplayTime {
  return displayTime(now + millis);
}
