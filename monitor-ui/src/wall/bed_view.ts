/**
 * What a tile and the panel say of a bed at one moment. Pure: a track and a moment in, words
 * to choose and numbers out.
 *
 * Components read a track through this alone: a track changes without telling them.
 */
import {
  absenceOf,
  CHANNELS,
  Flag,
  MICROS_PER_SECOND,
  qualityOf,
  TICK_MICROS,
  TICKS_PER_SECOND,
} from '../vitals/index.ts';
import type { Absence, Channel, Quality, RegionTime, SecondColumns, Transducers } from '../vitals/index.ts';
import type { BedSilence, Freshness } from '../feed/index.ts';
import type { RosterEntry } from '../wire/index.ts';

/** A number older than this is shown as old: greyed and struck. */
export const OLD_AFTER_SECONDS = 5;
/** A number older than this is not shown at all: nobody may act on it. */
export const GONE_AFTER_SECONDS = 60;

/** What a channel shows. */
export type ChannelView =
  | { readonly kind: 'live' | 'old'; readonly value: number; readonly quality: Quality }
  | { readonly kind: 'absent'; readonly why: Absence }
  | { readonly kind: 'unused' | 'gone' };

/** Whether a bridge is connected; `unconfirmed` while the region does not say so now. */
export type BridgeView = 'up' | 'lost' | 'unconfirmed';

/** What a bed shows. */
export interface BedView {
  readonly entry: RosterEntry;
  readonly channels: Readonly<Record<Channel, ChannelView>>;
  readonly bridge: BridgeView;
  readonly bridgeSince: RegionTime;
  /** Seconds since the newest second of data ended; `undefined` while there is none. */
  readonly ageSeconds: number | undefined;
  /** `live` while data come, `silent` when they stopped, `empty` before the first. */
  readonly data: 'live' | 'silent' | 'empty';
  /** When the newest second of data ended, by the region's clock. */
  readonly newestEnd: RegionTime | undefined;
  readonly coincidence: boolean;
  readonly twinOffset: boolean;
  readonly transducers: Transducers | undefined;
  /** Whether a second fetus is or was listened to. */
  readonly hasTwins: boolean;
  /** Seconds from the end of the newest second to the region; `undefined` before the first. */
  readonly delaySeconds: number | undefined;
  /** Damaged blocks that were discarded. */
  readonly refused: number;
}

/** The part of a track that is looked at. */
export interface BedSource {
  readonly entry: RosterEntry;
  readonly announced: 'yes' | 'not yet';
  readonly recent: SecondColumns;
  readonly receivedAt: RegionTime | undefined;
  readonly refused: number;
  newestEnd(): RegionTime | undefined;
}

/** Looks at a bed; `heard` is what the browser's own clock says of its seconds. */
export function bedView(
  source: BedSource,
  now: RegionTime | undefined,
  freshness: Freshness,
  heard: BedSilence['state'],
): BedView {
  const { recent, entry } = source;
  const newestEnd = source.newestEnd();
  const isKnown = newestEnd !== undefined && now !== undefined;
  const ageSeconds = isKnown ? Math.max(0, (now - newestEnd) / MICROS_PER_SECOND) : undefined;
  const isStale = freshness === 'stale' || heard === 'silent';
  const flags = recent.flags[recent.count - 1] ?? 0;
  return {
    entry,
    channels: channelViews(recent, now, isStale),
    bridge: source.announced === 'yes' && freshness !== 'stale' ? entry.link : 'unconfirmed',
    bridgeSince: entry.since,
    ageSeconds,
    data: dataState(ageSeconds, isStale),
    newestEnd,
    coincidence: (flags & Flag.coincidence) !== 0,
    twinOffset: (flags & Flag.twinOffset) !== 0,
    transducers: recent.transducers,
    hasTwins: recent.used.has('fhr2'),
    delaySeconds: delaySeconds(source.receivedAt, newestEnd),
    refused: source.refused,
  };
}

function delaySeconds(received: RegionTime | undefined, end: RegionTime | undefined): number | undefined {
  const isKnown = received !== undefined && end !== undefined;
  return isKnown ? Math.max(0, (received - end) / MICROS_PER_SECOND) : undefined;
}

function dataState(ageSeconds: number | undefined, isStale: boolean): BedView['data'] {
  if (ageSeconds === undefined) return 'empty';
  return isStale || ageSeconds > OLD_AFTER_SECONDS ? 'silent' : 'live';
}

function channelViews(
  columns: SecondColumns,
  now: RegionTime | undefined,
  isStale: boolean,
): Readonly<Record<Channel, ChannelView>> {
  const views = CHANNELS.map((channel) => [channel, channelView(columns, channel, now, isStale)]);
  return Object.fromEntries(views) as Record<Channel, ChannelView>;
}

function channelView(
  columns: SecondColumns,
  channel: Channel,
  now: RegionTime | undefined,
  isStale: boolean,
): ChannelView {
  const row = columns.count - 1;
  if (row < 0 || now === undefined) return { kind: 'gone' };
  // The newest tick with a value among the four of the newest second, and no older one: a value
  // from before a loss is not the present one.
  const { values, states } = columns.ticks[channel];
  for (let i = TICKS_PER_SECOND - 1; i >= 0; i -= 1) {
    const tick = row * TICKS_PER_SECOND + i;
    const quality = qualityOf(states[tick] ?? 0xff);
    if (quality === undefined) continue;
    const end = (columns.at[row] ?? 0) + (i + 1) * TICK_MICROS;
    const age = (now - end) / MICROS_PER_SECOND;
    if (age > GONE_AFTER_SECONDS) return { kind: 'gone' };
    const isOld = isStale || age > OLD_AFTER_SECONDS;
    return { kind: isOld ? 'old' : 'live', value: values[tick] ?? NaN, quality };
  }
  if (now - (columns.at[row] ?? 0) > GONE_AFTER_SECONDS * MICROS_PER_SECOND) return { kind: 'gone' };
  const isNeeded = channel === 'fhr1' || channel === 'ua' || columns.used.has(channel);
  const why = absenceOf(states[row * TICKS_PER_SECOND + TICKS_PER_SECOND - 1] ?? 0);
  return isNeeded && why !== undefined ? { kind: 'absent', why } : { kind: 'unused' };
}
