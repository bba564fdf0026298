/** Where a number comes from: which channel, through which transducer. */

/** One measured quantity of one body, as a monitor separates them. */
export type Channel = 'fhr1' | 'fhr2' | 'mhr' | 'ua';

/** A channel that carries a heart rate. */
export type HeartChannel = Exclude<Channel, 'ua'>;

/** Every channel, in the order of the strip from top to bottom. */
export const CHANNELS: readonly Channel[] = ['fhr1', 'fhr2', 'mhr', 'ua'];

/** The channels that carry a heart rate. */
export const HEART_CHANNELS: readonly HeartChannel[] = ['fhr1', 'fhr2', 'mhr'];

/** What listens to a heart; the codes are those of the wire. */
export const HeartTransducer = {
  none: 0,
  ultrasound: 1,
  directEcg: 2,
  maternalEcg: 3,
  external: 4,
  unknown: 7,
} as const;
/** A code of {@link HeartTransducer}. */
export type HeartTransducer = (typeof HeartTransducer)[keyof typeof HeartTransducer];

/** What measures uterine activity: a belt (relative) or a catheter (mmHg); codes of the wire. */
export const ActivityTransducer = {
  none: 0,
  external: 1,
  intraUterine: 2,
  unknown: 7,
} as const;
/** A code of {@link ActivityTransducer}. */
export type ActivityTransducer = (typeof ActivityTransducer)[keyof typeof ActivityTransducer];

/** The transducer of each channel during one second. */
export interface Transducers {
  readonly fhr1: HeartTransducer;
  readonly fhr2: HeartTransducer;
  readonly mhr: HeartTransducer;
  readonly ua: ActivityTransducer;
}

const HEART_CODES: readonly number[] = Object.values(HeartTransducer);
const ACTIVITY_CODES: readonly number[] = Object.values(ActivityTransducer);

/** Reads a wire code; `undefined` for one that is not listed. */
export function heartTransducerFromCode(code: number): HeartTransducer | undefined {
  return HEART_CODES.includes(code) ? (code as HeartTransducer) : undefined;
}

/** Reads a wire code; `undefined` for one that is not listed. */
export function activityTransducerFromCode(code: number): ActivityTransducer | undefined {
  return ACTIVITY_CODES.includes(code) ? (code as ActivityTransducer) : undefined;
}
