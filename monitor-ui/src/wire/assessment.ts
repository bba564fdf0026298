/** The body of an assessment. Codes and units are in the table of the crate `protocol`. */
import { CAVEATS_KNOWN, FIGO, NICHD, NST, UNCLASSIFIABLE, VARIABILITIES, WHY } from '../vitals/index.ts';
import type { Assessment, BridgeTime, FindingId, Level, Unclassifiable, Why, WhyName } from '../vitals/index.ts';
import { coded, codedOrNone, LABEL_BYTES_MAX, levelOrNone, optionalU16, percent, refused, reserved, span } from './fields.ts';
import type { Reader } from './reader.ts';

/** Most reasons of one assessment. */
export const WHY_MAX = 12;
const SPANS = ['block', 'rolling'] as const;
const NAMES = new Map<number, WhyName>(
  Object.entries(WHY).map(([name, { code }]) => [code, name as WhyName]),
);

/** Reads the body of an assessment. */
export function readAssessment(reader: Reader): Assessment<BridgeTime> {
  const spanKind = coded(SPANS, reader, 'span');
  const { jsog, shown } = readLevels(reader);
  const figo = codedOrNone(FIGO, reader, 'figo');
  const nichd = codedOrNone(NICHD, reader, 'nichd');
  const nst = codedOrNone(NST, reader, 'nst');
  const variability = codedOrNone(VARIABILITIES, reader, 'variability grade');
  const caveats = reader.u16('flags');
  if ((caveats & ~CAVEATS_KNOWN) !== 0) throw refused('flags', caveats);
  const lostPercent = percent(reader, 'lost share');
  reserved(reader, 1);
  const { from, to } = span(reader);
  return {
    span: spanKind,
    jsog,
    shown,
    figo,
    nichd,
    nst,
    variability,
    caveats,
    lostPercent,
    from,
    to,
    baselineBpm: optionalU16(reader, 1, 'baseline'),
    baselineRawBpm: optionalU16(reader, 4, 'raw baseline'),
    bandwidthBpm: optionalU16(reader, 4, 'bandwidth'),
    shortTermMs: optionalU16(reader, 100, 'short-term variation'),
    longTermMs: optionalU16(reader, 100, 'long-term variation'),
    contractions: optionalU16(reader, 10, 'contractions'),
    baselineAgeSeconds: reader.u16('baseline age'),
    variabilityAgeSeconds: reader.u16('variability age'),
    tableHash: hexadecimal(reader.take(8, 'table hash')),
    tableVersion: reader.label(LABEL_BYTES_MAX, 'table version'),
    engine: reader.label(LABEL_BYTES_MAX, 'engine'),
    why: readWhy(reader),
  };
}

/** A level without a reason, or a reason without a level; never both, never neither. */
function readLevels(reader: Reader): { jsog: Level | Unclassifiable; shown: Level | undefined } {
  const level = levelOrNone(reader, 'jsog');
  const shown = levelOrNone(reader, 'jsog shown');
  const reason = codedOrNone(UNCLASSIFIABLE, reader, 'reason');
  const jsog = level ?? reason;
  if (jsog === undefined || (level !== undefined && reason !== undefined)) throw refused('reason', 0);
  return { jsog, shown };
}

/** A reason whose code has no name yet is left out, as the table asks. */
function readWhy(reader: Reader): readonly Why[] {
  const count = reader.u8('why count');
  if (count > WHY_MAX) throw refused('why count', count);
  const list: Why[] = [];
  for (let i = 0; i < count; i += 1) {
    const name = NAMES.get(reader.u8('why'));
    const finding = reader.u64('finding');
    const number = reader.i32('value');
    if (name === undefined) continue;
    const value = number / WHY[name].per;
    list.push({ name, finding: finding === 0n ? undefined : (finding as FindingId), value });
  }
  return list;
}

function hexadecimal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
