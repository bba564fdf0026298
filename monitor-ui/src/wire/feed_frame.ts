/**
 * Frames between the region and a wall, over a data channel or a WebSocket.
 *
 * One message is one frame and at most {@link FRAME_BYTES_MAX} bytes. All numbers are
 * little-endian, a text stands behind its length in one byte. The first byte is the kind:
 *
 * ```text
 * 0x41 roster   now i64, count u16, then for each track:
 *               track u16, link u8, since i64, clock_offset i64, site u8,
 *               bridge text, device text, facility text, bed text
 * 0x42 blocks   now i64, count u16, then for each block:
 *               track u16, marks u8, received_at i64, n u8, n bytes as block.ts has them
 * 0x43 beat     now i64, beat u32
 * 0x44 missed   now i64, count u32
 * 0x45 analysis now i64, marks u8, count u16, then for each record:
 *               track u16, n u16, n bytes as publication.ts has them
 * 0x46 analyst  now i64, state u8 (0 absent, 1 present), since i64
 * 0x47 alerts   now i64, marks u8, count u16, then for each record:
 *               track u16 (0xffff: of the whole region), n u16, n bytes as alert.ts has them
 * 0x48 refused  now i64, what u8 (0x63, 0x64 or 0x65), number u64 (of the alarm, or the track),
 *               why u8
 * 0x61 watch    (wall to region) history seconds u16, count u16, count × track u16
 * ```
 */
import { REFUSALS, regionTime } from '../vitals/index.ts';
import type { AlarmId, Brand, Refusal, RegionTime } from '../vitals/index.ts';
import { coded } from './fields.ts';
import { bridgeName, deviceName } from './name.ts';
import type { BridgeName, DeviceName } from './name.ts';
import { PUBLICATION_BYTES_MAX } from './publication.ts';
import { Reader } from './reader.ts';
import { WireError } from './wire_error.ts';

/** Most bytes of one frame. */
export const FRAME_BYTES_MAX = 16 * 1024;
/** Most tracks that one watch frame names. */
export const WATCH_TRACKS_MAX = 4096;

/** The first byte of each frame. */
export const FrameKind = {
  roster: 0x41,
  blocks: 0x42,
  beat: 0x43,
  missed: 0x44,
  analysis: 0x45,
  analyst: 0x46,
  alerts: 0x47,
  refused: 0x48,
  watch: 0x61,
  judge: 0x62,
  acknowledge: 0x63,
  invalid: 0x64,
  pause: 0x65,
} as const;

/** The region's short number for one device of one bridge, until it restarts. */
export type TrackNumber = Brand<number, 'track'>;

/** Stands where a track would: of the whole region. */
export const REGION_TRACK = 0xffff as TrackNumber;

/** Whether a bridge is connected to the region. */
export type BridgeLink = 'lost' | 'up';

/** What kind of place a bridge stands in. */
export type SiteKind = 'clinic' | 'centre' | 'ambulance' | 'home';

/** What a wall knows of a track before its first block. */
export interface RosterEntry {
  readonly track: TrackNumber;
  readonly link: BridgeLink;
  /** Since when the link is so, by the region's clock. */
  readonly since: RegionTime;
  /** What to add to the bridge's times to get the region's. */
  readonly clockOffsetMicros: number;
  readonly site: SiteKind;
  readonly bridge: BridgeName;
  readonly device: DeviceName;
  /** What people call the place. */
  readonly facility: string;
  /** What people call the bed. */
  readonly bed: string;
}

/** What the region noticed about one block; bits of the wire. */
export const Mark = { history: 1 << 0, late: 1 << 1, gapBefore: 1 << 2 } as const;
const MARKS_KNOWN = 0b111;

/** One block on its way to a wall, still in its bytes. */
export interface BlockEntry {
  readonly track: TrackNumber;
  /** Bits of {@link Mark}. */
  readonly marks: number;
  /** When the region received it, by its own clock. */
  readonly receivedAt: RegionTime;
  readonly block: Uint8Array;
}

/** Where in the current set of records a frame stands; bits of the wire. */
export const SetMark = {
  /** All that was known of the records of any track is void. */
  begins: 1 << 0,
  ends: 1 << 1,
} as const;
const SET_MARKS_KNOWN = 0b11;

/** One record of the analysis on its way to a wall, still in its bytes. */
export interface RecordEntry {
  readonly track: TrackNumber;
  readonly record: Uint8Array;
}

/** Whether the analysis lives, as the region says. */
export type AnalystState = 'absent' | 'present';

/** What was asked for in vain. */
export type RefusedRequest =
  | { readonly what: 'acknowledge' | 'invalid'; readonly alarm: AlarmId }
  | { readonly what: 'pause'; readonly track: TrackNumber };

/** A frame as a wall reads it; `now` is the region's clock when it was made. */
export type FeedFrame =
  | { readonly kind: 'roster'; readonly now: RegionTime; readonly entries: readonly RosterEntry[] }
  | { readonly kind: 'blocks'; readonly now: RegionTime; readonly entries: readonly BlockEntry[] }
  | { readonly kind: 'beat'; readonly now: RegionTime; readonly beat: number }
  | { readonly kind: 'missed'; readonly now: RegionTime; readonly count: number }
  | {
      /** Records of the analysis; of alarms and pauses. Each kind is a set of its own. */
      readonly kind: 'analysis' | 'alerts';
      readonly now: RegionTime;
      /** Bits of {@link SetMark}. */
      readonly marks: number;
      readonly entries: readonly RecordEntry[];
    }
  | {
      readonly kind: 'analyst';
      readonly now: RegionTime;
      readonly state: AnalystState;
      /** Since when that is so, by the region's clock. */
      readonly since: RegionTime;
    }
  | { readonly kind: 'refused'; readonly now: RegionTime; readonly request: RefusedRequest; readonly why: Refusal };

