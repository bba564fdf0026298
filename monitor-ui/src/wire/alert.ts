/**
 * One record of an alarm or a pause, and what staff do about them.
 *
 * ```text
 * offset size  field of every record
 *      0    1  version, 1
 *      1    1  kind: 1 alarm, 2 pause
 *
 * 1 alarm, at most 458 bytes
 *      2    1  stage          3    1  what           4    1  priority
 *      5    1  fetus, 0 of the bed or the region     6    1  role that is called
 *      7    1  flags          8    8  id u64        16    4  revision u32
 *     20    4  returns u32   24   16  episode, 0 of the bed whoever lies in it
 *     40    8  since i64     48    8  raised_at i64
 *     56    8  ended_at i64; -2^63 while the condition holds
 *     64       detail, text of at most 48 bytes; acknowledged u8: 0 no, 1 yes, then
 *              at i64, after u32 ms, action u8 (0 none),
 *              account and screen, texts of at most 64 bytes, reason, text of at most 200 bytes
 *
 * 2 pause, at most 154 bytes
 *      2    1  why it is over, 0 while it runs       3    5  reserved, 0
 *      8    8  at i64        16    8  until i64
 *     24       account and screen, texts of at most 64 bytes
 * ```
 *
 * Times are the region's. The stage follows from the rest; a record in which it does not is
 * refused.
 *
 * ```text
 * 0x63 acknowledge (wall to region) alarm u64, priority u8, action u8 (0 none), reason text
 * 0x64 invalid     (wall to region) alarm u64
 * 0x65 pause       (wall to region) track u16, seconds u8 (0: ends it)
 * ```
 */
import {
  ALARM_ACTIONS,
  ALARM_FLAGS_KNOWN,
  ALARM_KINDS,
  ALARM_PRIORITIES,
  ALARM_ROLES,
  ALARM_STAGES,
  AlarmFlag,
  PAUSE_ENDS,
  PAUSE_SECONDS_MAX,
  regionTime,
} from '../vitals/index.ts';
import type {
  Acknowledged,
  AlarmAction,
  AlarmId,
  AlarmPriority,
  AlarmStage,
  BedPause,
  FetusNumber,
  RegionAlarm,
} from '../vitals/index.ts';
import { FrameKind } from './feed_frame.ts';
import type { TrackNumber } from './feed_frame.ts';
import { coded, codedOrNone, LABEL_BYTES_MAX, refused, reserved } from './fields.ts';
import { Reader } from './reader.ts';
import { WireError } from './wire_error.ts';

/** The version this build reads. */
export const ALERT_VERSION = 1;
/** Most bytes of one record. */
export const ALERT_BYTES_MAX = 458;
/** Most bytes of value and limit. */
export const DETAIL_BYTES_MAX = 48;
/** Most bytes of what somebody writes beside an acknowledgement. */
export const ACKNOWLEDGE_REASON_BYTES_MAX = 200;

/** One record. */
export type AlertRecord =
  | { readonly kind: 'alarm'; readonly alarm: RegionAlarm }
  | { readonly kind: 'pause'; readonly pause: BedPause };

const FETUSES: readonly FetusNumber[] = [1, 2];
const KINDS = ['alarm', 'pause'] as const;

/**
 * Reads a record that fills `bytes` exactly.
 *
 * Throws {@link WireError} for any byte that its maker would not have written.
 */
export function decodeAlert(bytes: Uint8Array): AlertRecord {
  if (bytes.length > ALERT_BYTES_MAX) throw refused('record length', bytes.length);
  const reader = new Reader(bytes);
  const version = reader.u8('version');
  if (version !== ALERT_VERSION) throw new WireError({ kind: 'version', received: version });
  const kind = coded(KINDS, reader, 'kind');
  const record: AlertRecord = kind === 'alarm' ? { kind, alarm: readAlarm(reader) } : { kind, pause: readPause(reader) };
  reader.finish();
  return record;
}

