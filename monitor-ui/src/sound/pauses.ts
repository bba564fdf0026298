/**
 * Pauses of the sound, bed by bed. Sans-IO.
 *
 * In: who pauses what, and the alarms at each look. Out: what is paused, and for how long still.
 * There is no pause of everything: the scope is one bed, or the alarm of the whole wall, which
 * exists only while no bed can be heard anyway. A more urgent alarm ends the pause of its bed.
 * What the region has paused for all walls is handed in at every look, and ended there.
 */
import type { DisplayTime } from '../vitals/index.ts';
import { isMoreUrgent, mostUrgent } from './alarm.ts';
import type { Alarm, Priority } from './alarm.ts';

/** A pause never lasts longer. Design rule of the house: two minutes, in sight of all. */
export const PAUSE_MILLIS_MAX = 120_000;

/** What a pause holds for: a bed, or the alarm of the whole wall. */
export type Scope = string | undefined;

interface Pause {
  readonly until: DisplayTime;
  /** What was sounding when it was asked for. */
  readonly priority: Priority;
}

/** The pauses of one wall. */
export class Pauses {
  readonly #pauses = new Map<Scope, Pause>();
  #followed: ReadonlyMap<Scope, DisplayTime> = new Map();

  /** Pauses the sound of a bed for so many milliseconds, at most {@link PAUSE_MILLIS_MAX}. */
  pause(scope: Scope, alarms: readonly Alarm[], now: DisplayTime, millis = PAUSE_MILLIS_MAX): void {
    const priority = mostUrgent(soundingOf(scope, alarms));
    if (priority === undefined) return;
    const until = (now + Math.min(Math.max(0, millis), PAUSE_MILLIS_MAX)) as DisplayTime;
    this.#pauses.set(scope, { until, priority });
  }

  /** Lets a bed sound again. */
  resume(scope: Scope): void {
    this.#pauses.delete(scope);
  }

  /** Takes the pauses of the region: milliseconds that each still runs. */
  follow(millis: ReadonlyMap<string, number>, now: DisplayTime): void {
    this.#followed = new Map([...millis].map(([scope, left]) => [scope, (now + Math.min(left, PAUSE_MILLIS_MAX)) as DisplayTime]));
  }

  /** Ends what has to end: time is up, nothing sounds there any more, or something worse does. */
  look(alarms: readonly Alarm[], now: DisplayTime): void {
    for (const [scope, { until, priority }] of this.#pauses) {
      const sounding = mostUrgent(soundingOf(scope, alarms));
      const isWorse = sounding !== undefined && isMoreUrgent(sounding, priority);
      if (now >= until || sounding === undefined || isWorse) this.#pauses.delete(scope);
    }
  }

  /** Milliseconds that a scope is still paused; `undefined` where it is not. */
  remaining(scope: Scope, now: DisplayTime): number | undefined {
    const until = Math.max(this.#pauses.get(scope)?.until ?? 0, this.#followed.get(scope) ?? 0);
    return now >= until ? undefined : until - now;
  }

  /** Every scope that is paused now. */
  scopes(now: DisplayTime): readonly Scope[] {
    const all = new Set([...this.#pauses.keys(), ...this.#followed.keys()]);
    return [...all].filter((scope) => this.remaining(scope, now) !== undefined);
  }
}

function soundingOf(scope: Scope, alarms: readonly Alarm[]): Priority[] {
  return alarms.filter((alarm) => alarm.bed === scope && !alarm.acknowledged).map(({ priority }) => priority);
}
