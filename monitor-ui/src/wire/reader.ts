/** Takes little-endian fields off the front of bytes, with a bound on every step. */
import { WireError } from './wire_error.ts';

/** -2^63. */
const I64_MIN = -(1n << 63n);
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A place in bytes from outside.
 *
 * Every method throws {@link WireError} where the bytes do not hold the field it is asked for.
 */
export class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(count: number, field: string): Uint8Array {
    return this.#bytes.subarray(this.#skip(count, field), this.#at);
  }

  u8(field: string): number {
    return this.#view.getUint8(this.#skip(1, field));
  }

  u16(field: string): number {
    return this.#view.getUint16(this.#skip(2, field), true);
  }

  u32(field: string): number {
    return this.#view.getUint32(this.#skip(4, field), true);
  }

  i32(field: string): number {
    return this.#view.getInt32(this.#skip(4, field), true);
  }

  /** All 64 bits. */
  u64(field: string): bigint {
    return this.#view.getBigUint64(this.#skip(8, field), true);
  }

  /** A count of 64 bits that a number holds exactly; larger ones are refused. */
  u64Number(field: string): number {
    return exact(this.u64(field), field);
  }

  /** As {@link Reader.u64Number} with a sign: times until the year 2255. */
  i64Number(field: string): number {
    return exact(this.#view.getBigInt64(this.#skip(8, field), true), field);
  }

  /** As {@link Reader.i64Number}; the least number that there is stands for none. */
  i64NumberOrNone(field: string): number | undefined {
    const value = this.#view.getBigInt64(this.#skip(8, field), true);
    return value === I64_MIN ? undefined : exact(value, field);
  }

  u128(field: string): bigint {
    const low = this.u64(field);
    return low | (this.u64(field) << 64n);
  }

  /** A text behind its length in one byte. */
  text(field: string): string {
    const bytes = this.take(this.u8(field), field);
    try {
      return UTF8.decode(bytes);
    } catch {
      throw new WireError({ kind: 'value', field, value: bytes.length });
    }
  }

  /** A text of at most so many bytes. */
  label(max: number, field: string): string {
    const length = this.#view.getUint8(this.#skip(1, field));
    if (length > max) throw new WireError({ kind: 'value', field, value: length });
    this.#at -= 1;
    return this.text(field);
  }

  /** Refuses bytes that are left over. */
  finish(): void {
    const bytes = this.#bytes.length - this.#at;
    if (bytes > 0) throw new WireError({ kind: 'trailing', bytes });
  }

  #skip(count: number, field: string): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw new WireError({ kind: 'truncated', field });
    this.#at = at + count;
    return at;
  }
}

function exact(value: bigint, field: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new WireError({ kind: 'value', field, value });
  return number;
}
