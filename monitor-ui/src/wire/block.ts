/**
 * One block: one second of one monitor.
 *
 * ```text
 * offset size  field
 *      0    1  version, 1
 *      1    1  n, length of the device's name, 1..=32
 *      2    2  flags
 *      4    8  epoch: one run of one bridge; rises from run to run
 *     12    8  seq: counts the blocks of this device in this epoch, from 0, without a hole
 *     20   16  episode
 *     36    8  device tick of the first tick, 250 ms each
 *     44    8  at: wall time of the first tick, µs since 1970 UTC, by the bridge's clock
 *     52    8  built_at: when the bridge had the second complete, same clock
 *     60    4  transducers of FHR1, FHR2, MHR, UA
 *     64    1  movement, two bits a tick, the oldest in bits 0-1
 *     65    1  reserved, 0
 *     66   24  FHR1, FHR2, MHR: four ticks each, u16
 *     90    8  UA: four ticks, u16
 *     98    n  the device's name
 *   98+n    4  CRC-32 (ISO-HDLC) of everything before
 * ```
 *
 * A tick: bit 15 clear, quality in bits 14-13, quarters of a bpm in bits 10-0 (never 0) or
 * half units of activity in bits 7-0. Bit 15 set: absent, the reason in bits 7-0, the rest 0.
 *
 * The checksum is verified here, at the last moment before the eye: a byte that was disturbed
 * anywhere between the bridge's disk and this page is refused, never drawn.
 */
import {
  absenceFromCode,
  activityFromHalves,
  activityTransducerFromCode,
  bpmFromQuarters,
  bridgeTime,
  deviceTime,
  FLAGS_KNOWN,
  heartTransducerFromCode,
  qualityFromCode,
  TICKS_PER_SECOND,
} from '../vitals/index.ts';
import type {
  Activity,
  ActivityTransducer,
  Bpm,
  Brand,
  BridgeTime,
  DeviceTime,
  HeartTransducer,
  Reading,
  Second,
} from '../vitals/index.ts';
import { crc32 } from './crc32.ts';
import { deviceName } from './name.ts';
import type { DeviceName } from './name.ts';
import { Reader } from './reader.ts';
import { WireError } from './wire_error.ts';

/** The version this build reads. */
export const BLOCK_VERSION = 1;

/** One run of one bridge; rises from run to run. All 64 bits matter, hence no number. */
export type Epoch = Brand<bigint, 'epoch'>;
/** One woman's monitoring from start to end: opaque, 128 bits. */
export type Episode = Brand<bigint, 'episode'>;

/** One second of one monitor, with everything needed to place it. */
export interface Block {
  readonly device: DeviceName;
  readonly epoch: Epoch;
  /** Counts this device's blocks in this epoch, from 0, without a hole. */
  readonly seq: number;
  readonly episode: Episode;
  /** The device's own count at the first tick. */
  readonly tick: DeviceTime;
  /** When the first tick was, by the bridge's clock. */
  readonly at: BridgeTime;
  /** When the bridge had the second complete, by the same clock. */
  readonly builtAt: BridgeTime;
  readonly second: Second;
}

/**
 * Reads a block that fills `bytes` exactly.
 *
 * Throws {@link WireError} for any byte that a bridge would not have written.
 */
export function decodeBlock(bytes: Uint8Array): Block {
  const body = verifiedBody(bytes);
  const reader = new Reader(body);
  const version = reader.u8('version');
  if (version !== BLOCK_VERSION) throw new WireError({ kind: 'version', received: version });
  const nameBytes = reader.u8('name length');
  const flags = reader.u16('flags');
  if ((flags & ~FLAGS_KNOWN) !== 0) throw refused('flags', flags);
  const epoch = reader.u64('epoch') as Epoch;
  const seq = reader.u64Number('seq');
  const episode = reader.u128('episode') as Episode;
  const tick = deviceTime(reader.u64Number('device tick'));
  const at = bridgeTime(reader.i64Number('at'));
  const builtAt = bridgeTime(reader.i64Number('built_at'));
  const second = readSecond(reader, flags);
  const device = deviceName(ascii(reader.take(nameBytes, 'device name')));
  reader.finish();
  return { device, epoch, seq, episode, tick, at, builtAt, second };
}

