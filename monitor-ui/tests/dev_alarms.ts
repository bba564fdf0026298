/**
 * The alarms of the made-up region: a ward with some of every kind, and answers to what walls ask.
 *
 * It plays what it is told and judges nothing; the real life of alarms is the region's.
 */
import { AlarmFlag, ALARM_KINDS, ALARM_PRIORITIES, hasFlag, PAUSE_SECONDS_MAX, REFUSALS, regionTime } from '../src/vitals/index.ts';
import type { BedPause, Refusal, RegionAlarm } from '../src/vitals/index.ts';
import { REGION_TRACK, SetMark } from '../src/wire/index.ts';
import { regionAlarm } from './alarms.ts';
import { decodeAttend, encodeAlarm, encodeAlerts, encodeBedPause, encodeRefused } from './encode_alert.ts';
import type { Attend } from './encode_alert.ts';
import type { PlainRecord } from './encode_analysis.ts';

/** How far a wall has been told. */
export interface Told {
  set: number;
  changes: number;
}

type Some = Omit<Parameters<typeof regionAlarm>[0], 'id'>;

/** Who works at the made-up region. */
const ACCOUNT = 'demo';
const SCREEN = 'desk-1';
const FRAME_RECORDS = 20;

/** The alarms of a region that does as it is told. */
export class DevAlarms {
  readonly #now: () => number;
  readonly #alarms = new Map<bigint, { readonly track: number; readonly alarm: RegionAlarm }>();
  readonly #pauses = new Map<number, BedPause>();
  #changes: PlainRecord[] = [];
  /** Counts whole sets: a wall that was told of an older one is told anew. */
  #set = 1;
  #nextId = 1;
  #mood: Refusal | 'deaf' | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Obeys `POST /api/dev/alarms`. */
  obey(order: Readonly<Record<string, unknown>>): void {
    const track = Number(order['track'] ?? 0);
    if (order['play'] === 'none') this.#clear();
    if (order['play'] === 'ward') this.#ward();
    const what = ALARM_KINDS.find((kind) => kind === order['raise']);
    const priority = ALARM_PRIORITIES.find((each) => each === order['priority']) ?? 'medium';
    if (what !== undefined) this.raise(track, { what, priority, detail: String(order['detail'] ?? ''), flags: Number(order['flags'] ?? 0) });
    if (order['end'] === true) this.#change(track, (alarm) => this.#over(alarm));
    if (order['promote'] === true) this.#change(track, (alarm) => ({ ...alarm, priority: 'high', flags: alarm.flags | AlarmFlag.promoted, role: 'facilityDoctor' }));
    this.#mood = REFUSALS.find((why) => why === order['refuse']) ?? (order['refuse'] === 'deaf' ? 'deaf' : undefined);
  }

