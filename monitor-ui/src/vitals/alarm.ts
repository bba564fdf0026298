/**
 * Alarms and pauses as the region tells a wall of them, and what staff do about them.
 *
 * A wall shows and sounds them; it raises, latches and ends none. Words are in the order of
 * their codes on the wire, which count from 1.
 */
import type { Brand } from './brand.ts';
import type { FetusNumber } from './finding.ts';
import type { RegionTime } from './time.ts';

/** The number of an alarm at its region; not 0. */
export type AlarmId = Brand<bigint, 'alarm'>;

/** Where an alarm is in its life: it holds and nobody has seen it; over and not seen; seen; history. */
export const ALARM_STAGES = ['active', 'latched', 'acknowledged', 'resolved'] as const;
/** Where an alarm is in its life. */
export type AlarmStage = (typeof ALARM_STAGES)[number];

/** What can be wrong. */
export const ALARM_KINDS = [
  'level5',
  'severeBradycardia',
  'level4',
  'level3',
  'bradycardia',
  'tachycardia',
  'tachysystole',
  'maternalCoincidence',
  'maternalDoubled',
  'twinsCoincide',
  'signalLost',
  'signalPoor',
  'linkLost',
  'silent',
  'deviceFault',
  'analysisAbsent',
] as const;
/** What is wrong. */
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** How soon somebody has to respond: to be aware of, soon, at once. */
export const ALARM_PRIORITIES = ['low', 'medium', 'high'] as const;
/** How soon somebody has to respond. */
export type AlarmPriority = (typeof ALARM_PRIORITIES)[number];

/** Who is called: the midwife in charge, the doctor of the house, the obstetrician of the centre. */
export const ALARM_ROLES = ['midwife', 'facilityDoctor', 'centreObstetrician'] as const;
/** Who is called. */
export type AlarmRole = (typeof ALARM_ROLES)[number];

/** What is done about it, as the Japanese guideline codes it: from routine observation to delivery. */
export const ALARM_ACTIONS = ['A', 'B', 'C', 'D'] as const;
/** What is done about it. */
export type AlarmAction = (typeof ALARM_ACTIONS)[number];

/** What else is to be known of an alarm; bits of the wire. */
export const AlarmFlag = {
  /** Staff marked it as an artefact. */
  invalid: 1 << 0,
  /** Its priority rose. */
  promoted: 1 << 1,
  /** To be read as a digest, without a sound of its own. */
  digest: 1 << 2,
  /** Acknowledged with a reason only. */
  reason: 1 << 3,
  /** Resolved because another monitoring began at its bed. */
  otherEpisode: 1 << 4,
  /** Nobody has reviewed the rules that made it. */
  unreviewed: 1 << 5,
} as const;
/** All bits of {@link AlarmFlag} that have a meaning. */
export const ALARM_FLAGS_KNOWN = (1 << 6) - 1;

/** Somebody has seen an alarm. */
export interface Acknowledged {
  readonly at: RegionTime;
  /** How long after the alarm, ms. */
  readonly afterMillis: number;
  readonly action: AlarmAction | undefined;
  readonly account: string;
  readonly screen: string;
  /** May be empty. */
  readonly reason: string;
}

/** An alarm of the region. */
export interface RegionAlarm {
  readonly id: AlarmId;
  /** Rises with each change. */
  readonly revision: number;
  readonly stage: AlarmStage;
  readonly what: AlarmKind;
  readonly priority: AlarmPriority;
  /** `undefined` of the bed or the region. */
  readonly fetus: FetusNumber | undefined;
  /** Who is called. */
  readonly role: AlarmRole;
  /** Bits of {@link AlarmFlag}. */
  readonly flags: number;
  /** How often the condition came back before somebody saw it. */
  readonly returns: number;
  /** Whose monitoring it is of; `undefined` of the bed whoever lies in it. */
  readonly episode: bigint | undefined;
  /** When the condition began. */
  readonly since: RegionTime;
  readonly raisedAt: RegionTime;
  /** When the condition was over; `undefined` while it holds. */
  readonly endedAt: RegionTime | undefined;
  /** Value and limit, to show; may be empty. */
  readonly detail: string;
  readonly acknowledged: Acknowledged | undefined;
}

/** Why a pause is over: its time, a hand, a high alarm, another monitoring. */
export const PAUSE_ENDS = ['elapsed', 'byHand', 'highAlarm', 'otherEpisode'] as const;
/** Why a pause is over. */
export type PauseEnd = (typeof PAUSE_ENDS)[number];

/** A pause of the sound of one bed. */
export interface BedPause {
  /** Why it is over; `undefined` while it runs. */
  readonly over: PauseEnd | undefined;
  readonly at: RegionTime;
  /** When it ends by itself, or ended. */
  readonly until: RegionTime;
  readonly account: string;
  readonly screen: string;
}

/** Longest pause that can be asked for, s. */
export const PAUSE_SECONDS_MAX = 120;

/** Why the region did not do what staff asked for. */
export const REFUSALS = [
  'unknown',
  'already',
  'resolved',
  'reasonMissing',
  'graver',
  'notAllowed',
  'tooLong',
  'noRoom',
] as const;
/** Why the region did not do what staff asked for. */
export type Refusal = (typeof REFUSALS)[number];

/** Whether a flag is set. */
export function hasFlag(alarm: RegionAlarm, flag: keyof typeof AlarmFlag): boolean {
  return (alarm.flags & AlarmFlag[flag]) !== 0;
}
