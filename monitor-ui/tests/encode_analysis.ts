/**
 * What the analysis publishes, in bytes, for tests and for the development server only.
 *
 * Written from the byte tables and held against the golden files, like the decoders.
 */
import {
  bridgeTime,
  CONDITIONS,
  FIGO,
  FINDING_CODES,
  JUDGE_ROLES,
  NICHD,
  NST,
  regionTime,
  UNCLASSIFIABLE,
  VARIABILITIES,
  WHY,
} from '../src/vitals/index.ts';
import type { Assessment, Baseline, BridgeTime, Finding, FindingId, Level } from '../src/vitals/index.ts';
import { FrameKind } from '../src/wire/index.ts';
import type { AnalystState, Episode, Publication, RecordKind } from '../src/wire/index.ts';
import { Writer } from './encode.ts';

/** A record on its way to a wall. */
export interface PlainRecord {
  readonly track: number;
  readonly record: Uint8Array;
}

const KINDS: readonly RecordKind[] = ['finding', 'assessment', 'baseline', 'condition', 'judgement'];
const NO_LAG = -(2 ** 31);

export function encodeAnalysis(now: number, marks: number, records: readonly PlainRecord[]): Uint8Array {
  const out = new Writer().u8(FrameKind.analysis).i64(now).u8(marks).u16(records.length);
  for (const { track, record } of records) out.u16(track).u16(record.length).raw(record);
  return out.bytes();
}

export function encodeAnalyst(now: number, state: AnalystState, since: number): Uint8Array {
  return new Writer().u8(FrameKind.analyst).i64(now).u8(state === 'present' ? 1 : 0).i64(since).bytes();
}

/** The record that a region makes of a judge frame. */
export function decodeJudge(frame: Uint8Array, by: { id: bigint; at: number; account: string }): PlainRecord {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const time = (offset: number) => bridgeTime(Number(view.getBigInt64(offset, true)));
  const record = encodePublication({
    kind: 'judgement',
    fetus: view.getUint8(19) === 2 ? 2 : 1,
    state: 'final',
    revision: 1,
    id: by.id as FindingId,
    episode: (view.getBigUint64(3, true) | (view.getBigUint64(11, true) << 64n)) as Episode,
    body: {
      level: view.getUint8(20) as Level,
      role: 'doctor',
      from: time(21),
      to: time(29),
      at: regionTime(by.at),
      account: by.account,
      reason: new TextDecoder().decode(frame.subarray(38)),
    },
  });
  return { track: view.getUint16(1, true), record };
}

export function encodePublication(publication: Publication): Uint8Array {
  const { kind, fetus, state, revision, id, episode } = publication;
  const out = new Writer().u8(1).u8(KINDS.indexOf(kind) + 1).u8(fetus);
  out.u8(['provisional', 'final', 'withdrawn'].indexOf(state)).u32(revision).u64(id);
  out.u64(episode & 0xffff_ffff_ffff_ffffn).u64(episode >> 64n);
  switch (kind) {
    case 'finding':
      putFinding(out, publication.body);
      break;
    case 'assessment':
      putAssessment(out, publication.body);
      break;
    case 'baseline':
      putBaseline(out, publication.body);
      break;
    case 'condition': {
      const { body } = publication;
      out.u8(CONDITIONS.indexOf(body.kind) + 1).u8(body.isActive ? 1 : 0).u16(0);
      out.i64(body.since).i32(body.value);
      break;
    }
    case 'judgement': {
      const { body } = publication;
      out.u8(body.level).u8(JUDGE_ROLES.indexOf(body.role) + 1).u16(0);
      out.i64(body.from).i64(body.to).i64(body.at).text(body.account).text(body.reason);
    }
  }
  return out.bytes();
}

function putFinding(out: Writer, finding: Finding<BridgeTime>): void {
  const per = finding.kind === 'contraction' ? 2 : 4;
  const profiles = finding.profiles.reduce((bits, profile) => bits | (profile === 'definition' ? 1 : 2), 0);
  out.u8(FINDING_CODES[finding.kind]).u8(codeOf(['mild', 'severe'], finding.severity)).u8(profiles);
  out.u8(finding.likelihoodPercent).u8(finding.lostPercent).u8(0);
  out.u16(count(finding.value, per)).u16(count(finding.depthBpm, 4)).u16(count(finding.fallSeconds, 4));
  out.u32(finding.areaBpmSeconds).i64(finding.from).i64(finding.to).i64(finding.extremeAt);
  out.i32(finding.lagSeconds === undefined ? NO_LAG : Math.round(finding.lagSeconds * 1000));
  out.u32(0).u64(finding.contraction ?? 0n);
}

function putAssessment(out: Writer, body: Assessment<BridgeTime>): void {
  const isLevel = typeof body.jsog === 'number';
  out.u8(body.span === 'block' ? 1 : 2).u8(isLevel ? (body.jsog as number) : 0).u8(body.shown ?? 0);
  out.u8(isLevel ? 0 : codeOf(UNCLASSIFIABLE, body.jsog));
  out.u8(codeOf(FIGO, body.figo)).u8(codeOf(NICHD, body.nichd)).u8(codeOf(NST, body.nst));
  out.u8(codeOf(VARIABILITIES, body.variability)).u16(body.caveats).u8(body.lostPercent).u8(0);
  out.i64(body.from).i64(body.to).u16(count(body.baselineBpm, 1)).u16(count(body.baselineRawBpm, 4));
  out.u16(count(body.bandwidthBpm, 4)).u16(count(body.shortTermMs, 100)).u16(count(body.longTermMs, 100));
  out.u16(count(body.contractions, 10)).u16(body.baselineAgeSeconds).u16(body.variabilityAgeSeconds);
  out.raw(Uint8Array.from(Buffer.from(body.tableHash, 'hex'))).text(body.tableVersion).text(body.engine);
  out.u8(body.why.length);
  for (const { name, finding, value } of body.why) {
    out.u8(WHY[name].code).u64(finding ?? 0n).i32(Math.round(value * WHY[name].per));
  }
}

function putBaseline(out: Writer, { from, stepMicros, bpm }: Baseline<BridgeTime>): void {
  out.i64(from).u32(stepMicros / 1000).u16(bpm.length);
  for (const value of bpm) out.u16(Number.isNaN(value) ? 0 : Math.round(value * 4));
}

function codeOf(words: readonly unknown[], word: unknown): number {
  return word === undefined ? 0 : words.indexOf(word) + 1;
}

function count(value: number | undefined, per: number): number {
  return value === undefined ? 0xffff : Math.round(value * per);
}
