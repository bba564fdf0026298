import { describe, expect, it } from 'vitest';
import { displayTime } from '../vitals/index.ts';
import type { AlarmId } from '../vitals/index.ts';
import { ANSWER_MILLIS, requestKey, Requests, SAID_MILLIS } from './requests.ts';

const NOW = displayTime(1_000);
const later = (millis: number) => displayTime(NOW + millis);
const ALARM = 77n as AlarmId;
const acknowledge = { what: 'acknowledge', alarm: ALARM, seen: 'high', action: 'C', reason: '' } as const;
const KEY = requestKey(acknowledge);

describe('a request', () => {
  it('waits, and is forgotten when it has come about', () => {
    const requests = new Requests();
    requests.ask(acknowledge, NOW);
    requests.ask({ what: 'pause', bed: 'a/1', seconds: 120 }, NOW);
    expect(requests.answers.get(KEY)).toEqual({ state: 'waiting' });
    requests.settle(({ what }) => what === 'acknowledge');
    expect([...requests.answers.keys()]).toEqual([requestKey({ what: 'pause', bed: 'a/1' })]);
  });

  it('says why it was refused, for a while, or until it is asked again', () => {
    const requests = new Requests();
    requests.ask(acknowledge, NOW);
    requests.refuse(KEY, 'graver', NOW);
    requests.look(later(SAID_MILLIS - 1));
    expect(requests.answers.get(KEY)).toEqual({ state: 'refused', why: 'graver' });
    requests.ask(acknowledge, later(1));
    expect(requests.answers.get(KEY)).toEqual({ state: 'waiting' });
    requests.refuse(KEY, 'graver', later(2));
    requests.look(later(2 + SAID_MILLIS));
    expect(requests.answers.size).toBe(0);
  });

  it('counts as not done when nobody answers, or the connection goes', () => {
    const requests = new Requests();
    requests.ask(acknowledge, NOW);
    requests.look(later(ANSWER_MILLIS - 1));
    expect(requests.answers.get(KEY)).toEqual({ state: 'waiting' });
    requests.look(later(ANSWER_MILLIS));
    expect(requests.answers.get(KEY)).toEqual({ state: 'unanswered' });
    const other = new Requests();
    other.ask(acknowledge, NOW);
    other.lose(later(1));
    expect(other.answers.get(KEY)).toEqual({ state: 'unanswered' });
  });

  it('an answer to what nobody asked here is not kept', () => {
    const requests = new Requests();
    requests.refuse(KEY, 'unknown', NOW);
    expect(requests.answers.size).toBe(0);
  });
});
