/**
 * What a test hears: every sample on its way to the loudspeaker, measured on the audio thread.
 *
 * Laid into the page before it starts; the page knows nothing of it. What is written down is the
 * loudness of each stretch of {@link STRETCH_SECONDS}, by the audio clock, so that a page that hangs
 * is heard as well. Needs a page whose content policy is set aside.
 */
import type { Page } from '@playwright/test';

/** Length of one measurement, seconds: shorter than any pulse and any pause between two. */
const STRETCH_SECONDS = 0.02;
/** Root of the mean square from which on something is heard; full scale is 1. */
const HEARD_MIN = 0.02;

interface Stretch {
  /** By the page's monotonic clock, ms. */
  readonly at: number;
  readonly loudness: number;
}

declare global {
  interface Window {
    ears: { readonly seconds: number; readonly loudness: number }[];
    earsOffset: number;
  }
}

/** Lays the ears into a page; before it is opened. */
export async function layEars(page: Page): Promise<void> {
  await page.addInitScript((stretch) => {
    window.ears = [];
    window.earsOffset = Infinity;
    const code = `registerProcessor('ears', class extends AudioWorkletProcessor {
      sum = 0; count = 0;
      process([input]) {
        const channel = input[0];
        if (channel) for (const sample of channel) this.sum += sample * sample;
        this.count += 128;
        if (this.count >= ${stretch} * sampleRate) {
          this.port.postMessage([currentTime, Math.sqrt(this.sum / this.count)]);
          this.sum = 0; this.count = 0;
        }
        return true;
      }
    });`;
    const taps = new WeakMap<BaseAudioContext, Promise<AudioNode>>();
    const tapOf = (context: BaseAudioContext) => {
      const known = taps.get(context);
      if (known !== undefined) return known;
      const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
      const made = context.audioWorklet.addModule(url).then(() => {
        const tap = new AudioWorkletNode(context, 'ears', { channelCount: 1, channelCountMode: 'explicit' });
        tap.port.onmessage = ({ data: [seconds, loudness] }) => {
          window.earsOffset = Math.min(window.earsOffset, performance.now() - seconds * 1000);
          window.ears.push({ seconds, loudness });
        };
        connect.call(tap, context.destination);
        return tap;
      });
      taps.set(context, made);
      return made;
    };
    // The browser knows two of it; only the one to another node leads to the loudspeaker.
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;
    AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
      if (args[0] instanceof AudioDestinationNode) void tapOf(this.context).then((tap) => connect.call(this, tap));
      return connect.apply(this, args);
    } as typeof AudioNode.prototype.connect;
    // The first sound must not be missed because the ears were still being made.
    const Original = AudioContext;
    window.AudioContext = class extends Original {
      constructor(options?: AudioContextOptions) {
        super(options);
        void tapOf(this);
      }
    };
  }, STRETCH_SECONDS);
}

async function stretches(page: Page, from: number): Promise<readonly Stretch[]> {
  return page.evaluate((since) => {
    return window.ears
      .map(({ seconds, loudness }) => ({ at: seconds * 1000 + window.earsOffset, loudness }))
      .filter(({ at }) => at >= since);
  }, from);
}

/** The page's monotonic clock, ms. */
export function clockOf(page: Page): Promise<number> {
  return page.evaluate(() => performance.now());
}

/** Milliseconds from `from` to the first sound after it; waits for it at most so long. */
export async function firstSound(page: Page, from: number, millisMax: number): Promise<number | undefined> {
  for (;;) {
    const heard = (await stretches(page, from)).find(({ loudness }) => loudness >= HEARD_MIN);
    if (heard !== undefined) return heard.at - from;
    if ((await clockOf(page)) - from > millisMax) return undefined;
    await page.waitForTimeout(50);
  }
}

/** The loudest stretch since `from`, and how many pulses were heard. */
export async function heardSince(page: Page, from: number): Promise<{ readonly loudest: number; readonly pulses: number }> {
  const all = await stretches(page, from);
  let pulses = 0;
  all.forEach(({ loudness }, n) => {
    if (loudness >= HEARD_MIN && (all[n - 1]?.loudness ?? 0) < HEARD_MIN) pulses += 1;
  });
  return { loudest: Math.max(0, ...all.map(({ loudness }) => loudness)), pulses };
}
