/** Alarms in plain fields, for tests and for the development server only. */
import { regionTime } from '../src/vitals/index.ts';
import type { AlarmId, RegionAlarm } from '../src/vitals/index.ts';

/** A severe bradycardia that nobody has seen yet, with some of it otherwise. */
export function regionAlarm(some: Omit<Partial<RegionAlarm>, 'id'> & { readonly id?: number }): RegionAlarm {
  return {
    revision: 1,
    stage: 'active',
    what: 'severeBradycardia',
    priority: 'high',
    fetus: 1,
    role: 'midwife',
    flags: 0,
    returns: 0,
    episode: undefined,
    since: regionTime(1_795_392_000_000_000),
    raisedAt: regionTime(1_795_392_060_000_000),
    endedAt: undefined,
    detail: 'FHR1 72 < 80',
    acknowledged: undefined,
    ...some,
    id: BigInt(some.id ?? 1) as AlarmId,
  };
}
