/** What the analysis saw on a strip: events and artefacts, and the baseline they are judged by. */
import type { Brand } from './brand.ts';

/** Names a record among those of its episode, fetus and kind. All 64 bits matter. */
export type FindingId = Brand<bigint, 'finding'>;

/** Which of two fetuses a record speaks of. */
export type FetusNumber = 1 | 2;

/** What was found. */
export type FindingKind =
  | 'acceleration'
  | 'early'
  | 'variable'
  | 'late'
  | 'prolonged'
  | 'unknown'
  | 'contraction'
  | 'doubled'
  | 'halved'
  | 'spike'
  | 'maternalCoincidence'
  | 'maternalDoubled'
  | 'sinusoidal';

/** Every kind with its code on the wire. */
export const FINDING_CODES: Readonly<Record<FindingKind, number>> = {
  acceleration: 0x01,
  early: 0x10,
  variable: 0x11,
  late: 0x12,
  prolonged: 0x13,
  unknown: 0x14,
  contraction: 0x20,
  doubled: 0x30,
  halved: 0x31,
  spike: 0x32,
  maternalCoincidence: 0x33,
  maternalDoubled: 0x34,
  sinusoidal: 0x40,
};

/** How a kind is drawn: each group has its own shape. */
export type FindingGroup = 'acceleration' | 'deceleration' | 'contraction' | 'artefact' | 'sinusoidal';

/** The group of a kind. */
export function groupOf(kind: FindingKind): FindingGroup {
  switch (kind) {
    case 'acceleration':
    case 'contraction':
    case 'sinusoidal':
      return kind;
    case 'early':
    case 'variable':
    case 'late':
    case 'prolonged':
    case 'unknown':
      return 'deceleration';
    case 'doubled':
    case 'halved':
    case 'spike':
    case 'maternalCoincidence':
    case 'maternalDoubled':
      return 'artefact';
  }
}

/** The two degrees of a deceleration in the Japanese table. */
export type Severity = 'mild' | 'severe';

/**
 * Which reading of the strip counts a finding in: the written definitions, which alone grade
 * the levels, or what an expert with a pencil would mark.
 */
export type Profile = 'definition' | 'expert';
/** Every profile. */
export const PROFILES: readonly Profile[] = ['definition', 'expert'];

/** How far a record can be trusted to stay. */
export type RecordState = 'provisional' | 'final' | 'withdrawn';

/** An event or an artefact on the strip; times by whichever clock `Time` names. */
export interface Finding<Time> {
  readonly kind: FindingKind;
  readonly severity: Severity | undefined;
  readonly profiles: readonly Profile[];
  /** How sure the analysis is that an expert would mark it, 0 to 100. */
  readonly likelihoodPercent: number;
  /** Share of its ticks without a value, 0 to 100. */
  readonly lostPercent: number;
  /** Peak or nadir in bpm; of a contraction, its height over the resting tone. */
  readonly value: number | undefined;
  /** How far the value lies from the baseline there, bpm. */
  readonly depthBpm: number | undefined;
  /** From the start to the first bottom, s. */
  readonly fallSeconds: number | undefined;
  /** Between baseline and rate, bpm·s. */
  readonly areaBpmSeconds: number;
  readonly from: Time;
  /** Not inside. */
  readonly to: Time;
  /** When the value was. */
  readonly extremeAt: Time;
  /** Its extreme less the peak of its contraction, s. */
  readonly lagSeconds: number | undefined;
  /** The contraction it is judged against. */
  readonly contraction: FindingId | undefined;
}

/** A stretch of the baseline. */
export interface Baseline<Time> {
  readonly from: Time;
  readonly stepMicros: number;
  /** bpm; `NaN` where there is no baseline. */
  readonly bpm: Float32Array;
}

/** An acceleration that lasts as long as this is prolonged. */
export const PROLONGED_MICROS = 120_000_000;
