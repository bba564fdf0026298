import { describe, expect, it } from 'vitest';
import { displayTime, regionTime } from '../vitals/index.ts';
import { BED_ALARM_MILLIS, Silence, SILENCE_MILLIS, WALL_ALARM_MILLIS } from './silence.ts';

const START = 1_795_392_000_000_000;
const clockAt = (millis: number) => regionTime(START + millis * 1000);
const BED = 'clinic-a/bed-1';
const OTHER = 'clinic-a/bed-2';

/** A wall on which all is well: a beat a second and a second of each bed, up to `millis`. */
function lively(millis: number, beds: readonly string[] = [BED]): Silence {
  const silence = new Silence(displayTime(0));
  for (const bed of beds) silence.announce(bed, 'up', displayTime(0));
  for (let at = 0; at <= millis; at += 1_000) {
    silence.hear({ clock: clockAt(at), beat: at / 1000 + 1 }, displayTime(at));
    for (const bed of beds) silence.hearSecond(bed, clockAt(at), displayTime(at));
  }
  return silence;
}

const look = (silence: Silence, at: number) => ({
  wall: silence.wall(displayTime(at)),
  bed: silence.bed(BED, displayTime(at)).state,
});

/** When the wall, looked at every quarter of a second, first says that it is silent and first sounds. */
function noticed(silence: Silence, from: number, until: number, happen: (at: number) => void) {
  const found: { said?: number; bedSaid?: number; sounded?: number; cause?: string } = {};
  for (let at = from; at <= until; at += 250) {
    happen(at);
    const { wall, bed } = look(silence, at);
    if (bed === 'silent') found.bedSaid ??= at - from;
    if (wall !== undefined) found.said ??= at - from;
    if (wall?.sounds === true) found.sounded ??= at - from;
    if (wall !== undefined) found.cause ??= wall.cause;
  }
  return found;
}

const everySecond = (act: (at: number) => void) => (at: number) => {
  if (at % 1_000 === 0) act(at);
};

/** Ways in which a wall goes silent while something may still come, after ten seconds of life. */
const WAYS: readonly [name: string, cause: string, happen: (silence: Silence) => (at: number) => void][] = [
  ['the server is frozen or the line cut: nothing comes', 'nothing comes', () => () => undefined],
  [
    'old frames are replayed at their old pace',
    'old frames',
    (silence) => everySecond((at) => silence.hear({ clock: clockAt(at - 8_000), beat: at / 1000 - 7 }, displayTime(at))),
  ],
  [
    'the last frame comes again and again',
    'repeated frames',
    (silence) => everySecond((at) => silence.hear({ clock: clockAt(10_000), beat: 11 }, displayTime(at))),
  ],
  [
    'a beat repeats its number while its clock runs',
    'repeated frames',
    (silence) => everySecond((at) => silence.hear({ clock: clockAt(at), beat: 11 }, displayTime(at))),
  ],
  [
    'the clock stands still while beats are counted on',
    'repeated frames',
    (silence) => everySecond((at) => silence.hear({ clock: clockAt(10_000), beat: at / 1000 + 1 }, displayTime(at))),
  ],
];

