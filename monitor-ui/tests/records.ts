/** Small records of the analysis for tests, in as few words as they allow. */
import { bridgeTime, regionTime } from '../src/vitals/index.ts';
import type { Assessment, BridgeTime, Finding, FindingId, PlacedAssessment, PlacedFinding, RecordState } from '../src/vitals/index.ts';
import type { Episode, Publication } from '../src/wire/index.ts';
import { encodePublication } from './encode_analysis.ts';

/** What a test says about a record; the rest is quiet. */
export interface SaidRecord {
  readonly id?: number;
  readonly revision?: number;
  readonly state?: RecordState;
  readonly fetus?: 1 | 2;
  readonly episode?: number;
  /** Seconds. */
  readonly from?: number;
  readonly to?: number;
}

/** A mild late deceleration of 60 s, unless said otherwise. */
export function findingBody(said: SaidRecord, more: Partial<Finding<BridgeTime>> = {}): Finding<BridgeTime> {
  const from = said.from ?? 100;
  const to = said.to ?? from + 60;
  return {
    kind: 'late',
    severity: 'mild',
    profiles: ['definition', 'expert'],
    likelihoodPercent: 80,
    lostPercent: 0,
    value: 120,
    depthBpm: 14,
    fallSeconds: 32,
    areaBpmSeconds: 400,
    from: bridgeTime(from * 1_000_000),
    to: bridgeTime(to * 1_000_000),
    extremeAt: bridgeTime(((from + to) / 2) * 1_000_000),
    lagSeconds: undefined,
    contraction: undefined,
    ...more,
  };
}

/** Level 1 of ten minutes, unless said otherwise. */
export function assessmentBody(said: SaidRecord, more: Partial<Assessment<BridgeTime>> = {}): Assessment<BridgeTime> {
  const from = said.from ?? 0;
  const to = said.to ?? from + 600;
  return {
    span: 'block',
    jsog: 1,
    shown: 1,
    figo: 'normal',
    nichd: 'I',
    nst: undefined,
    variability: 'normal',
    caveats: 0,
    lostPercent: 0,
    from: bridgeTime(from * 1_000_000),
    to: bridgeTime(to * 1_000_000),
    baselineBpm: 140,
    baselineRawBpm: 140,
    bandwidthBpm: 10,
    shortTermMs: 6,
    longTermMs: 30,
    contractions: 3,
    baselineAgeSeconds: 0,
    variabilityAgeSeconds: 0,
    tableHash: '0011223344556677',
    tableVersion: 'jsog',
    engine: 'ctg',
    why: [],
    ...more,
  };
}

/** The bytes of a finding. */
export function findingRecord(said: SaidRecord, more: Partial<Finding<BridgeTime>> = {}): Uint8Array {
  return encodePublication({ ...head(said), kind: 'finding', body: findingBody(said, more) });
}

/** The bytes of an assessment. */
export function assessmentRecord(said: SaidRecord, more: Partial<Assessment<BridgeTime>> = {}): Uint8Array {
  return encodePublication({ ...head(said), kind: 'assessment', body: assessmentBody(said, more) });
}

/** The bytes of a condition that began at `said.from`. */
export function conditionRecord(said: SaidRecord, isActive: boolean): Uint8Array {
  const body = { kind: 'bradycardia', isActive, since: bridgeTime((said.from ?? 0) * 1_000_000), value: 95 } as const;
  return encodePublication({ ...head(said), kind: 'condition', body });
}

/** A finding in its place, where the clocks agree. */
export function placedFinding(said: SaidRecord, more: Partial<Finding<BridgeTime>> = {}): PlacedFinding {
  const body = findingBody(said, more);
  const [from, to, extremeAt] = [regionTime(body.from), regionTime(body.to), regionTime(body.extremeAt)];
  return { ...head(said), ...body, from, to, extremeAt };
}

/** An assessment in its place, where the clocks agree. */
export function placedAssessment(said: SaidRecord, more: Partial<Assessment<BridgeTime>> = {}): PlacedAssessment {
  const body = assessmentBody(said, more);
  return { ...head(said), ...body, from: regionTime(body.from), to: regionTime(body.to) };
}

function head(said: SaidRecord): Pick<Publication, 'fetus' | 'state' | 'revision' | 'id' | 'episode'> {
  return {
    fetus: said.fetus ?? 1,
    state: said.state ?? 'final',
    revision: said.revision ?? 1,
    id: BigInt(said.id ?? 1) as FindingId,
    episode: BigInt(said.episode ?? 1) as Episode,
  };
}
