/** A burst as samples. Pure: figures in, samples out; no file is fetched that could be missing. */
import { EDGE_SECONDS, PARTIALS } from './melody.ts';
import type { Burst, Pulse } from './melody.ts';

/** Highest sample of a burst, of 1; full loudness is set at the computer. */
const PEAK = 0.9;

/** The samples of a burst, and of so many seconds of silence after it. */
export function samplesOf(burst: Burst, sampleRate: number, silence = 0): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.ceil((burst.length + silence) * sampleRate));
  for (const pulse of burst.pulses) play(pulse, samples, sampleRate);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return peak === 0 ? samples : samples.map((sample) => (sample / peak) * PEAK);
}

function play({ at, length, hertz }: Pulse, samples: Float32Array, sampleRate: number): void {
  const from = Math.round(at * sampleRate);
  const count = Math.min(Math.round(length * sampleRate), samples.length - from);
  for (let n = 0; n < count; n += 1) {
    const seconds = n / sampleRate;
    const edge = Math.min(1, seconds / EDGE_SECONDS, (length - seconds) / EDGE_SECONDS);
    let sum = 0;
    PARTIALS.forEach((share, k) => {
      sum += share * Math.sin(2 * Math.PI * hertz * (k + 1) * seconds);
    });
    samples[from + n] = (samples[from + n] ?? 0) + edge * sum;
  }
}
