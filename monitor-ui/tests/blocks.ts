/** Small blocks for tests, in as few words as they allow. */
import {
  bpmFromQuarters,
  activityFromHalves,
  bridgeTime,
  deviceTime,
  Quality,
} from '../src/vitals/index.ts';
import type { Absence, Activity, Bpm, Reading } from '../src/vitals/index.ts';
import type { Block, DeviceName, Epoch, Episode } from '../src/wire/index.ts';

/** A rate of good quality. */
export function rate(bpm: number, quality: Quality = Quality.good): Reading<Bpm> {
  const value = bpmFromQuarters(bpm * 4);
  if (value === undefined) throw new Error(`no device sends ${bpm} bpm`);
  return { kind: 'measured', value, quality };
}

/** An unrated activity. */
export function activity(units: number): Reading<Activity> {
  const value = activityFromHalves(units * 2);
  if (value === undefined) throw new Error(`no device sends ${units} units`);
  return { kind: 'measured', value, quality: Quality.unrated };
}

/** A tick without a value. */
export function absent(why: Absence): Reading<never> {
  return { kind: 'absent', why };
}

/** Four ticks of the same reading. */
export function four<Value>(reading: Reading<Value>): Reading<Value>[] {
  return [reading, reading, reading, reading];
}

/** What a test says about a block; the rest is a quiet second of one fetus. */
export interface Said {
  readonly seq: number;
  /** Microseconds by the bridge's clock. */
  readonly at: number;
  readonly epoch?: bigint;
  readonly flags?: number;
  readonly movement?: readonly number[];
  readonly fhr1?: readonly Reading<Bpm>[];
  readonly fhr2?: readonly Reading<Bpm>[];
  readonly mhr?: readonly Reading<Bpm>[];
  readonly ua?: readonly Reading<Activity>[];
}

/** A block. */
export function block(said: Said): Block {
  return {
    device: 'bed-1' as DeviceName,
    epoch: (said.epoch ?? 1n) as Epoch,
    seq: said.seq,
    episode: 1n as Episode,
    tick: deviceTime(said.seq * 4),
    at: bridgeTime(said.at),
    builtAt: bridgeTime(said.at + 1_100_000),
    second: {
      fhr1: said.fhr1 ?? four(rate(140)),
      fhr2: said.fhr2 ?? four(absent(1)),
      mhr: said.mhr ?? four(absent(1)),
      ua: said.ua ?? four(activity(10)),
      movement: said.movement ?? [0, 0, 0, 0],
      transducers: { fhr1: 1, fhr2: 0, mhr: 0, ua: 1 },
      flags: said.flags ?? 0,
    },
  };
}
