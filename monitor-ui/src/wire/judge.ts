/**
 * A person at a wall gives a level to some minutes of a strip.
 *
 * ```text
 * 0x62 judge    (wall to region) track u16, episode 16 bytes, fetus u8, level u8, from i64,
 *               to i64, reason text
 * ```
 *
 * Who it is, the region knows from the session; whether that role may judge, it decides. The
 * judgement comes back to every wall as a record.
 */
import type { BridgeTime, FetusNumber, Level } from '../vitals/index.ts';
import type { Episode } from './block.ts';
import { FrameKind } from './feed_frame.ts';
import type { TrackNumber } from './feed_frame.ts';

/** A level that a person gives. */
export interface Judge {
  readonly track: TrackNumber;
  readonly episode: Episode;
  readonly fetus: FetusNumber;
  readonly level: Level;
  /** By the bridge's clock, as the minutes on the strip. */
  readonly from: BridgeTime;
  readonly to: BridgeTime;
  /** May be empty; cut to {@link REASON_BYTES_MAX} bytes at a character. */
  readonly reason: string;
}

/** Most bytes of a reason. */
export const REASON_BYTES_MAX = 255;
/** Bytes of the frame before the reason. */
const HEADER_BYTES = 38;

/** The frame. */
export function encodeJudge(judge: Judge): Uint8Array<ArrayBuffer> {
  const reason = cut(judge.reason);
  const bytes = new Uint8Array(HEADER_BYTES + reason.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FrameKind.judge);
  view.setUint16(1, judge.track, true);
  view.setBigUint64(3, BigInt.asUintN(64, judge.episode), true);
  view.setBigUint64(11, judge.episode >> 64n, true);
  view.setUint8(19, judge.fetus);
  view.setUint8(20, judge.level);
  view.setBigInt64(21, BigInt(Math.round(judge.from)), true);
  view.setBigInt64(29, BigInt(Math.round(judge.to)), true);
  view.setUint8(37, reason.length);
  bytes.set(reason, HEADER_BYTES);
  return bytes;
}

function cut(text: string): Uint8Array {
  const bytes = new Uint8Array(REASON_BYTES_MAX);
  const { written } = new TextEncoder().encodeInto(text, bytes);
  return bytes.subarray(0, written);
}
