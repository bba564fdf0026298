/** Fields that several records share, each with its check. */
import { bridgeTime } from '../vitals/index.ts';
import type { BridgeTime, Level } from '../vitals/index.ts';
import type { Reader } from './reader.ts';
import { WireError } from './wire_error.ts';

/** Most bytes of a name or version inside a record. */
export const LABEL_BYTES_MAX = 64;
const NONE_U16 = 0xffff;

/** A value that a field cannot have. */
export function refused(field: string, value: number | bigint): WireError {
  return new WireError({ kind: 'value', field, value });
}

/** A word by its code, which counts from 1. */
export function coded<Word>(words: readonly Word[], reader: Reader, field: string): Word {
  const code = reader.u8(field);
  const word = words[code - 1];
  if (word === undefined) throw refused(field, code);
  return word;
}

/** As {@link coded}; 0 is none. */
export function codedOrNone<Word>(words: readonly Word[], reader: Reader, field: string): Word | undefined {
  const code = reader.u8(field);
  if (code === 0) return undefined;
  const word = words[code - 1];
  if (word === undefined) throw refused(field, code);
  return word;
}

/** A level of 1 to 5; 0 is none. */
export function levelOrNone(reader: Reader, field: string): Level | undefined {
  const code = reader.u8(field);
  if (code > 5) throw refused(field, code);
  return code === 0 ? undefined : (code as Level);
}

/** A number of 16 bits in steps of one part of `per`, or none. */
export function optionalU16(reader: Reader, per: number, field: string): number | undefined {
  const count = reader.u16(field);
  return count === NONE_U16 ? undefined : count / per;
}

/** A share of 0 to 100. */
export function percent(reader: Reader, field: string): number {
  const value = reader.u8(field);
  if (value > 100) throw refused(field, value);
  return value;
}

/** Bytes that are 0 until a later version gives them a meaning. */
export function reserved(reader: Reader, count: number): void {
  const byte = reader.take(count, 'reserved').find((each) => each !== 0);
  if (byte !== undefined) throw refused('reserved', byte);
}

/** A start and an end that does not lie before it. */
export function span(reader: Reader): { readonly from: BridgeTime; readonly to: BridgeTime } {
  const from = bridgeTime(reader.i64Number('from'));
  const to = bridgeTime(reader.i64Number('to'));
  if (to < from) throw refused('to', to);
  return { from, to };
}