describe('the silence of a wall', () => {
  it('is none while beats and seconds come', () => {
    const silence = lively(60_000);
    expect(silence.freshness(displayTime(60_900))).toBe('fresh');
    expect(look(silence, 60_900)).toEqual({ wall: undefined, bed: 'live' });
  });

  it('waits for a first frame, and says so when none comes', () => {
    const silence = new Silence(displayTime(5_000));
    expect(silence.freshness(displayTime(5_100))).toBe('waiting');
    expect(look(silence, 5_000 + SILENCE_MILLIS).wall).toMatchObject({ cause: 'nothing comes', since: undefined });
  });

  it.each(WAYS)('is noticed within 3 s and sounds within 10 s when %s', (_, cause, happen) => {
    const silence = lively(10_000);
    const found = noticed(silence, 10_000, 60_000, happen(silence));
    expect(found.said).toBeLessThanOrEqual(3_000);
    expect(found.bedSaid).toBeLessThanOrEqual(3_000);
    expect(found.sounded).toBeLessThanOrEqual(10_000);
    expect(found.sounded).toBeGreaterThanOrEqual(WALL_ALARM_MILLIS);
    expect(found.cause).toBe(cause);
    expect(silence.wall(displayTime(60_000))?.since).toBe(clockAt(10_000));
  });

  it('lets no number of old frames become the present, through reconnects, for ten hours', () => {
    const silence = lively(60_000);
    for (let at = 61_000; at < 36_000_000; at += 1_000) {
      if (at % 30_000 === 0) silence.reconnect();
      expect(silence.hear({ clock: clockAt(at % 60_000), beat: at }, displayTime(at))).toBe('no proof');
    }
    expect(look(silence, 36_000_000).wall).toMatchObject({ cause: 'old frames', since: clockAt(60_000) });
  });

  it('does not believe a clock that crawls', () => {
    const silence = lively(10_000);
    for (let at = 11_000; at < 30_000; at += 1_000) {
      silence.hear({ clock: clockAt(10_000 + (at - 10_000) / 10), beat: at / 1000 + 1 }, displayTime(at));
    }
    expect(silence.freshness(displayTime(16_000))).toBe('stale');
    expect(silence.freshness(displayTime(30_000))).toBe('stale');
  });

  it('is noticed within 3 s for every bed when a beat runs and no data come, and sounds', () => {
    const silence = lively(10_000, [BED, OTHER]);
    const beat = everySecond((at) => silence.hear({ clock: clockAt(at), beat: at / 1000 + 1 }, displayTime(at)));
    const found = noticed(silence, 10_000, 30_000, beat);
    expect(found).toMatchObject({ cause: 'no data of any bed' });
    expect(Math.max(found.said ?? Infinity, found.bedSaid ?? Infinity)).toBeLessThanOrEqual(3_000);
    expect(found.sounded).toBeLessThanOrEqual(10_000);
    expect(silence.freshness(displayTime(30_000))).toBe('fresh');
  });

  it('is not claimed of the wall for one bed of two, nor for a bed whose bridge is known to be gone', () => {
    const silence = lively(10_000, [BED, OTHER]);
    for (let at = 11_000; at <= 40_000; at += 1_000) {
      silence.hear({ clock: clockAt(at), beat: at / 1000 + 1 }, displayTime(at));
      silence.hearSecond(OTHER, clockAt(at), displayTime(at));
    }
    expect(look(silence, 40_000)).toEqual({ wall: undefined, bed: 'silent' });
    expect(silence.bed(BED, displayTime(10_000 + BED_ALARM_MILLIS)).sounds).toBe(true);
    const alone = lively(10_000);
    alone.announce(BED, 'lost', displayTime(11_000));
    for (let at = 11_000; at <= 40_000; at += 1_000) alone.hear({ clock: clockAt(at), beat: at / 1000 + 1 }, displayTime(at));
    expect(look(alone, 40_000)).toEqual({ wall: undefined, bed: 'silent' });
  });

  it('never sounds for a bed that did not live on this page', () => {
    const silence = new Silence(displayTime(0));
    silence.announce(BED, 'lost', displayTime(0));
    expect(silence.bed(BED, displayTime(1_000)).state).toBe('waiting');
    expect(silence.bed(BED, displayTime(600_000))).toMatchObject({ state: 'silent', sounds: false });
  });

  it('ends with the first proof, and not with a new connection', () => {
    const silence = lively(10_000);
    silence.reconnect();
    expect(silence.freshness(displayTime(15_000))).toBe('stale');
    expect(silence.hear({ clock: clockAt(15_000), beat: 1 }, displayTime(15_000))).toBe('proof');
    expect(silence.freshness(displayTime(15_000))).toBe('fresh');
    expect(look(silence, 15_000).bed).toBe('silent');
    silence.hearSecond(BED, clockAt(15_000), displayTime(15_100));
    expect(look(silence, 15_100)).toEqual({ wall: undefined, bed: 'live' });
  });

  it('counts a delayed frame from when it was made', () => {
    const silence = lively(10_000);
    silence.hear({ clock: clockAt(10_500), beat: 12 }, displayTime(12_500));
    expect(silence.silentMillis(displayTime(12_500))).toBe(2_000);
    expect(silence.freshness(displayTime(12_500))).toBe('fresh');
    expect(silence.freshness(displayTime(10_500 + SILENCE_MILLIS))).toBe('stale');
  });
});

describe('a clock that comes to stand between two beats', () => {
  it('is still noticed within 3 s of standing', () => {
    const silence = lively(10_000);
    for (let at = 11_000; at <= 14_000; at += 1_000) silence.hear({ clock: clockAt(10_050), beat: at / 1000 + 1 }, displayTime(at));
    expect(silence.freshness(displayTime(10_050 + SILENCE_MILLIS))).toBe('stale');
  });
});

describe('a computer that slept', () => {
  it('says at once that all is old, also where its monotonic clock stood still', () => {
    const silence = lively(10_000);
    silence.slept(displayTime(10_200), 3_600_000);
    expect(look(silence, 10_200)).toMatchObject({ wall: { cause: 'slept', since: clockAt(10_000) }, bed: 'silent' });
    expect(silence.silentMillis(displayTime(10_200))).toBe(3_600_200);
  });

  it('gives the new connection a moment before it sounds, and sounds if nothing comes', () => {
    const silence = lively(10_000);
    silence.slept(displayTime(10_200), 3_600_000);
    expect(silence.wall(displayTime(11_200))?.sounds).toBe(false);
    expect(silence.wall(displayTime(14_200))?.sounds).toBe(true);
  });

  it('believes what was made after all that it had heard, and nothing that waited in the line', () => {
    const silence = lively(10_000);
    silence.slept(displayTime(10_200), 3_600_000);
    expect(silence.hear({ clock: clockAt(9_000), beat: 10 }, displayTime(10_210))).toBe('no proof');
    silence.reconnect();
    expect(silence.hear({ clock: clockAt(3_611_000), beat: 1 }, displayTime(11_000))).toBe('proof');
    expect(silence.freshness(displayTime(11_000))).toBe('fresh');
    expect(silence.clock.at(displayTime(11_000))).toBe(clockAt(3_611_000));
  });

  it('recovers as well where only its calendar was set', () => {
    const silence = lively(10_000);
    silence.slept(displayTime(10_200), 3_600_000);
    silence.reconnect();
    expect(silence.hear({ clock: clockAt(11_000), beat: 1 }, displayTime(11_000))).toBe('proof');
    expect(silence.freshness(displayTime(11_000))).toBe('fresh');
  });
});
