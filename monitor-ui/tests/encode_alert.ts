/**
 * Alarms and pauses in bytes, for tests and for the development server only.
 *
 * Written from the byte tables and held against the golden files, like the decoders.
 */
import { ALARM_ACTIONS, ALARM_KINDS, ALARM_PRIORITIES, ALARM_ROLES, ALARM_STAGES, PAUSE_ENDS, REFUSALS } from '../src/vitals/index.ts';
import type { AlarmAction, AlarmId, AlarmPriority, BedPause, Refusal, RegionAlarm } from '../src/vitals/index.ts';
import { FrameKind } from '../src/wire/index.ts';
import type { RefusedRequest, TrackNumber } from '../src/wire/index.ts';
import { Writer } from './encode.ts';
import type { PlainRecord } from './encode_analysis.ts';

const NOT_ENDED = 1n << 63n;

export function encodeAlerts(now: number, marks: number, records: readonly PlainRecord[]): Uint8Array {
  const out = new Writer().u8(FrameKind.alerts).i64(now).u8(marks).u16(records.length);
  for (const { track, record } of records) out.u16(track).u16(record.length).raw(record);
  return out.bytes();
}

export function encodeAlarm(alarm: RegionAlarm): Uint8Array {
  const out = new Writer().u8(1).u8(1);
  out.u8(codeOf(ALARM_STAGES, alarm.stage)).u8(codeOf(ALARM_KINDS, alarm.what));
  out.u8(codeOf(ALARM_PRIORITIES, alarm.priority)).u8(alarm.fetus ?? 0).u8(codeOf(ALARM_ROLES, alarm.role));
  out.u8(alarm.flags).u64(alarm.id).u32(alarm.revision).u32(alarm.returns);
  const episode = alarm.episode ?? 0n;
  out.u64(episode & 0xffff_ffff_ffff_ffffn).u64(episode >> 64n).i64(alarm.since).i64(alarm.raisedAt);
  if (alarm.endedAt === undefined) out.u64(NOT_ENDED);
  else out.i64(alarm.endedAt);
  out.text(alarm.detail).u8(alarm.acknowledged === undefined ? 0 : 1);
  if (alarm.acknowledged !== undefined) {
    const { at, afterMillis, action, account, screen, reason } = alarm.acknowledged;
    out.i64(at).u32(afterMillis).u8(codeOf(ALARM_ACTIONS, action)).text(account).text(screen).text(reason);
  }
  return out.bytes();
}

export function encodeBedPause(pause: BedPause): Uint8Array {
  const out = new Writer().u8(1).u8(2).u8(codeOf(PAUSE_ENDS, pause.over)).u8(0).u32(0);
  return out.i64(pause.at).i64(pause.until).text(pause.account).text(pause.screen).bytes();
}

export function encodeRefused(now: number, request: RefusedRequest, why: Refusal): Uint8Array {
  const code = { acknowledge: FrameKind.acknowledge, invalid: FrameKind.invalid, pause: FrameKind.pause }[request.what];
  const number = request.what === 'pause' ? BigInt(request.track) : request.alarm;
  return new Writer().u8(FrameKind.refused).i64(now).u8(code).u64(number).u8(codeOf(REFUSALS, why)).bytes();
}

/** What a wall asks for. */
export type Attend =
  | {
      readonly what: 'acknowledge';
      readonly alarm: AlarmId;
      readonly seen: AlarmPriority | undefined;
      readonly action: AlarmAction | undefined;
      readonly reason: string;
    }
  | { readonly what: 'invalid'; readonly alarm: AlarmId }
  | { readonly what: 'pause'; readonly track: TrackNumber; readonly seconds: number };

/** Reads what a wall asks for; `undefined` for frames of other kinds. */
export function decodeAttend(frame: Uint8Array): Attend | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  switch (frame[0]) {
    case FrameKind.acknowledge:
      return {
        what: 'acknowledge',
        alarm: view.getBigUint64(1, true) as AlarmId,
        seen: ALARM_PRIORITIES[view.getUint8(9) - 1],
        action: ALARM_ACTIONS[view.getUint8(10) - 1],
        reason: new TextDecoder().decode(frame.subarray(12)),
      };
    case FrameKind.invalid:
      return { what: 'invalid', alarm: view.getBigUint64(1, true) as AlarmId };
    case FrameKind.pause:
      return { what: 'pause', track: view.getUint16(1, true) as TrackNumber, seconds: view.getUint8(3) };
    default:
      return undefined;
  }
}

function codeOf(words: readonly unknown[], word: unknown): number {
  return word === undefined ? 0 : words.indexOf(word) + 1;
}
