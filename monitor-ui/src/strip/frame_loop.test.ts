import { describe, expect, it } from 'vitest';
import { BUDGET_MILLIS, FrameLoop, LATE_AFTER_FRAMES } from './frame_loop.ts';
import type { Motion, Paint } from './frame_loop.ts';

/** A screen of 60 frames a second, on which each painting takes `costMillis`. */
function theatre(motion: Motion = 'smooth') {
  let at = 0;
  let next: ((at: number) => void) | undefined;
  const log: string[] = [];
  const loop = new FrameLoop(() => motion, {
    requestFrame: (run) => {
      next = run;
      return 1;
    },
    now: () => at,
  });
  const strip = (name: string, costMillis: number): Paint => () => {
    log.push(name);
    at += costMillis;
    return costMillis > 0 ? 'painted' : 'unchanged';
  };
  /** Lets a frame come at its time; says who was painted in it. */
  const frame = (millis: number): string => {
    at = Math.max(at, millis);
    log.length = 0;
    const run = next;
    next = undefined;
    run?.(millis);
    return log.join(' ');
  };
  return { loop, strip, frame, isAsking: () => next !== undefined };
}

const FRAME = 1000 / 60;

describe('the frame loop', () => {
  it('paints every strip in one frame where there is time', () => {
    const { loop, strip, frame } = theatre();
    for (const name of ['a', 'b', 'c']) loop.add(strip(name, 0.1));
    expect(frame(FRAME)).toBe('a b c');
    expect(frame(2 * FRAME)).toBe('a b c');
  });

  it('spends no more than its budget and one strip in a frame, and goes on in the next', () => {
    const { loop, strip, frame } = theatre();
    for (const name of ['a', 'b', 'c', 'd', 'e']) loop.add(strip(name, BUDGET_MILLIS * 0.6));
    expect(frame(FRAME)).toBe('a b');
    expect(frame(2 * FRAME)).toBe('c d');
    expect(frame(3 * FRAME)).toBe('e');
    expect(frame(4 * FRAME)).toBe('a b');
  });

  it('lets what is unchanged cost nothing of the turn', () => {
    const { loop, strip, frame } = theatre();
    for (let n = 0; n < 200; n += 1) loop.add(strip('-', 0));
    loop.add(strip('last', 1));
    expect(frame(FRAME)).toMatch(/last$/);
  });

  it('paints what somebody looks at closely in every frame, whoever else waits', () => {
    const { loop, strip, frame } = theatre();
    for (const name of ['a', 'b']) loop.add(strip(name, BUDGET_MILLIS));
    loop.add(strip('large', 0.5), 'every frame');
    expect(frame(FRAME)).toBe('large a');
    expect(frame(2 * FRAME)).toBe('large b');
  });

  it('takes more of a frame when a turn lasts long, as when a wall has just come', () => {
    const { loop, strip, frame } = theatre();
    for (let n = 0; n < 100; n += 1) loop.add(strip('x', BUDGET_MILLIS * 1.01));
    for (let n = 1; n <= LATE_AFTER_FRAMES; n += 1) expect(frame(n * FRAME)).toBe('x');
    expect(frame((LATE_AFTER_FRAMES + 1) * FRAME)).toBe('x x x');
  });

  it('moves once a second for who asked for calm, and finishes the turn it began', () => {
    const { loop, strip, frame } = theatre('calm');
    for (const name of ['a', 'b']) loop.add(strip(name, BUDGET_MILLIS));
    loop.add(strip('large', 0.1), 'every frame');
    expect(frame(1_000)).toBe('large a');
    expect(frame(1_000 + FRAME)).toBe('b');
    expect(frame(1_000 + 2 * FRAME)).toBe('');
    expect(frame(1_990)).toBe('');
    expect(frame(2_000)).toBe('large a');
  });

  it('asks for no frame while nothing moves, and forgets who left', () => {
    const { loop, strip, frame, isAsking } = theatre();
    expect(isAsking()).toBe(false);
    const leaves = [loop.add(strip('a', 1)), loop.add(strip('b', 1), 'every frame')];
    expect(isAsking()).toBe(true);
    for (const leave of leaves) leave();
    expect(frame(FRAME)).toBe('');
    expect(isAsking()).toBe(false);
  });
});
