import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { block, four, rate } from '../../tests/blocks.ts';
import { encodeBeat, encodeBlock, encodeBlocks, encodeRoster } from '../../tests/encode.ts';
import { encodeAnalysis, encodeAnalyst } from '../../tests/encode_analysis.ts';
import { golden } from '../../tests/golden.ts';
import { assessmentRecord, findingRecord } from '../../tests/records.ts';
import { displayTime, regionTime } from '../vitals/index.ts';
import { SetMark } from '../wire/index.ts';
import type { Episode } from '../wire/index.ts';
import { Feed } from './feed.ts';
import type { PeerEvents } from './peer.ts';
import { SILENCE_MILLIS } from './silence.ts';

const START = 1_795_392_000_000_000;
/** Milliseconds: the calendar of the computer is years off, and nothing comes of it. */
const CALENDAR_IS_WRONG_BY = -1e11;

/** A feed whose transports are held by the test, under a clock that the test moves. */
class Bench {
  /** What the calendar counted and the monotonic clock did not. */
  asleepMillis = 0;
  beats = 0;
  readonly opened: { transport: string; events: PeerEvents; sent: Uint8Array[] }[] = [];
  readonly feed = new Feed({
    transport: 'auto',
    connect: { webrtc: this.#connect('webrtc'), websocket: this.#connect('websocket') },
    now: () => displayTime(vi.getMockedSystemTime()?.getTime() ?? 0),
    calendar: () => CALENDAR_IS_WRONG_BY + (vi.getMockedSystemTime()?.getTime() ?? 0) + this.asleepMillis,
    random: () => 0,
    onFailed: () => undefined,
  });

  open(): Bench {
    const last = this.last();
    last.events.opened((frame) => last.sent.push(frame));
    return this;
  }

  last() {
    const last = this.opened.at(-1);
    if (last === undefined) throw new Error('nothing was connected');
    return last;
  }

  /** The region's time at the present moment, ahead of the display's by a fixed offset. */
  regionMicros(): number {
    return START + (vi.getMockedSystemTime()?.getTime() ?? 0) * 1000;
  }

  beat(): void {
    this.beats += 1;
    this.last().events.frame(encodeBeat(this.regionMicros(), this.beats));
  }

  roster(track: number, bed: string, device: string): void {
    const entry = {
      track,
      link: 'up' as const,
      since: START,
      clockOffsetMicros: 1_000_000,
      site: 'clinic' as const,
      bridge: 'clinic-a',
      device,
      facility: 'みなと産科',
      bed,
    };
    this.last().events.frame(encodeRoster(this.regionMicros(), [entry]));
  }

  block(track: number, seq: number, bpm: number): void {
    const bytes = encodeBlock(block({ seq, at: START + seq * 1_000_000, fhr1: four(rate(bpm)) }));
    const entry = { track, marks: 0, receivedAt: START, block: bytes };
    this.last().events.frame(encodeBlocks(this.regionMicros(), [entry]));
  }

  records(track: number, marks: number, ...records: readonly Uint8Array[]): void {
    const entries = records.map((record) => ({ track, record }));
    this.last().events.frame(encodeAnalysis(this.regionMicros(), marks, entries));
  }

  analyst(state: 'present' | 'absent'): void {
    this.last().events.frame(encodeAnalyst(this.regionMicros(), state, START));
  }

  #connect(transport: string) {
    return (events: PeerEvents) => {
      this.opened.push({ transport, events, sent: [] });
      return { close: () => undefined };
    };
  }
}

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

