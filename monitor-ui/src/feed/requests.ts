/**
 * What this wall asked the region to do, until the region has answered. Sans-IO.
 *
 * In: what was asked, what was refused, what has come about, the time. Out: for each request
 * whether it waits, was refused, or was never answered. One that has come about is forgotten: the
 * record says it. Nothing is asked twice by itself; a person decides.
 */
import type { AlarmAction, AlarmId, AlarmPriority, DisplayTime, Refusal } from '../vitals/index.ts';

/** So long a request waits for its answer; then it counts as not done. Design: five seconds. */
export const ANSWER_MILLIS = 5_000;
/** So long it is said that something was not done, unless it is asked again. Design. */
export const SAID_MILLIS = 30_000;

/** What somebody asks for. */
export type Request =
  | {
      readonly what: 'acknowledge';
      readonly alarm: AlarmId;
      /** The priority that was on the screen. */
      readonly seen: AlarmPriority;
      readonly action: AlarmAction | undefined;
      readonly reason: string;
    }
  | { readonly what: 'invalid'; readonly alarm: AlarmId }
  /** Quiet at a bed, by the key of its track; 0 ends it. */
  | { readonly what: 'pause'; readonly bed: string; readonly seconds: number };

/** How it stands with a request. */
export type Answer = { readonly state: 'waiting' | 'unanswered' } | { readonly state: 'refused'; readonly why: Refusal };

interface Asked {
  readonly request: Request;
  readonly since: DisplayTime;
  readonly answer: Answer;
}

/** What names a request: the same thing asked again replaces it. */
export function requestKey(request: Pick<Request, 'what'> & { readonly alarm?: bigint; readonly bed?: string }): string {
  return `${request.what} ${request.bed ?? request.alarm}`;
}

/** The requests of one wall. */
export class Requests {
  #asked = new Map<string, Asked>();

  /** How it stands with each request that is not done; a new map with every change. */
  get answers(): ReadonlyMap<string, Answer> {
    return new Map([...this.#asked].map(([key, { answer }]) => [key, answer]));
  }

  /** Something was asked. */
  ask(request: Request, now: DisplayTime): void {
    this.#asked.set(requestKey(request), { request, since: now, answer: { state: 'waiting' } });
  }

  /** The region has not done it. */
  refuse(key: string, why: Refusal, now: DisplayTime): void {
    this.#answer(key, { state: 'refused', why }, now);
  }

  /** Forgets what has come about. */
  settle(isDone: (request: Request) => boolean): void {
    for (const [key, { request }] of this.#asked) if (isDone(request)) this.#asked.delete(key);
  }

  /** The connection is gone, and with it the answers to what waits. */
  lose(now: DisplayTime): void {
    for (const [key, { answer }] of this.#asked) {
      if (answer.state === 'waiting') this.#answer(key, { state: 'unanswered' }, now);
    }
  }

  /** Looks at the time. */
  look(now: DisplayTime): void {
    for (const [key, { since, answer }] of this.#asked) {
      if (answer.state !== 'waiting' && now - since >= SAID_MILLIS) this.#asked.delete(key);
      if (answer.state === 'waiting' && now - since >= ANSWER_MILLIS) this.#answer(key, { state: 'unanswered' }, now);
    }
  }

  #answer(key: string, answer: Answer, now: DisplayTime): void {
    const asked = this.#asked.get(key);
    if (asked !== undefined) this.#asked.set(key, { request: asked.request, since: now, answer });
  }
}
