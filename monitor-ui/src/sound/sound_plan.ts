/**
 * Which burst is played now. Sans-IO.
 *
 * In: the alarms, the pauses, and the time. Out: a burst to begin, or that all has to be quiet.
 * One burst at a time, of the most urgent alarm that is neither acknowledged nor paused; a more
 * urgent one does not wait for the end of another, the same one comes again after its pause, and
 * a new alarm of the same priority is heard without waiting for the whole pause.
 */
import type { DisplayTime } from '../vitals/index.ts';
import { isMoreUrgent, mostUrgent } from './alarm.ts';
import type { Alarm, Priority } from './alarm.ts';
import { BURSTS } from './melody.ts';
import type { Pauses } from './pauses.ts';

/** What the speaker shall do. */
export type SoundCommand = { readonly kind: 'play'; readonly priority: Priority } | { readonly kind: 'quiet' };

/** The brain of the sounds. */
export class SoundPlan {
  #playing: { readonly priority: Priority; readonly startedAt: DisplayTime } | undefined;
  #heard: ReadonlySet<string> = new Set();

  /** Looks at the alarms; `undefined` while what is played, or silent, stays as it is. */
  look(alarms: readonly Alarm[], pauses: Pauses, now: DisplayTime): SoundCommand | undefined {
    const sounding = alarms.filter(({ acknowledged, bed }) => !acknowledged && pauses.remaining(bed, now) === undefined);
    const wanted = mostUrgent(sounding.map(({ priority }) => priority));
    const playing = this.#playing;
    if (wanted === undefined) {
      this.#playing = undefined;
      this.#heard = new Set();
      return playing === undefined ? undefined : { kind: 'quiet' };
    }
    const voices = sounding.filter(({ priority }) => priority === wanted).map(({ id }) => id);
    if (playing !== undefined && !this.#isDue(playing, wanted, voices, now)) return undefined;
    this.#playing = { priority: wanted, startedAt: now };
    this.#heard = new Set(voices);
    return { kind: 'play', priority: wanted };
  }

  #isDue(
    playing: { readonly priority: Priority; readonly startedAt: DisplayTime },
    wanted: Priority,
    voices: readonly string[],
    now: DisplayTime,
  ): boolean {
    if (isMoreUrgent(wanted, playing.priority)) return true;
    const { length, pause } = BURSTS[playing.priority];
    const elapsed = (now - playing.startedAt) / 1000;
    const hasNew = wanted === playing.priority && voices.some((id) => !this.#heard.has(id));
    // Between two bursts there is always a moment in which people can speak. Design: a second.
    return elapsed >= (hasNew ? length + Math.min(1, pause) : length + pause);
  }
}
