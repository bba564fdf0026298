/**
 * The alarms of the region among those that this browser raises: what is shown, sounded, said.
 *
 * Pure: what the feed knows in, lists out. An alarm that is history is not shown; it only tells
 * when somebody last looked.
 */
import type { PlacedAlarm } from '../feed/index.ts';
import type { Alarm, Priority } from '../sound/index.ts';
import { hasFlag } from '../vitals/index.ts';
import type { BedPause, RegionTime } from '../vitals/index.ts';

/** An alarm on the wall; `region` where the region raised it. */
export interface WallAlarm extends Alarm {
  readonly region?: PlacedAlarm;
}

/** Stands for the bed of what concerns the whole region: nothing else has its name. */
export const WHOLE_REGION = '';

/** What a tile says of the alarms of its bed. */
export interface BedAlarms {
  readonly priority: Priority;
  readonly count: number;
  /** Whether one of them waits for somebody. */
  readonly calls: boolean;
  /** Of the most urgent. */
  readonly text: string;
}

/** The alarms of the region that are not over, as they are shown and sounded. */
export function shownAlarms(alarms: readonly PlacedAlarm[], text: (alarm: PlacedAlarm) => string): readonly WallAlarm[] {
  return alarms
    .filter(({ stage }) => stage !== 'resolved')
    .map((region) => ({
      id: `region ${region.id}`,
      bed: region.bed ?? WHOLE_REGION,
      priority: region.priority,
      text: text(region),
      since: region.raisedAt,
      acknowledged: region.acknowledged !== undefined || hasFlag(region, 'digest'),
      region,
    }));
}

/** The alarms of this browser, without those that the region has raised as well and that still hold. */
export function withoutDoubles(local: readonly WallAlarm[], region: readonly WallAlarm[]): readonly WallAlarm[] {
  const covered = new Set(
    region
      .filter((alarm) => alarm.region?.endedAt === undefined && isSilence(alarm.region))
      .map(({ bed }) => bed),
  );
  return local.filter(({ bed }) => bed === undefined || !covered.has(bed));
}

function isSilence(alarm: PlacedAlarm | undefined): boolean {
  return alarm?.what === 'linkLost' || alarm?.what === 'silent';
}

/** Whether an alarm waits for somebody. */
export function waits(alarm: WallAlarm): boolean {
  return alarm.region === undefined ? !alarm.acknowledged : alarm.region.acknowledged === undefined;
}

/** What each tile says; the list is in its order. */
export function alarmsByBed(list: readonly WallAlarm[]): ReadonlyMap<string, BedAlarms> {
  const beds = new Map<string, BedAlarms>();
  for (const alarm of list) {
    if (alarm.bed === undefined) continue;
    const { priority, text, count, calls } = beds.get(alarm.bed) ?? { ...alarm, count: 0, calls: false };
    beds.set(alarm.bed, { priority, text, count: count + 1, calls: calls || waits(alarm) });
  }
  return beds;
}

/** When somebody last acknowledged an alarm of each bed, history included. */
export function lastSeen(alarms: readonly PlacedAlarm[]): ReadonlyMap<string, RegionTime> {
  const seen = new Map<string, RegionTime>();
  for (const { bed, acknowledged } of alarms) {
    if (bed === undefined || acknowledged === undefined) continue;
    if (acknowledged.at > (seen.get(bed) ?? 0)) seen.set(bed, acknowledged.at);
  }
  return seen;
}

/** Milliseconds that the region's pauses still run; one that nobody can place in time runs no more. */
export function runningPauses(
  pauses: ReadonlyMap<string, BedPause>,
  now: RegionTime | undefined,
  millisMax: number,
): ReadonlyMap<string, number> {
  const running = new Map<string, number>();
  if (now === undefined) return running;
  for (const [bed, { over, until }] of pauses) {
    const left = (until - now) / 1000;
    if (over === undefined && left > 0) running.set(bed, Math.min(left, millisMax));
  }
  return running;
}
