/** Levels of some minutes with what they rest on, conditions, and what people judged. */
import type { FindingId } from './finding.ts';
import type { RegionTime } from './time.ts';

/** A level of the Japanese table, 1 normal to 5 severe. */
export type Level = 1 | 2 | 3 | 4 | 5;
/** Every level. */
export const LEVELS: readonly Level[] = [1, 2, 3, 4, 5];

/** Why there is no level. */
export type Unclassifiable = 'lost' | 'baseline' | 'variability' | 'noCell' | 'short';
/** By their codes on the wire, from 1. */
export const UNCLASSIFIABLE: readonly Unclassifiable[] = ['lost', 'baseline', 'variability', 'noCell', 'short'];

/** Categories of FIGO 2015, by their codes from 1. */
export const FIGO = ['normal', 'suspicious', 'pathological'] as const;
/** A category of FIGO 2015. */
export type Figo = (typeof FIGO)[number];

/** Categories of NICHD 2008, by their codes from 1. */
export const NICHD = ['I', 'II', 'III'] as const;
/** A category of NICHD 2008. */
export type Nichd = (typeof NICHD)[number];

/** How a non-stress test stands, by the codes from 1. */
export const NST = ['reactive', 'notYet', 'nonReactive'] as const;
/** How a non-stress test stands. */
export type Nst = (typeof NST)[number];

/** Grades of variability, by their codes from 1. */
export const VARIABILITIES = ['absent', 'decreased', 'normal', 'increased'] as const;
/** A grade of variability. */
export type VariabilityGrade = (typeof VARIABILITIES)[number];

/** What must be known beside a level; bits of the wire. */
export const Caveat = {
  baselineCarried: 1 << 0,
  variabilityCarried: 1 << 1,
  loss: 1 << 2,
  /** The shown level differs from the table's: 要確認. */
  toBeChecked: 1 << 3,
  tableUnreviewed: 1 << 4,
  backgroundRisk: 1 << 5,
  sinusoidal: 1 << 6,
  noUterineActivity: 1 << 7,
  under32Weeks: 1 << 8,
  gestationUnknown: 1 << 9,
  /** Less was read of the hour before than there was, as after a restart. */
  historyShort: 1 << 10,
} as const;
/** All bits of {@link Caveat}. */
export const CAVEATS_KNOWN = (1 << 11) - 1;

/** Every reason of a level with its code on the wire, and the step of its number there. */
export const WHY = {
  baseline: { code: 0x01, per: 1 },
  variability: { code: 0x02, per: 4 },
  sinusoidal: { code: 0x03, per: 1 },
  baselineCarried: { code: 0x04, per: 1 },
  variabilityCarried: { code: 0x05, per: 1 },
  noDeceleration: { code: 0x10, per: 1 },
  early: { code: 0x11, per: 4 },
  variableMild: { code: 0x12, per: 4 },
  variableSevere: { code: 0x13, per: 4 },
  lateMild: { code: 0x14, per: 4 },
  lateSevere: { code: 0x15, per: 4 },
  prolongedMild: { code: 0x16, per: 4 },
  prolongedSevere: { code: 0x17, per: 4 },
  unknownAsLate: { code: 0x18, per: 4 },
  backgroundRisk: { code: 0x20, per: 1 },
  displayRule: { code: 0x21, per: 1 },
  increasedOnBradycardia: { code: 0x22, per: 1 },
  noCell: { code: 0x23, per: 1 },
  specialCause: { code: 0x24, per: 1 },
  signalLost: { code: 0x30, per: 1 },
  baselineUndetermined: { code: 0x31, per: 1 },
  variabilityUndetermined: { code: 0x32, per: 1 },
  stripTooShort: { code: 0x33, per: 1 },
  figoBaseline: { code: 0x40, per: 1 },
  figoVariability: { code: 0x41, per: 1 },
  figoDecelerations: { code: 0x42, per: 1 },
  figoSinusoidal: { code: 0x43, per: 1 },
  nichdBaseline: { code: 0x50, per: 1 },
  nichdVariability: { code: 0x51, per: 4 },
  nichdDecelerations: { code: 0x52, per: 1 },
  nichdSinusoidal: { code: 0x53, per: 1 },
  nichdDecelerationsUncounted: { code: 0x54, per: 1 },
  nstAccelerations: { code: 0x60, per: 1 },
  nstDecelerations: { code: 0x61, per: 1 },
  nstSignalLost: { code: 0x62, per: 1 },
} as const;
/** The name of a reason. */
export type WhyName = keyof typeof WHY;