function verifiedBody(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 4) throw new WireError({ kind: 'truncated', field: 'checksum' });
  const body = bytes.subarray(0, -4);
  const received = new Reader(bytes.subarray(-4)).u32('checksum');
  const computed = crc32(body);
  if (computed !== received) throw new WireError({ kind: 'checksum', computed, received });
  return body;
}

function readSecond(reader: Reader, flags: number): Second {
  const transducers = {
    fhr1: heartTransducer(reader),
    fhr2: heartTransducer(reader),
    mhr: heartTransducer(reader),
    ua: activityTransducer(reader),
  };
  const bits = reader.u8('movement');
  const movement = [bits & 3, (bits >> 2) & 3, (bits >> 4) & 3, bits >> 6];
  const reserved = reader.u8('reserved');
  if (reserved !== 0) throw refused('reserved', reserved);
  return {
    flags,
    transducers,
    movement,
    fhr1: ticks(reader, heartRate),
    fhr2: ticks(reader, heartRate),
    mhr: ticks(reader, heartRate),
    ua: ticks(reader, activity),
  };
}

function heartTransducer(reader: Reader): HeartTransducer {
  const code = reader.u8('heart transducer');
  const transducer = heartTransducerFromCode(code);
  if (transducer === undefined) throw refused('heart transducer', code);
  return transducer;
}

function activityTransducer(reader: Reader): ActivityTransducer {
  const code = reader.u8('activity transducer');
  const transducer = activityTransducerFromCode(code);
  if (transducer === undefined) throw refused('activity transducer', code);
  return transducer;
}

function ticks<Value>(
  reader: Reader,
  read: (word: number) => Reading<Value>,
): readonly Reading<Value>[] {
  return Array.from({ length: TICKS_PER_SECOND }, () => read(reader.u16('tick')));
}

const ABSENT_BIT = 1 << 15;
const QUALITY_SHIFT = 13;
const VALUE_BITS = (1 << QUALITY_SHIFT) - 1;

// A reading never changes, so each of the few thousand possible words is made into one object
// once: twenty minutes of seven beds would otherwise be 134,000 of them at page load.
const heartRates = new Map<number, Reading<Bpm>>();
const activities = new Map<number, Reading<Activity>>();

function heartRate(word: number): Reading<Bpm> {
  return interned(heartRates, word, 'heart rate', bpmFromQuarters);
}

function activity(word: number): Reading<Activity> {
  return interned(activities, word, 'activity', activityFromHalves);
}

function interned<Value>(
  known: Map<number, Reading<Value>>,
  word: number,
  field: string,
  value: (count: number) => Value | undefined,
): Reading<Value> {
  const before = known.get(word);
  if (before !== undefined) return before;
  const reading = decodeWord(word, value);
  if (reading === undefined) throw refused(field, word);
  known.set(word, reading);
  return reading;
}

function decodeWord<Value>(
  word: number,
  value: (count: number) => Value | undefined,
): Reading<Value> | undefined {
  if ((word & ABSENT_BIT) !== 0) {
    const why = absenceFromCode(word & ~ABSENT_BIT);
    return why === undefined ? undefined : { kind: 'absent', why };
  }
  const quality = qualityFromCode(word >> QUALITY_SHIFT);
  const measured = value(word & VALUE_BITS);
  if (quality === undefined || measured === undefined) return undefined;
  return { kind: 'measured', value: measured, quality };
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function refused(field: string, value: number): WireError {
  return new WireError({ kind: 'value', field, value });
}