describe('the feed', () => {
  it('asks for the recent past first', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open();
    expect(bench.last().sent).toEqual([Uint8Array.of(0x61, 0xb0, 0x04, 0, 0)]);
  });

  it('places blocks by the clock of the region and shows them under their bed', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    bench.block(3, 5, 142);
    const [track] = bench.feed.tracks();
    expect(track?.entry.bed).toBe('分娩室1');
    expect(track?.recent.at[0]).toBe(START + 6_000_000);
    expect(track?.recent.ticks.fhr1.values[0]).toBe(142);
  });

  it('says stale within 3 s without a frame, whatever the sockets think', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().beat();
    vi.advanceTimersByTime(SILENCE_MILLIS - 1);
    expect(bench.feed.status().freshness).toBe('fresh');
    vi.advanceTimersByTime(1);
    expect(bench.feed.status().freshness).toBe('stale');
  });

  it('stays stale while old frames are replayed, and while bytes are no frames', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().beat();
    const old = encodeBeat(bench.regionMicros(), 1);
    let heard = 0;
    for (let n = 0; n < 10; n += 1) {
      vi.advanceTimersByTime(1_000);
      bench.opened.forEach(({ events }) => events.frame(old));
      // A connection that was given up is not listened to any more.
      heard += bench.feed.status().phase.kind === 'waiting' ? 0 : 1;
      bench.last().events.frame(Uint8Array.of(0xff, 1, 2));
    }
    expect(bench.feed.status().freshness).toBe('stale');
    expect(bench.feed.status().refused).toBe(heard);
    expect(heard).toBeGreaterThan(5);
  });

  it('hears a bed by its live seconds alone, not by a beat, nor by what comes twice', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    const [track] = bench.feed.tracks();
    if (track === undefined) throw new Error('there is no bed');
    bench.block(3, 0, 140);
    expect(bench.feed.bedSilence(track)).toMatchObject({ state: 'live', since: START + 2_000_000 });
    for (let n = 0; n < 3; n += 1) {
      vi.advanceTimersByTime(1_000);
      bench.beat();
      bench.block(3, 0, 140);
    }
    expect(bench.feed.bedSilence(track).state).toBe('silent');
    expect(bench.feed.status()).toMatchObject({ freshness: 'fresh', silence: { cause: 'no data of any bed' } });
    bench.block(3, 4, 140);
    expect(bench.feed.bedSilence(track).state).toBe('live');
    expect(bench.feed.status().silence).toBeUndefined();
  });

  it('says at once that all is old when the computer slept, connects anew and believes only that', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().beat();
    bench.feed.look();
    bench.asleepMillis += 3_600_000;
    bench.feed.look();
    expect(bench.feed.status()).toMatchObject({ freshness: 'stale', silence: { cause: 'slept' } });
    bench.opened[0]?.events.frame(encodeBeat(bench.regionMicros() + 500, 9));
    expect(bench.feed.status().freshness).toBe('stale');
    vi.advanceTimersByTime(250);
    bench.feed.look();
    expect(bench.opened).toHaveLength(2);
    bench.open();
    bench.last().events.frame(encodeBeat(bench.regionMicros() + 3_600_000_000, 1));
    expect(bench.feed.status().freshness).toBe('fresh');
  });

  it('lets a frame that waited while the computer slept prove nothing, even before the first look', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().beat();
    bench.asleepMillis += 60_000;
    vi.advanceTimersByTime(100);
    bench.beat();
    expect(bench.feed.status().freshness).toBe('stale');
  });

  it('reads what waited behind a busy page before it gives a connection up', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().beat();
    // The page is busy: its clock goes on, its timers do not run.
    vi.setSystemTime((vi.getMockedSystemTime()?.getTime() ?? 0) + 4_000);
    bench.feed.look();
    expect(bench.opened).toHaveLength(1);
    bench.beat();
    vi.advanceTimersByTime(1_000);
    expect(bench.opened).toHaveLength(1);
    vi.setSystemTime((vi.getMockedSystemTime()?.getTime() ?? 0) + 4_000);
    bench.feed.look();
    vi.advanceTimersByTime(600);
    expect(bench.opened).toHaveLength(2);
  });

  it('lets no old roster undo a newer one', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    const before = bench.opened.length;
    vi.advanceTimersByTime(1_000);
    bench.beat();
    const old = encodeRoster(bench.regionMicros() - 20_000_000, []);
    bench.last().events.frame(old);
    bench.last().events.frame(
      encodeRoster(bench.regionMicros() - 20_000_000, [
        { track: 3, link: 'lost', since: START, clockOffsetMicros: 0, site: 'clinic', bridge: 'clinic-a', device: 'bed-1', facility: 'x', bed: '別のベッド' },
      ]),
    );
    expect(bench.feed.tracks().map(({ entry }) => [entry.bed, entry.link])).toEqual([['分娩室1', 'up']]);
    expect(bench.opened).toHaveLength(before);
  });

  it('reconnects by itself and is fresh again with the first frame', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().beat();
    vi.advanceTimersByTime(3_250);
    expect(bench.opened).toHaveLength(2);
    bench.open();
    expect(bench.feed.status().freshness).toBe('stale');
    bench.beat();
    expect(bench.feed.status().freshness).toBe('fresh');
  });

  it('never continues a strip under another bed when the region numbers its tracks anew', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    bench.block(3, 0, 140);
    vi.advanceTimersByTime(3_250);
    bench.open();
    bench.block(3, 1, 90);
    expect(bench.feed.tracks().map((track) => track.recent.count)).toEqual([1]);
    bench.roster(3, '分娩室2', 'bed-2');
    bench.block(3, 2, 91);
    expect(bench.feed.tracks().map((track) => [track.entry.bed, track.recent.count])).toEqual([
      ['分娩室1', 1],
      ['分娩室2', 0],
    ]);
    expect(bench.feed.tracks()[1]?.refused).toBe(1);
  });

  it('shows findings under the bed they are of, by the clock of the region', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    bench.records(3, SetMark.begins | SetMark.ends, findingRecord({ from: 100 }));
    const [track] = bench.feed.tracks();
    expect(track?.analysis.findings.map(({ from }) => from)).toEqual([101_000_000]);
  });

  it('forgets every record when the whole set comes anew, and only then', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    bench.records(3, SetMark.begins, findingRecord({ id: 1 }));
    bench.records(3, SetMark.ends, findingRecord({ id: 2 }));
    bench.records(3, 0, findingRecord({ id: 3 }));
    const ids = () => bench.feed.tracks()[0]?.analysis.findings.map(({ id }) => Number(id));
    expect(ids()).toEqual([1, 2, 3]);
    bench.records(3, SetMark.begins | SetMark.ends, findingRecord({ id: 2 }));
    expect(ids()).toEqual([2]);
  });

  it('sends a judgement with the minutes of the bridge, and none while the feed is stale', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    const [track] = bench.feed.tracks();
    if (track === undefined) throw new Error('there is no bed');
    const [from, to] = [regionTime(START), regionTime(START + 600_000_000)];
    const judged = { episode: 1n as Episode, fetus: 1, level: 4, from, to, reason: '' } as const;
    expect(bench.feed.judge(track, judged)).toBe('sent');
    const frame = bench.last().sent.at(-1);
    expect([frame?.[0], frame?.[1], frame?.[20]]).toEqual([0x62, 3, 4]);
    const at = new DataView(frame?.slice().buffer ?? new ArrayBuffer(64)).getBigInt64(21, true);
    expect(Number(at)).toBe(START - 1_000_000);
    vi.advanceTimersByTime(3_000);
    expect(bench.feed.judge(track, judged)).toBe('not sent');
  });

  it('counts a damaged record and takes its neighbours', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    const broken = findingRecord({ id: 1 });
    broken[32] = 0xff;
    bench.records(3, 0, broken, findingRecord({ id: 2 }));
    const [track] = bench.feed.tracks();
    expect([track?.analysis.findings.length, track?.refused]).toEqual([1, 1]);
  });

  it('says that the analysis is absent within 10 s of its last sign, and strips go on', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    bench.analyst('present');
    bench.block(3, 0, 140);
    bench.records(3, 0, assessmentRecord({}, { span: 'rolling' }));
    expect(bench.feed.status().analyst.state).toBe('present');
    let seconds = 0;
    for (; bench.feed.status().analyst.state === 'present' && seconds < 20; seconds += 1) {
      vi.advanceTimersByTime(1_000);
      bench.beat();
      bench.block(3, seconds + 1, 141);
    }
    expect(seconds).toBeLessThan(10);
    expect(bench.feed.status()).toMatchObject({ freshness: 'fresh', analyst: { state: 'absent' } });
    expect(bench.feed.tracks()[0]?.recent.count).toBe(seconds + 1);
  });

  it('does not take a replayed sign of the analysis for a living one', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().beat();
    const old = encodeAnalyst(bench.regionMicros(), 'present', START);
    for (let n = 0; n < 8; n += 1) {
      vi.advanceTimersByTime(1_000);
      bench.beat();
      if (n > 3) bench.last().events.frame(old);
    }
    expect(bench.feed.status().analyst.state).toBe('absent');
  });

  it('counts a damaged block, shows nothing of it, and takes its neighbours', () => {
    const bench = new Bench();
    bench.feed.start();
    bench.open().roster(3, '分娩室1', 'bed-1');
    const frame = golden('blocks');
    frame[11 + 12 + 70] = (frame[11 + 12 + 70] ?? 0) ^ 1;
    bench.last().events.frame(frame);
    const [track] = bench.feed.tracks();
    expect([track?.recent.count, track?.refused]).toEqual([1, 1]);
    expect(track?.refusal).toContain('checksum');
  });
});
