/**
 * One record of the analysis: a finding, an assessment, a baseline, a condition, a judgement.
 *
 * ```text
 * offset size  field of every record
 *      0    1  version, 1
 *      1    1  kind: 1 finding, 2 assessment, 3 baseline, 4 condition, 5 judgement
 *      2    1  fetus, 1 or 2
 *      3    1  state: 0 provisional, 1 final, 2 withdrawn
 *      4    4  revision u32: rises with each change of the same id
 *      8    8  id u64, not 0
 *     16   16  episode
 *     32       the body, as the readers below take it; the table of the crate `protocol`
 *              (`analysis.rs`) says each field and its unit
 * ```
 *
 * Times are the bridge's, as those of blocks: a finding belongs to samples, and both are placed
 * with the same correction.
 */
import { bridgeTime, CONDITIONS, JUDGE_ROLES, regionTime } from '../vitals/index.ts';
import type {
  Assessment,
  Baseline,
  BridgeTime,
  Condition,
  FetusNumber,
  Finding,
  FindingId,
  Judgement,
  RecordState,
} from '../vitals/index.ts';
import { readAssessment } from './assessment.ts';
import type { Episode } from './block.ts';
import { coded, LABEL_BYTES_MAX, levelOrNone, refused, reserved, span } from './fields.ts';
import { readFinding } from './finding.ts';
import { Reader } from './reader.ts';
import { WireError } from './wire_error.ts';

/** The version this build reads. */
export const PUBLICATION_VERSION = 1;
/** Most bytes of one record. */
export const PUBLICATION_BYTES_MAX = 640;
/** Most values of one stretch of the baseline. */
export const BASELINE_VALUES_MAX = 240;

/** What a record says, by what it is. */
export interface Bodies<Time> {
  readonly finding: Finding<Time>;
  readonly assessment: Assessment<Time>;
  readonly baseline: Baseline<Time>;
  readonly condition: Condition<Time>;
  readonly judgement: Judgement<Time>;
}
/** What a record is. */
export type RecordKind = keyof Bodies<unknown>;

/** What every record carries. */
export interface RecordHead {
  readonly fetus: FetusNumber;
  readonly state: RecordState;
  /** Rises with each change of the same id. */
  readonly revision: number;
  readonly id: FindingId;
  readonly episode: Episode;
}

/** One record about one fetus of one episode. */
export type Publication = RecordHead &
  { [Kind in RecordKind]: { readonly kind: Kind; readonly body: Bodies<BridgeTime>[Kind] } }[RecordKind];

const KINDS: readonly RecordKind[] = ['finding', 'assessment', 'baseline', 'condition', 'judgement'];
const FETUSES: readonly FetusNumber[] = [1, 2];
const STATES: readonly RecordState[] = ['provisional', 'final', 'withdrawn'];

/**
 * Reads a record that fills `bytes` exactly.
 *
 * Throws {@link WireError} for any byte that its maker would not have written.
 */
export function decodePublication(bytes: Uint8Array): Publication {
  if (bytes.length > PUBLICATION_BYTES_MAX) throw refused('record length', bytes.length);
  const reader = new Reader(bytes);
  const version = reader.u8('version');
  if (version !== PUBLICATION_VERSION) throw new WireError({ kind: 'version', received: version });
  const kind = coded(KINDS, reader, 'kind');
  const fetus = coded(FETUSES, reader, 'fetus');
  const stateCode = reader.u8('state');
  const state = STATES[stateCode];
  if (state === undefined) throw refused('state', stateCode);
  const revision = reader.u32('revision');
  const id = reader.u64('id') as FindingId;
  if (id === 0n) throw refused('id', 0);
  const episode = reader.u128('episode') as Episode;
  const publication = { fetus, state, revision, id, episode, ...readBody(kind, reader) };
  reader.finish();
  return publication;
}

function readBody(kind: RecordKind, reader: Reader) {
  switch (kind) {
    case 'finding':
      return { kind, body: readFinding(reader) };
    case 'assessment':
      return { kind, body: readAssessment(reader) };
    case 'baseline':
      return { kind, body: readBaseline(reader) };
    case 'condition':
      return { kind, body: readCondition(reader) };
    case 'judgement':
      return { kind, body: readJudgement(reader) };
  }
}

function readBaseline(reader: Reader): Baseline<BridgeTime> {
  const from = bridgeTime(reader.i64Number('from'));
  const stepMillis = reader.u32('step');
  if (stepMillis === 0) throw refused('step', 0);
  const count = reader.u16('value count');
  if (count > BASELINE_VALUES_MAX) throw refused('value count', count);
  const bpm = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    const quarters = reader.u16('baseline');
    bpm[i] = quarters === 0 ? NaN : quarters / 4;
  }
  return { from, stepMicros: stepMillis * 1000, bpm };
}

function readCondition(reader: Reader): Condition<BridgeTime> {
  const kind = coded(CONDITIONS, reader, 'condition');
  const active = reader.u8('active');
  if (active > 1) throw refused('active', active);
  reserved(reader, 2);
  const since = bridgeTime(reader.i64Number('since'));
  return { kind, isActive: active === 1, since, value: reader.i32('value') };
}

function readJudgement(reader: Reader): Judgement<BridgeTime> {
  const level = levelOrNone(reader, 'level');
  if (level === undefined) throw refused('level', 0);
  const role = coded(JUDGE_ROLES, reader, 'role');
  reserved(reader, 2);
  const { from, to } = span(reader);
  const at = regionTime(reader.i64Number('at'));
  const account = reader.label(LABEL_BYTES_MAX, 'account');
  return { level, role, from, to, at, account, reason: reader.text('reason') };
}