/**
 * Reads one frame. The blocks and records in it are views into `bytes` and not yet checked.
 *
 * Throws {@link WireError} for anything that the region would not have sent.
 */
export function decodeFeedFrame(bytes: Uint8Array): FeedFrame {
  const reader = new Reader(bytes);
  const kind = reader.u8('kind');
  const now = regionTime(reader.i64Number('now'));
  const frame = readBody(reader, kind, now);
  reader.finish();
  return frame;
}

function readBody(reader: Reader, kind: number, now: RegionTime): FeedFrame {
  switch (kind) {
    case FrameKind.roster:
      return { kind: 'roster', now, entries: counted(reader, 'track count', rosterEntry) };
    case FrameKind.blocks:
      return { kind: 'blocks', now, entries: counted(reader, 'block count', blockEntry) };
    case FrameKind.beat:
      return { kind: 'beat', now, beat: reader.u32('beat') };
    case FrameKind.missed:
      return { kind: 'missed', now, count: reader.u32('missed') };
    case FrameKind.analysis:
    case FrameKind.alerts: {
      const marks = reader.u8('marks');
      if ((marks & ~SET_MARKS_KNOWN) !== 0) throw new WireError({ kind: 'value', field: 'marks', value: marks });
      const of = kind === FrameKind.alerts ? 'alerts' : 'analysis';
      return { kind: of, now, marks, entries: counted(reader, 'record count', recordEntry) };
    }
    case FrameKind.analyst: {
      const state = listed(ANALYST_STATES, reader.u8('analyst state'), 'analyst state');
      return { kind: 'analyst', now, state, since: regionTime(reader.i64Number('since')) };
    }
    case FrameKind.refused:
      return { kind: 'refused', now, request: refusedRequest(reader), why: coded(REFUSALS, reader, 'why') };
    default:
      throw new WireError({ kind: 'kind', received: kind });
  }
}

function refusedRequest(reader: Reader): RefusedRequest {
  const code = reader.u8('what');
  const number = reader.u64('number');
  if (code === FrameKind.pause) {
    if (number > 0xffffn) throw new WireError({ kind: 'value', field: 'number', value: number });
    return { what: 'pause', track: Number(number) as TrackNumber };
  }
  const what = code === FrameKind.acknowledge ? 'acknowledge' : code === FrameKind.invalid ? 'invalid' : undefined;
  if (what === undefined) throw new WireError({ kind: 'value', field: 'what', value: code });
  if (number === 0n) throw new WireError({ kind: 'value', field: 'number', value: number });
  return { what, alarm: number as AlarmId };
}

function counted<Entry>(
  reader: Reader,
  field: string,
  read: (reader: Reader) => Entry,
): readonly Entry[] {
  const count = reader.u16(field);
  const entries: Entry[] = [];
  // Grows entry by entry: a count that lies runs into the end of the bytes and costs nothing.
  for (let i = 0; i < count; i += 1) entries.push(read(reader));
  return entries;
}

const SITES: readonly SiteKind[] = ['clinic', 'centre', 'ambulance', 'home'];
const ANALYST_STATES: readonly AnalystState[] = ['absent', 'present'];
const LINKS: readonly BridgeLink[] = ['lost', 'up'];

function rosterEntry(reader: Reader): RosterEntry {
  return {
    track: reader.u16('track') as TrackNumber,
    link: listed(LINKS, reader.u8('link'), 'link'),
    since: regionTime(reader.i64Number('since')),
    clockOffsetMicros: reader.i64Number('clock offset'),
    site: listed(SITES, reader.u8('site kind'), 'site kind'),
    bridge: bridgeName(reader.text('bridge')),
    device: deviceName(reader.text('device')),
    facility: reader.text('facility'),
    bed: reader.text('bed'),
  };
}

function blockEntry(reader: Reader): BlockEntry {
  const track = reader.u16('track') as TrackNumber;
  const marks = reader.u8('marks');
  if ((marks & ~MARKS_KNOWN) !== 0) throw new WireError({ kind: 'value', field: 'marks', value: marks });
  const receivedAt = regionTime(reader.i64Number('received_at'));
  const length = reader.u8('block length');
  return { track, marks, receivedAt, block: reader.take(length, 'block') };
}

function recordEntry(reader: Reader): RecordEntry {
  const track = reader.u16('track') as TrackNumber;
  const length = reader.u16('record length');
  if (length > PUBLICATION_BYTES_MAX) {
    throw new WireError({ kind: 'value', field: 'record length', value: length });
  }
  return { track, record: reader.take(length, 'record') };
}

function listed<Word>(words: readonly Word[], code: number, field: string): Word {
  const word = words[code];
  if (word === undefined) throw new WireError({ kind: 'value', field, value: code });
  return word;
}

/**
 * What a wall asks for: so many seconds of the recent past first, of these tracks; none means
 * all that the viewer may see. At most {@link WATCH_TRACKS_MAX} tracks are named.
 */
export function encodeWatch(
  historySeconds: number,
  tracks: readonly TrackNumber[],
): Uint8Array<ArrayBuffer> {
  const named = tracks.slice(0, WATCH_TRACKS_MAX);
  const bytes = new Uint8Array(5 + 2 * named.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FrameKind.watch);
  view.setUint16(1, Math.min(Math.max(Math.trunc(historySeconds), 0), 0xffff), true);
  view.setUint16(3, named.length, true);
  named.forEach((track, i) => view.setUint16(5 + 2 * i, track, true));
  return bytes;
}
