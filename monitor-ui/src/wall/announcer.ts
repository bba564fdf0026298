/**
 * What is read out of the alarms: only what is new. Pure.
 *
 * In: the list at each look. Out: the alarms that wait for somebody and did not before, or that
 * have become more urgent since. Counting seconds, acknowledgements and the order are not read.
 */
import { isMoreUrgent } from '../sound/index.ts';
import type { Priority } from '../sound/index.ts';
import { waits } from './wall_alarm.ts';
import type { WallAlarm } from './wall_alarm.ts';

/** Tells what is new from what was read out. */
export class Announcer {
  #told = new Map<string, Priority>();

  /** What is new since the last look. */
  news(list: readonly WallAlarm[]): readonly WallAlarm[] {
    const waiting = list.filter(waits);
    const news = waiting.filter(({ id, priority }) => {
      const told = this.#told.get(id);
      return told === undefined || isMoreUrgent(priority, told);
    });
    this.#told = new Map(waiting.map(({ id, priority }) => [id, priority]));
    return news;
  }
}
