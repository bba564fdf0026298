import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { regionAlarm } from '../../tests/alarms.ts';
import { encodeBeat, encodeRoster } from '../../tests/encode.ts';
import { decodeAttend, encodeAlarm, encodeAlerts, encodeBedPause, encodeRefused } from '../../tests/encode_alert.ts';
import { displayTime, regionTime } from '../vitals/index.ts';
import type { AlarmId } from '../vitals/index.ts';
import { REGION_TRACK, SetMark } from '../wire/index.ts';
import type { TrackNumber } from '../wire/index.ts';
import { Feed } from './feed.ts';
import type { PeerEvents } from './peer.ts';
import { requestKey } from './requests.ts';

const START = 1_795_392_000_000_000;
const TRACK = 3 as TrackNumber;
const WHOLE = SetMark.begins | SetMark.ends;

/** A feed with one bed, connected, under a clock that the test moves. */
function opened() {
  const peers: PeerEvents[] = [];
  const sent: Uint8Array[] = [];
  const connect = (events: PeerEvents) => {
    peers.push(events);
    return { close: () => undefined };
  };
  const millis = () => vi.getMockedSystemTime()?.getTime() ?? 0;
  const feed = new Feed({
    transport: 'websocket',
    connect: { webrtc: connect, websocket: connect },
    now: () => displayTime(millis()),
    calendar: millis,
    random: () => 0,
    onFailed: () => undefined,
  });
  const now = () => START + millis() * 1000;
  const hear = (frame: Uint8Array) => peers.at(-1)?.frame(frame);
  let beats = 0;
  const beat = () => hear(encodeBeat(now(), (beats += 1)));
  const open = () => {
    peers.at(-1)?.opened((frame) => sent.push(frame));
    const place = { site: 'clinic', bridge: 'clinic-a', device: 'bed-1', facility: 'みなと産科', bed: '分娩室1' } as const;
    hear(encodeRoster(now(), [{ track: TRACK, link: 'up', since: START, clockOffsetMicros: 0, ...place }]));
    beat();
  };
  const alarm = (marks: number, track: number, some: Parameters<typeof regionAlarm>[0]) =>
    hear(encodeAlerts(now(), marks, [{ track, record: encodeAlarm(regionAlarm(some)) }]));
  feed.start();
  open();
  return { feed, sent, peers, now, hear, beat, open, alarm };
}

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

describe('the alarms of the feed', () => {
  it('are of their bed, or of the whole region, and a damaged one is counted', () => {
    const { feed, alarm, hear, now } = opened();
    alarm(SetMark.begins, TRACK, { id: 1 });
    expect(feed.knowsAlarms).toBe(false);
    alarm(SetMark.ends, REGION_TRACK, { id: 2, what: 'analysisAbsent' });
    expect(feed.alarms().map(({ id, bed }) => [id, bed])).toEqual([[1n, 'clinic-a/bed-1'], [2n, undefined]]);
    expect(feed.knowsAlarms).toBe(true);
    alarm(0, 9, { id: 3 });
    hear(encodeAlerts(now(), 0, [{ track: TRACK, record: Uint8Array.of(1, 1, 9) }]));
    expect([feed.alarms().length, feed.status().refused]).toEqual([2, 2]);
  });

  it('stay in sight when the connection goes, and are what the region says when it is back', () => {
    const { feed, alarm, peers, open } = opened();
    alarm(WHOLE, TRACK, { id: 1 });
    peers.at(-1)?.failed('cut');
    expect(feed.alarms()).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    open();
    expect(feed.alarms()).toHaveLength(1);
    alarm(WHOLE, TRACK, { id: 2 });
    expect(feed.alarms().map(({ id }) => id)).toEqual([2n]);
  });

  it('a replayed frame does not bring back an old set', () => {
    const { feed, alarm, hear, now, beat } = opened();
    const old = encodeAlerts(now(), WHOLE, [{ track: TRACK, record: encodeAlarm(regionAlarm({ id: 7 })) }]);
    for (let n = 0; n < 20; n += 1) {
      vi.advanceTimersByTime(1_000);
      beat();
    }
    alarm(WHOLE, TRACK, { id: 1 });
    hear(old);
    expect(feed.alarms().map(({ id }) => id)).toEqual([1n]);
  });
});

describe('what staff do', () => {
  const request = { what: 'acknowledge', alarm: 1n as AlarmId, seen: 'high', action: 'C', reason: '体位変換' } as const;

  it('is sent, and counts when it comes back', () => {
    const { feed, alarm, sent } = opened();
    alarm(WHOLE, TRACK, { id: 1 });
    expect(feed.attend(request)).toBe('sent');
    expect(decodeAttend(sent.at(-1) ?? new Uint8Array())).toEqual(request);
    expect(feed.answers().get(requestKey(request))).toEqual({ state: 'waiting' });
    const acknowledged = { at: regionTime(START), afterMillis: 5, action: 'C', account: 'a', screen: 's', reason: '' } as const;
    alarm(0, TRACK, { id: 1, revision: 2, stage: 'acknowledged', acknowledged });
    expect(feed.answers().size).toBe(0);
  });

  it('is told when it was refused, and when nobody answers', () => {
    const { feed, alarm, hear, now, beat } = opened();
    alarm(WHOLE, TRACK, { id: 1 });
    feed.attend(request);
    hear(encodeRefused(now(), { what: 'acknowledge', alarm: request.alarm }, 'graver'));
    expect(feed.answers().get(requestKey(request))).toEqual({ state: 'refused', why: 'graver' });
    feed.attend({ what: 'invalid', alarm: request.alarm });
    for (let n = 0; n < 5; n += 1) {
      vi.advanceTimersByTime(1_000);
      beat();
    }
    feed.look();
    expect(feed.answers().get('invalid 1')).toEqual({ state: 'unanswered' });
  });

  it('names the bed by the number that the region gave it, and is done when the pause is there', () => {
    const { feed, sent, hear, now } = opened();
    const pause = { what: 'pause', bed: 'clinic-a/bed-1', seconds: 120 } as const;
    expect(feed.attend(pause)).toBe('sent');
    expect(decodeAttend(sent.at(-1) ?? new Uint8Array())).toEqual({ what: 'pause', track: TRACK, seconds: 120 });
    hear(encodeRefused(now(), { what: 'pause', track: TRACK }, 'already'));
    expect(feed.answers().get(requestKey(pause))).toEqual({ state: 'refused', why: 'already' });
    feed.attend(pause);
    const at = regionTime(now());
    const record = encodeBedPause({ over: undefined, at, until: regionTime(at + 120_000_000), account: 'a', screen: 's' });
    hear(encodeAlerts(now(), 0, [{ track: TRACK, record }]));
    expect([feed.answers().size, feed.pauses().get(pause.bed)?.account]).toEqual([0, 'a']);
  });

  it('is not sent without a connection, nor to a bed that the region does not name', () => {
    const { feed, alarm, sent } = opened();
    alarm(WHOLE, TRACK, { id: 1 });
    expect(feed.attend({ what: 'pause', bed: 'nowhere', seconds: 120 })).toBe('not sent');
    vi.advanceTimersByTime(4_000);
    expect(feed.attend(request)).toBe('not sent');
    expect(sent.filter((frame) => decodeAttend(frame) !== undefined)).toEqual([]);
  });
});