function readAlarm(reader: Reader): RegionAlarm {
  const stage = coded(ALARM_STAGES, reader, 'stage');
  const what = coded(ALARM_KINDS, reader, 'alarm kind');
  const priority = coded(ALARM_PRIORITIES, reader, 'priority');
  const fetus = codedOrNone(FETUSES, reader, 'fetus');
  const role = coded(ALARM_ROLES, reader, 'role');
  const flags = reader.u8('flags');
  const isUnfit = (flags & AlarmFlag.otherEpisode) !== 0 && stage !== 'resolved';
  if ((flags & ~ALARM_FLAGS_KNOWN) !== 0 || isUnfit) throw refused('flags', flags);
  const id = reader.u64('id') as AlarmId;
  if (id === 0n) throw refused('id', 0);
  const revision = reader.u32('revision');
  const returns = reader.u32('returns');
  const episode = reader.u128('episode');
  const since = regionTime(reader.i64Number('since'));
  const raisedAt = regionTime(reader.i64Number('raised_at'));
  const ended = reader.i64NumberOrNone('ended_at');
  const endedAt = ended === undefined ? undefined : regionTime(ended);
  const detail = reader.label(DETAIL_BYTES_MAX, 'detail');
  const acknowledged = readAcknowledged(reader);
  if (!isConsistent(stage, acknowledged, endedAt)) throw refused('stage', ALARM_STAGES.indexOf(stage) + 1);
  const whose = episode === 0n ? undefined : episode;
  return {
    id, revision, stage, what, priority, fetus, role, flags, returns,
    episode: whose, since, raisedAt, endedAt, detail, acknowledged,
  };
}

function isConsistent(stage: AlarmStage, acknowledged: Acknowledged | undefined, endedAt: number | undefined): boolean {
  switch (stage) {
    case 'active':
      return acknowledged === undefined && endedAt === undefined;
    case 'latched':
      return acknowledged === undefined && endedAt !== undefined;
    case 'acknowledged':
      return acknowledged !== undefined && endedAt === undefined;
    case 'resolved':
      return endedAt !== undefined;
  }
}

function readAcknowledged(reader: Reader): Acknowledged | undefined {
  const code = reader.u8('acknowledged');
  if (code > 1) throw refused('acknowledged', code);
  if (code === 0) return undefined;
  return {
    at: regionTime(reader.i64Number('at')),
    afterMillis: reader.u32('after'),
    action: codedOrNone(ALARM_ACTIONS, reader, 'action'),
    account: reader.label(LABEL_BYTES_MAX, 'account'),
    screen: reader.label(LABEL_BYTES_MAX, 'screen'),
    reason: reader.label(ACKNOWLEDGE_REASON_BYTES_MAX, 'reason'),
  };
}

function readPause(reader: Reader): BedPause {
  const over = codedOrNone(PAUSE_ENDS, reader, 'pause');
  reserved(reader, 5);
  return {
    over,
    at: regionTime(reader.i64Number('at')),
    until: regionTime(reader.i64Number('until')),
    account: reader.label(LABEL_BYTES_MAX, 'account'),
    screen: reader.label(LABEL_BYTES_MAX, 'screen'),
  };
}

/**
 * Somebody has seen an alarm, at the priority that was on the screen: one that has risen since is
 * refused. The reason may be empty and is cut to {@link ACKNOWLEDGE_REASON_BYTES_MAX} bytes at a
 * character.
 */
export function encodeAcknowledge(
  alarm: AlarmId,
  seen: AlarmPriority,
  action: AlarmAction | undefined,
  reason: string,
): Uint8Array<ArrayBuffer> {
  const text = new Uint8Array(ACKNOWLEDGE_REASON_BYTES_MAX);
  const { written } = new TextEncoder().encodeInto(reason, text);
  const bytes = new Uint8Array(12 + written);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FrameKind.acknowledge);
  view.setBigUint64(1, alarm, true);
  view.setUint8(9, ALARM_PRIORITIES.indexOf(seen) + 1);
  view.setUint8(10, action === undefined ? 0 : ALARM_ACTIONS.indexOf(action) + 1);
  view.setUint8(11, written);
  bytes.set(text.subarray(0, written), 12);
  return bytes;
}

/** Staff say that an alarm was an artefact. */
export function encodeMarkInvalid(alarm: AlarmId): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(9);
  bytes[0] = FrameKind.invalid;
  new DataView(bytes.buffer).setBigUint64(1, alarm, true);
  return bytes;
}

/** Staff ask for quiet at a bed for so many seconds, at most {@link PAUSE_SECONDS_MAX}; 0 ends it. */
export function encodePause(track: TrackNumber, seconds: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FrameKind.pause);
  view.setUint16(1, track, true);
  view.setUint8(3, Math.min(Math.max(Math.trunc(seconds), 0), PAUSE_SECONDS_MAX));
  return bytes;
}
