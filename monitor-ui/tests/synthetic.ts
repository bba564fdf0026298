/**
 * Made-up monitors for the development server: plausible shapes, nothing of anybody.
 *
 * The real ward plays recordings through real monitors' bytes; this only lets the page be built
 * and tried where no server runs.
 */
import { Absence, Flag, Quality } from '../src/vitals/index.ts';
import type { Activity, Bpm, Reading, Second } from '../src/vitals/index.ts';
import type { SiteKind } from '../src/wire/index.ts';
import { absent, activity, four, rate } from './blocks.ts';

/** What a made-up monitor does. */
export type Scenario =
  | 'reassuring'
  | 'late decelerations'
  | 'variable decelerations'
  | 'twins'
  | 'maternal pickup'
  | 'transducer off'
  | 'ambulance';

/** A made-up monitor and where it stands. */
export interface Bed {
  readonly bridge: string;
  readonly device: string;
  readonly facility: string;
  readonly bed: string;
  readonly site: SiteKind;
  readonly scenario: Scenario;
}

/** Seven beds: a clinic with four, another with two, an ambulance with one. */
export const BEDS: readonly Bed[] = [
  bed('clinic-a', 'bed-1', 'みなと産科クリニック', '分娩室1', 'clinic', 'reassuring'),
  bed('clinic-a', 'bed-2', 'みなと産科クリニック', '分娩室2', 'clinic', 'late decelerations'),
  bed('clinic-a', 'bed-3', 'みなと産科クリニック', '陣痛室1', 'clinic', 'twins'),
  bed('clinic-a', 'bed-4', 'みなと産科クリニック', '陣痛室2', 'clinic', 'maternal pickup'),
  bed('clinic-b', 'bed-1', '丘の上レディースクリニック', 'LDR 1', 'clinic', 'variable decelerations'),
  bed('clinic-b', 'bed-2', '丘の上レディースクリニック', 'LDR 2', 'clinic', 'transducer off'),
  bed('ambulance-7', 'monitor', '救急 7 号車', '車内', 'ambulance', 'ambulance'),
];

function bed(
  bridge: string,
  device: string,
  facility: string,
  name: string,
  site: SiteKind,
  scenario: Scenario,
): Bed {
  return { bridge, device, facility, bed: name, site, scenario };
}

/** One second of a made-up monitor, the same for the same second. */
export function secondOf(scenario: Scenario, second: number): Second {
  const ticks = [0, 0.25, 0.5, 0.75].map((part) => second + part);
  const isTwins = scenario === 'twins';
  const isPickup = scenario === 'maternal pickup' && second % 300 > 240;
  const mhr = (t: number) => (isTwins || scenario === 'maternal pickup' ? maternal(t) : absent(Absence.noTransducer));
  return {
    fhr1: ticks.map((t) => fetal(scenario, t, isPickup)),
    fhr2: isTwins ? ticks.map((t) => beat(152 + wander(t, 31), qualityAt(t + 40))) : four(absent(Absence.noTransducer)),
    mhr: ticks.map(mhr),
    ua: ticks.map((t) => toco(scenario, t)),
    movement: ticks.map((t) => (scenario === 'reassuring' && t % 97 < 4 ? 1 : 0)),
    transducers: { fhr1: 1, fhr2: isTwins ? 1 : 0, mhr: isTwins ? 4 : 0, ua: 1 },
    flags:
      (isPickup ? Flag.coincidence : 0) |
      (scenario === 'reassuring' && second % 240 === 120 ? Flag.eventMark : 0) |
      Flag.movementProfile,
  };
}

function fetal(scenario: Scenario, t: number, isPickup: boolean): Reading<Bpm> {
  const phase = t % 180;
  switch (scenario) {
    case 'transducer off':
      if (t % 400 > 290) return absent(t % 800 > 400 ? Absence.noTransducer : Absence.blank);
      return beat(138 + wander(t, 5), qualityAt(t));
    case 'late decelerations':
      return beat(146 + wander(t, 3) * 0.5 - 34 * hump(phase - 105, 34), qualityAt(t));
    case 'variable decelerations':
      return beat(140 + wander(t, 8) - 62 * plateau(phase - 70, 26), qualityAt(t));
    case 'maternal pickup':
      return isPickup ? maternal(t) : beat(134 + wander(t, 11), qualityAt(t));
    case 'ambulance':
      return noise(t, 91) > 0.86 ? absent(Absence.blank) : beat(150 + wander(t, 17) * 1.3, Quality.poor);
    default:
      return beat(138 + wander(t, 1) + 22 * hump((t % 210) - 60, 14), qualityAt(t));
  }
}

function maternal(t: number): Reading<Bpm> {
  return beat(84 + 4 * Math.sin(t / 9) + 2 * noise(t, 3), Quality.good);
}

function toco(scenario: Scenario, t: number): Reading<Activity> {
  const strength = scenario === 'reassuring' ? 38 : 62;
  const value = 12 + strength * hump((t % 180) - 70, 30) + 2 * noise(t, 7);
  return activity(Math.round(Math.min(Math.max(value, 0), 127) * 2) / 2);
}

function beat(bpm: number, quality: Quality): Reading<Bpm> {
  return rate(Math.round(bpm * 4) / 4, quality);
}

function qualityAt(t: number): Quality {
  const at = t % 260;
  if (at > 228 && at < 246) return Quality.poor;
  return at > 215 && at < 250 ? Quality.fair : Quality.good;
}

/** Variability: a few slow waves and a little that is not smooth. */
function wander(t: number, seed: number): number {
  const waves = 4.2 * Math.sin(t / 3.1 + seed) + 2.6 * Math.sin(t / 1.7 + 2 * seed) + 3 * Math.sin(t / 47 + seed);
  return waves + 2.4 * (noise(t, seed) - 0.5);
}

function hump(at: number, width: number): number {
  return Math.exp(-((at / width) ** 2));
}

function plateau(at: number, width: number): number {
  return 1 / (1 + Math.exp((Math.abs(at) - width) / 1.6));
}

/** 0 to 1, the same for the same quarter of a second. */
function noise(t: number, seed: number): number {
  const mixed = Math.imul(Math.floor(t * 4) % 1_000_003 ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}