  /** Raises an alarm at a bed; a high one ends its pause. */
  raise(track: number, some: Some): void {
    const now = regionTime(this.#now());
    this.#put(track, regionAlarm({ since: now, raisedAt: now, detail: '', ...some, id: this.#nextId }));
    this.#nextId += 1;
    if (some.priority === 'high') this.#endPause(track, 'highAlarm');
  }

  /** What a wall has not been told yet. */
  news(told: Told): Uint8Array[] {
    for (const [track, pause] of this.#pauses) if (pause.over === undefined && pause.until <= this.#now()) this.#endPause(track, 'elapsed');
    const isWhole = told.set !== this.#set;
    const records = isWhole ? this.#whole() : this.#changes.slice(told.changes);
    told.set = this.#set;
    told.changes = this.#changes.length;
    if (isWhole && records.length === 0) return [encodeAlerts(this.#now(), SetMark.begins | SetMark.ends, [])];
    const frames: Uint8Array[] = [];
    for (let at = 0; at < records.length; at += FRAME_RECORDS) {
      const isLast = at + FRAME_RECORDS >= records.length;
      const marks = isWhole ? (at === 0 ? SetMark.begins : 0) | (isLast ? SetMark.ends : 0) : 0;
      frames.push(encodeAlerts(this.#now(), marks, records.slice(at, at + FRAME_RECORDS)));
    }
    return frames;
  }

  /** Takes what a wall asks for; the answer, where it is a refusal. */
  hear(frame: Uint8Array): Uint8Array | undefined {
    const request = decodeAttend(frame);
    if (request === undefined || this.#mood === 'deaf') return undefined;
    const why = this.#mood ?? this.#attend(request);
    return why === undefined ? undefined : encodeRefused(this.#now(), request, why);
  }

  #attend(request: Attend): Refusal | undefined {
    if (request.what === 'pause') return this.#pause(request.track, request.seconds);
    const known = this.#alarms.get(request.alarm);
    if (known === undefined) return 'unknown';
    const { track, alarm } = known;
    if (alarm.stage === 'resolved') return 'resolved';
    if (request.what === 'invalid') {
      if (hasFlag(alarm, 'invalid')) return 'already';
      this.#put(track, { ...alarm, revision: alarm.revision + 1, flags: alarm.flags | AlarmFlag.invalid });
      return undefined;
    }
    if (alarm.acknowledged !== undefined) return 'already';
    if (hasFlag(alarm, 'reason') && request.reason.trim() === '') return 'reasonMissing';
    if (ALARM_PRIORITIES.indexOf(request.seen ?? 'low') < ALARM_PRIORITIES.indexOf(alarm.priority)) return 'graver';
    const at = regionTime(this.#now());
    const afterMillis = Math.max(0, Math.round((at - alarm.raisedAt) / 1000));
    const acknowledged = { at, afterMillis, action: request.action, account: ACCOUNT, screen: SCREEN, reason: request.reason };
    const stage = alarm.endedAt === undefined ? 'acknowledged' : 'resolved';
    this.#put(track, { ...alarm, revision: alarm.revision + 1, stage, acknowledged });
    return undefined;
  }

  #pause(track: number, seconds: number): Refusal | undefined {
    if (seconds > PAUSE_SECONDS_MAX) return 'tooLong';
    const isRunning = this.#pauses.get(track)?.over === undefined && this.#pauses.has(track);
    if (seconds === 0) this.#endPause(track, 'byHand');
    else if (isRunning) return 'already';
    else {
      const at = regionTime(this.#now());
      this.#putPause(track, { over: undefined, at, until: regionTime(at + seconds * 1_000_000), account: ACCOUNT, screen: SCREEN });
    }
    return undefined;
  }

  #over(alarm: RegionAlarm): RegionAlarm {
    const isSeen = alarm.acknowledged !== undefined;
    return { ...alarm, endedAt: regionTime(this.#now()), stage: isSeen ? 'resolved' : 'latched' };
  }

  #change(track: number, change: (alarm: RegionAlarm) => RegionAlarm): void {
    for (const known of [...this.#alarms.values()]) {
      if (known.track !== track || known.alarm.stage === 'resolved') continue;
      this.#put(track, { ...change(known.alarm), revision: known.alarm.revision + 1 });
    }
  }

  #put(track: number, alarm: RegionAlarm): void {
    this.#alarms.set(alarm.id, { track, alarm });
    this.#changes.push({ track, record: encodeAlarm(alarm) });
  }

  #putPause(track: number, pause: BedPause): void {
    this.#pauses.set(track, pause);
    this.#changes.push({ track, record: encodeBedPause(pause) });
  }

  #endPause(track: number, over: NonNullable<BedPause['over']>): void {
    const pause = this.#pauses.get(track);
    if (pause?.over !== undefined || pause === undefined) return;
    this.#putPause(track, { ...pause, over, until: regionTime(this.#now()) });
  }

  #whole(): PlainRecord[] {
    const alarms = [...this.#alarms.values()].map(({ track, alarm }) => ({ track, record: encodeAlarm(alarm) }));
    return [...alarms, ...[...this.#pauses].map(([track, pause]) => ({ track, record: encodeBedPause(pause) }))];
  }

  #clear(): void {
    this.#alarms.clear();
    this.#pauses.clear();
    this.#changes = [];
    this.#set += 1;
  }

  /** Some of everything: each priority, each stage, and one of the whole region. */
  #ward(): void {
    this.#clear();
    const ago = (seconds: number) => regionTime(this.#now() - seconds * 1_000_000);
    const { reason, unreviewed, promoted, digest, invalid } = AlarmFlag;
    const seen = { at: ago(610), afterMillis: 35_000, action: 'B', account: 'suzuki', screen: 'desk-2', reason: '' } as const;
    const ward: readonly (readonly [number, Some])[] = [
      [1, { detail: '', what: 'level5', role: 'facilityDoctor', flags: reason | unreviewed, since: ago(95), raisedAt: ago(80) }],
      [1, { detail: '', what: 'level4', flags: unreviewed | promoted, since: ago(500), raisedAt: ago(500) }],
      [4, { what: 'bradycardia', priority: 'medium', stage: 'latched', detail: 'FHR1 104 < 110', since: ago(420), raisedAt: ago(360), endedAt: ago(130), returns: 2 }],
      [6, { what: 'linkLost', priority: 'medium', fetus: undefined, stage: 'acknowledged', since: ago(660), raisedAt: ago(645), acknowledged: seen }],
      [3, { what: 'maternalCoincidence', priority: 'medium', flags: promoted, detail: '|FHR1 - MHR| < 5', since: ago(190), raisedAt: ago(190) }],
      [2, { what: 'twinsCoincide', priority: 'low', fetus: undefined, since: ago(40), raisedAt: ago(30) }],
      [5, { what: 'signalLost', priority: 'low', flags: invalid, detail: 'FHR1 62 s > 60 s', since: ago(62), raisedAt: ago(2) }],
      [4, { detail: '', what: 'level3', priority: 'low', flags: digest | unreviewed, since: ago(900), raisedAt: ago(900) }],
      [REGION_TRACK, { what: 'analysisAbsent', priority: 'medium', fetus: undefined, stage: 'acknowledged', since: ago(300), raisedAt: ago(300), acknowledged: { ...seen, at: ago(280), action: undefined, reason: '再起動中' } }],
    ];
    for (const [track, some] of ward) this.raise(track, some);
    this.#pause(4, 100);
  }
}
