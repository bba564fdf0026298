import { describe, expect, it } from 'vitest';
import { displayTime } from '../vitals/index.ts';
import { LinkCore } from './link_core.ts';
import { SILENCE_MILLIS } from './silence.ts';
import type { LinkInput, TransportChoice } from './link_core.ts';

/** Plays inputs of the form [time, input] and writes down what the core asked for. */
function play(choice: TransportChoice, inputs: readonly (readonly [number, LinkInput])[]): string[] {
  const core = new LinkCore(choice, () => 1);
  const log: string[] = [];
  for (const [time, input] of inputs) {
    core.handle(displayTime(time), input);
    for (let command = core.pollCommand(); command !== undefined; command = core.pollCommand()) {
      log.push(command.kind === 'connect' ? `${time} ${command.transport}` : `${time} drop`);
    }
  }
  return log;
}

const start: LinkInput = { kind: 'start' };
const tick: LinkInput = { kind: 'tick' };
const opened = (attempt: number): LinkInput => ({ kind: 'opened', attempt });
const frame = (attempt: number): LinkInput => ({ kind: 'frame', attempt });
const failed = (attempt: number): LinkInput => ({ kind: 'failed', attempt });

describe('the connection', () => {
  it('falls back to WebSocket when the channel is not open within 3 s', () => {
    expect(play('auto', [[0, start], [2999, tick], [3000, tick]])).toEqual([
      '0 webrtc',
      '3000 drop',
      '3000 websocket',
    ]);
  });

  it('falls back at once when WebRTC fails', () => {
    expect(play('auto', [[0, start], [40, failed(1)]])).toEqual(['0 webrtc', '40 drop', '40 websocket']);
  });

  it('does not fall back when a transport is forced', () => {
    expect(play('webrtc', [[0, start], [3000, tick], [3250, tick]])).toEqual([
      '0 webrtc',
      '3000 drop',
      '3250 webrtc',
    ]);
  });

  it('is made anew after so long without a sign of life, and not before', () => {
    const silent = 2_000 + SILENCE_MILLIS;
    const log = play('websocket', [
      [0, start], [100, opened(1)], [2000, frame(1)], [silent - 1, tick], [silent, tick], [silent + 250, tick],
    ]);
    expect(log).toEqual(['0 websocket', `${silent} drop`, `${silent + 250} websocket`]);
  });

  it('waits longer after each failure, up to 5 s, and forgets that at the first frame', () => {
    const core = new LinkCore('websocket', () => 1);
    let now = 0;
    core.handle(displayTime(now), start);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      core.handle(displayTime(now), failed(attempt));
      const until = core.pollTimeout() ?? displayTime(0);
      waits.push(until - now);
      now = until;
      core.handle(displayTime(now), tick);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    core.handle(displayTime(now), opened(8));
    core.handle(displayTime(now), frame(8));
    core.handle(displayTime(now), failed(8));
    expect((core.pollTimeout() ?? 0) - now).toBe(250);
  });

  it('goes straight back to the transport that worked', () => {
    const log = play('auto', [
      [0, start], [3000, tick], [3050, opened(2)], [3100, frame(2)], [9000, failed(2)], [9250, tick],
    ]);
    expect(log).toEqual(['0 webrtc', '3000 drop', '3000 websocket', '9000 drop', '9250 websocket']);
  });

  it('ignores what an abandoned attempt still says', () => {
    expect(play('auto', [[0, start], [3000, tick], [3001, opened(1)], [3002, failed(1)]])).toEqual([
      '0 webrtc',
      '3000 drop',
      '3000 websocket',
    ]);
  });

  it('stays down once it was stopped', () => {
    expect(play('auto', [[0, start], [10, { kind: 'stop' }], [9000, tick]])).toEqual(['0 webrtc', '10 drop']);
  });
});
