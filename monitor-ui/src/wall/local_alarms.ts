/**
 * The alarms that this browser raises by itself: the silence of the wall, and of its beds.
 *
 * Pure: what was heard in, alarms out. While nothing at all can be heard one alarm says so; a
 * hundred beds beside it would say no more.
 */
import type { BedSilence, WallSilence } from '../feed/index.ts';
import type { Alarm } from '../sound/index.ts';
import type { AlarmWords } from './alarm_words.ts';

/** A bed and how it is heard. */
export interface HeardBed {
  readonly key: string;
  readonly heard: BedSilence;
}

/** What this browser may be without: a session, or a region. */
export type Unwatched = 'sessionEnded' | 'unreachable';

/** The alarms of a wall that somebody watches. */
export function silenceAlarms(wall: WallSilence | undefined, beds: readonly HeardBed[], words: AlarmWords): readonly Alarm[] {
  if (wall !== undefined) {
    if (!wall.sounds) return [];
    const text = words.cause[wall.cause];
    return [{ id: `wall ${wall.since}`, bed: undefined, priority: 'high', text, since: wall.since, acknowledged: false }];
  }
  return beds
    .filter(({ heard }) => heard.sounds)
    .map(({ key, heard: { since } }) => ({
      id: `bed ${key} ${since}`,
      bed: key,
      priority: 'medium',
      text: words.bedSilent,
      since,
      acknowledged: false,
    }));
}

/** The alarm of a wall that nobody can watch any more. */
export function unwatchedAlarm(why: Unwatched, since: Alarm['since'], words: AlarmWords): Alarm {
  return { id: why, bed: undefined, priority: 'high', text: words[why], since, acknowledged: false };
}
