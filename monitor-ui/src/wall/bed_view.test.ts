import { describe, expect, it } from 'vitest';
import { absent, block, four, rate } from '../../tests/blocks.ts';
import { Recent } from '../feed/index.ts';
import { Absence, Flag, Quality, regionTime } from '../vitals/index.ts';
import type { RosterEntry } from '../wire/index.ts';
import { bedView } from './bed_view.ts';

const START = 1_795_392_000_000_000;
const after = (seconds: number) => regionTime(START + seconds * 1_000_000);
const ENTRY = { link: 'up', since: after(0), bed: '分娩室1', facility: 'みなと産科' } as RosterEntry;

/** A bed of which so many seconds came, each as said. */
function bed(...seconds: Partial<Parameters<typeof block>[0]>[]) {
  const recent = new Recent();
  seconds.forEach((said, seq) => recent.insert(block({ seq, at: START, ...said }), 0, after(seq)));
  const newestEnd = () => (seconds.length === 0 ? undefined : after(seconds.length));
  const receivedAt = after(seconds.length + 0.3);
  return { entry: ENTRY, announced: 'yes' as const, recent, newestEnd, receivedAt, refused: 0 };
}

describe('a bed', () => {
  it('shows the newest value with its quality and age', () => {
    const view = bedView(bed({}, { fhr1: four(rate(142, Quality.fair)) }), after(3), 'fresh', 'live');
    expect(view.channels.fhr1).toEqual({ kind: 'live', value: 142, quality: Quality.fair });
    expect([view.ageSeconds, view.data, view.delaySeconds]).toEqual([1, 'live', 0.3]);
  });

  it('shows a value as old after 5 s, and none at all after a minute', () => {
    const source = bed({});
    expect(bedView(source, after(5.9), 'fresh', 'live').channels.fhr1.kind).toBe('live');
    expect(bedView(source, after(6.1), 'fresh', 'live').channels.fhr1.kind).toBe('old');
    expect(bedView(source, after(6.1), 'fresh', 'live').data).toBe('silent');
    expect(bedView(source, after(61.1), 'fresh', 'live').channels.fhr1.kind).toBe('gone');
  });

  it('shows every value as old at once when the feed is stale, and no bridge as connected', () => {
    const view = bedView(bed({}), after(1.5), 'stale', 'live');
    expect([view.channels.fhr1.kind, view.data, view.bridge]).toEqual(['old', 'silent', 'unconfirmed']);
  });

  it('shows every value as old at once when no seconds of it come, however young they seem', () => {
    const view = bedView(bed({}), after(1.5), 'fresh', 'silent');
    expect([view.channels.fhr1.kind, view.data, view.bridge]).toEqual(['old', 'silent', 'up']);
  });

  it('never shows the value from before a loss as the present one', () => {
    const view = bedView(bed({ fhr1: four(rate(142)) }, { fhr1: four(absent(Absence.blank)) }), after(2), 'fresh', 'live');
    expect(view.channels.fhr1).toEqual({ kind: 'absent', why: Absence.blank });
  });

  it('tells an unplugged transducer from a channel that nobody uses', () => {
    const never = bedView(bed({}), after(1), 'fresh', 'live');
    expect(never.channels.fhr2).toEqual({ kind: 'unused' });
    const was = bedView(bed({ fhr2: four(rate(150)) }, {}), after(2), 'fresh', 'live');
    expect([never.hasTwins, was.hasTwins]).toEqual([false, true]);
    expect(was.channels.fhr2).toEqual({ kind: 'absent', why: Absence.noTransducer });
  });

  it('has nothing to show before its first second', () => {
    const view = bedView(bed(), after(1), 'fresh', 'live');
    expect([view.data, view.ageSeconds, view.channels.fhr1.kind]).toEqual(['empty', undefined, 'gone']);
  });

  it('passes on what the monitor says of the second', () => {
    const flags = Flag.coincidence | Flag.twinOffset;
    const view = bedView(bed({ flags }), after(1), 'fresh', 'live');
    expect([view.coincidence, view.twinOffset]).toEqual([true, true]);
  });
});