/** One reason of an assessment. */
export interface Why {
  readonly name: WhyName;
  /** The finding behind it. */
  readonly finding: FindingId | undefined;
  /** In the natural unit of the reason: bpm, s, min, percent, a count; 0 where it has none. */
  readonly value: number;
}

/** The machine's levels of some minutes. */
export interface Assessment<Time> {
  /** A clock-aligned block for the record, or the last minutes up to `to`. */
  readonly span: 'block' | 'rolling';
  /** The level of the table, or why there is none. */
  readonly jsog: Level | Unclassifiable;
  /** What the display rule makes of it. */
  readonly shown: Level | undefined;
  readonly figo: Figo | undefined;
  readonly nichd: Nichd | undefined;
  readonly nst: Nst | undefined;
  readonly variability: VariabilityGrade | undefined;
  /** Bits of {@link Caveat}. */
  readonly caveats: number;
  readonly lostPercent: number;
  readonly from: Time;
  /** Not inside. */
  readonly to: Time;
  /** Rounded to 5 bpm: the graded one; and as it was before. */
  readonly baselineBpm: number | undefined;
  readonly baselineRawBpm: number | undefined;
  readonly bandwidthBpm: number | undefined;
  readonly shortTermMs: number | undefined;
  readonly longTermMs: number | undefined;
  /** In ten minutes; `undefined` where they are not recorded. */
  readonly contractions: number | undefined;
  readonly baselineAgeSeconds: number;
  readonly variabilityAgeSeconds: number;
  /** First bytes of the table's hash, in hexadecimal digits. */
  readonly tableHash: string;
  readonly tableVersion: string;
  readonly engine: string;
  /** The weightiest first. */
  readonly why: readonly Why[];
}

/** Whether a part of the reading comes from earlier minutes. */
export function isCarried(assessment: Pick<Assessment<unknown>, 'caveats'>): boolean {
  return (assessment.caveats & (Caveat.baselineCarried | Caveat.variabilityCarried)) !== 0;
}

/** Physiological conditions, by their codes from 1. */
export const CONDITIONS = [
  'bradycardia',
  'tachycardia',
  'tachysystole',
  'maternalCoincidence',
  'maternalDoubled',
  'signalPoor',
  'level3',
  'level4',
  'level5',
  'sinusoidal',
  'prolongedDeceleration',
  'notClassifiable',
  'twinsCoincide',
  'severeBradycardia',
  'signalLost',
] as const;
/** What a condition is. */
export type ConditionKind = (typeof CONDITIONS)[number];

/** Something that holds now, or is over. */
export interface Condition<Time> {
  readonly kind: ConditionKind;
  readonly isActive: boolean;
  readonly since: Time;
  /** In the unit of the condition; 0 where it has none. */
  readonly value: number;
}

/** Who may judge, by their codes from 1. */
export const JUDGE_ROLES = ['doctor', 'midwife', 'obstetrician'] as const;
/** As what a person judged. */
export type JudgeRole = (typeof JUDGE_ROLES)[number];

/** The level that a person gave to some minutes. */
export interface Judgement<Time> {
  readonly level: Level;
  readonly role: JudgeRole;
  readonly from: Time;
  readonly to: Time;
  /** When it was said; the region's clock, whatever the strip's is. */
  readonly at: RegionTime;
  readonly account: string;
  readonly reason: string;
}
