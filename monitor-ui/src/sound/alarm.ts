/**
 * An alarm as a wall shows and sounds it, whoever raised it: the region, or this browser.
 *
 * The list of alarms is handed in whole at every look; nothing here raises or ends one.
 */
import type { RegionTime } from '../vitals/index.ts';

/** How soon somebody has to come: now, soon, or when there is time. */
export type Priority = 'high' | 'medium' | 'low';

/** From the most urgent on. */
export const PRIORITIES: readonly Priority[] = ['high', 'medium', 'low'];

/** One alarm. */
export interface Alarm {
  /** Stays the same as long as it is the same alarm; one that comes again is another. */
  readonly id: string;
  /** The key of the bed's track; `undefined` where it concerns the whole wall. */
  readonly bed: string | undefined;
  readonly priority: Priority;
  /** Parameter, value and limit, or what is wrong, as it is read out. */
  readonly text: string;
  /** Since when, by the region's clock; `undefined` where that is not known. */
  readonly since: RegionTime | undefined;
  /** Somebody has taken it over: it stays in sight and is not sounded. */
  readonly acknowledged: boolean;
}

/** Whether the first is more urgent than the second. */
export function isMoreUrgent(one: Priority, other: Priority): boolean {
  return PRIORITIES.indexOf(one) < PRIORITIES.indexOf(other);
}

/**
 * The order of a list, as the region's: priority, what nobody has taken over first, the one that
 * waits longest first, so that a new one moves only what it is more urgent than.
 */
export function byUrgency(one: Alarm, other: Alarm): number {
  return (
    PRIORITIES.indexOf(one.priority) - PRIORITIES.indexOf(other.priority) ||
    Number(one.acknowledged) - Number(other.acknowledged) ||
    (one.since ?? 0) - (other.since ?? 0) ||
    (one.id < other.id ? -1 : 1)
  );
}

/** The most urgent of some priorities. */
export function mostUrgent(priorities: Iterable<Priority>): Priority | undefined {
  let most: Priority | undefined;
  for (const each of priorities) if (most === undefined || isMoreUrgent(each, most)) most = each;
  return most;
}
