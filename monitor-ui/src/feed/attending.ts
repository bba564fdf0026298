/**
 * The alarms of one region and what this wall asked about them. Sans-IO.
 *
 * In: frames of alarms, refusals, requests, the time. Out: what is known, the bytes of a request,
 * how it stands with each. A request counts when its record comes, and not before.
 */
import { hasFlag } from '../vitals/index.ts';
import type { DisplayTime, Refusal } from '../vitals/index.ts';
import { encodeAcknowledge, encodeMarkInvalid, encodePause, REGION_TRACK, SetMark, WireError } from '../wire/index.ts';
import type { RecordEntry, RefusedRequest, TrackNumber } from '../wire/index.ts';
import { AlarmSet } from './alarm_set.ts';
import { requestKey, Requests } from './requests.ts';
import type { Request } from './requests.ts';

/** The key of the track that has a number now. */
type KeyOf = (track: TrackNumber) => string | undefined;

/** Alarms, pauses and requests. */
export class Attending {
  readonly set = new AlarmSet();
  readonly requests = new Requests();

  /** Takes alarms and pauses; says how many were refused. */
  hear(marks: number, entries: readonly RecordEntry[], keyOf: KeyOf): number {
    let refused = 0;
    if ((marks & SetMark.begins) !== 0) this.set.begin();
    for (const { track, record } of entries) {
      const bed = track === REGION_TRACK ? undefined : keyOf(track);
      const isOfNobody = track !== REGION_TRACK && bed === undefined;
      if (isOfNobody || this.#take(bed, record) === 'refused') refused += 1;
    }
    if ((marks & SetMark.ends) !== 0) this.set.end();
    this.requests.settle((request) => this.#isDone(request));
    return refused;
  }

  /** The region has not done what was asked for. */
  refuse(request: RefusedRequest, why: Refusal, keyOf: KeyOf, now: DisplayTime): void {
    if (request.what !== 'pause') return this.requests.refuse(requestKey(request), why, now);
    const bed = keyOf(request.track);
    if (bed !== undefined) this.requests.refuse(requestKey({ what: 'pause', bed }), why, now);
  }

  /** The bytes of a request; `undefined` where the region does not name its bed now. */
  frame(request: Request, numberOf: (bed: string) => TrackNumber | undefined): Uint8Array<ArrayBuffer> | undefined {
    switch (request.what) {
      case 'acknowledge':
        return encodeAcknowledge(request.alarm, request.seen, request.action, request.reason);
      case 'invalid':
        return encodeMarkInvalid(request.alarm);
      case 'pause': {
        const number = numberOf(request.bed);
        return number === undefined ? undefined : encodePause(number, request.seconds);
      }
    }
  }

  #take(bed: string | undefined, record: Uint8Array): 'taken' | 'refused' {
    try {
      return this.set.take(bed, record) === 'no room' ? 'refused' : 'taken';
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return 'refused';
    }
  }

  #isDone(request: Request): boolean {
    if (request.what === 'pause') {
      const pause = this.set.pauses.get(request.bed);
      return (pause !== undefined && pause.over === undefined) === request.seconds > 0;
    }
    const alarm = this.set.find(request.alarm);
    if (alarm === undefined) return false;
    return request.what === 'acknowledge' ? alarm.acknowledged !== undefined : hasFlag(alarm, 'invalid');
  }
}
