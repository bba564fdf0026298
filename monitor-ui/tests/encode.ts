/**
 * The region's side of the wire, for tests and for the development server only.
 *
 * Written from the byte tables and held against the golden files, like the decoders.
 */
import { crc32, FrameKind } from '../src/wire/index.ts';
import type { BridgeLink, SiteKind } from '../src/wire/index.ts';
import type { Activity, Bpm, Reading, Second } from '../src/vitals/index.ts';

/** A block in plain numbers. */
export interface PlainBlock {
  readonly device: string;
  readonly epoch: bigint;
  readonly seq: number;
  readonly episode: bigint;
  readonly tick: number;
  readonly at: number;
  readonly builtAt: number;
  readonly second: Second;
}

/** A block on its way to a wall, in plain numbers. */
export interface PlainEntry {
  readonly track: number;
  readonly marks: number;
  readonly receivedAt: number;
  readonly block: Uint8Array;
}

/** A track of a roster, in plain numbers. */
export interface PlainTrack {
  readonly track: number;
  readonly link: BridgeLink;
  readonly since: number;
  readonly clockOffsetMicros: number;
  readonly site: SiteKind;
  readonly bridge: string;
  readonly device: string;
  readonly facility: string;
  readonly bed: string;
}

export function encodeBlock(block: PlainBlock): Uint8Array {
  const out = new Writer();
  const { second } = block;
  const name = new TextEncoder().encode(block.device);
  out.u8(1).u8(name.length).u16(second.flags).u64(block.epoch).u64(BigInt(block.seq));
  out.u64(block.episode & 0xffff_ffff_ffff_ffffn).u64(block.episode >> 64n);
  out.u64(BigInt(block.tick)).i64(block.at).i64(block.builtAt);
  const { fhr1, fhr2, mhr, ua } = second.transducers;
  out.u8(fhr1).u8(fhr2).u8(mhr).u8(ua);
  out.u8(second.movement.reduceRight((bits, movement) => (bits << 2) | movement, 0)).u8(0);
  for (const rates of [second.fhr1, second.fhr2, second.mhr]) {
    for (const reading of rates) out.u16(word<Bpm>(reading, (value) => value * 4));
  }
  for (const reading of second.ua) out.u16(word<Activity>(reading, (value) => value * 2));
  out.raw(name);
  return out.u32(crc32(out.bytes())).bytes();
}

export function encodeBlocks(now: number, entries: readonly PlainEntry[]): Uint8Array {
  const out = new Writer().u8(FrameKind.blocks).i64(now).u16(entries.length);
  for (const entry of entries) {
    out.u16(entry.track).u8(entry.marks).i64(entry.receivedAt).u8(entry.block.length);
    out.raw(entry.block);
  }
  return out.bytes();
}

export function encodeRoster(now: number, tracks: readonly PlainTrack[]): Uint8Array {
  const out = new Writer().u8(FrameKind.roster).i64(now).u16(tracks.length);
  for (const track of tracks) {
    out.u16(track.track).u8(track.link === 'up' ? 1 : 0).i64(track.since);
    out.i64(track.clockOffsetMicros);
    out.u8(['clinic', 'centre', 'ambulance', 'home'].indexOf(track.site));
    out.text(track.bridge).text(track.device).text(track.facility).text(track.bed);
  }
  return out.bytes();
}

export function encodeBeat(now: number, beat: number): Uint8Array {
  return new Writer().u8(FrameKind.beat).i64(now).u32(beat).bytes();
}

export function encodeMissed(now: number, count: number): Uint8Array {
  return new Writer().u8(FrameKind.missed).i64(now).u32(count).bytes();
}

function word<Value>(reading: Reading<Value>, count: (value: Value) => number): number {
  if (reading.kind === 'absent') return (1 << 15) | reading.why;
  return (reading.quality << 13) | count(reading.value);
}

/** Collects little-endian fields. */
export class Writer {
  readonly #out: number[] = [];

  u8(value: number): this {
    this.#out.push(value & 0xff);
    return this;
  }

  u16(value: number): this {
    return this.u8(value).u8(value >> 8);
  }

  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16);
  }

  i32(value: number): this {
    return this.u32(value >>> 0);
  }

  u64(value: bigint): this {
    for (let i = 0n; i < 8n; i += 1n) this.u8(Number((value >> (8n * i)) & 0xffn));
    return this;
  }

  i64(value: number): this {
    return this.u64(BigInt.asUintN(64, BigInt(Math.trunc(value))));
  }

  raw(bytes: Uint8Array): this {
    this.#out.push(...bytes);
    return this;
  }

  text(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u8(bytes.length).raw(bytes);
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#out);
  }
}
