/** What a test sees on a strip: its pixels, compared in the page where they are. */
import type { Locator } from '@playwright/test';

/** What happened on a strip in a while. */
export interface Movement {
  /** By how many pixels the printed paper moved to the left. */
  readonly movedPx: number;
  readonly seconds: number;
  /** The rightmost pixel column that holds the ink asked for, in the later picture; or -1. */
  readonly inkEndPx: number;
  readonly widthPx: number;
}

/**
 * Watches a strip for so many milliseconds.
 *
 * The movement is the shift at which the middle of both pictures agree best: paper and traces
 * that were already printed there, with the titles at the left and the newest data left out.
 */
export async function watch(
  canvas: Locator,
  millis: number,
  ink: readonly [number, number, number],
): Promise<Movement> {
  return canvas.evaluate(
    async (element, { millis, ink }) => {
      if (!(element instanceof HTMLCanvasElement)) throw new Error('this is no canvas');
      const { width, height } = element;
      const look = () => {
        const data = element.getContext('2d')?.getImageData(0, 0, width, height).data;
        if (data === undefined) throw new Error('the canvas cannot be read');
        return { data, at: performance.now() };
      };
      const earlier = look();
      await new Promise((resolve) => setTimeout(resolve, millis));
      const later = look();
      const from = Math.round(width * 0.3);
      const to = Math.round(width * 0.75);
      const difference = (shift: number) => {
        let sum = 0;
        for (let y = 0; y < height; y += 3) {
          for (let x = from; x < to; x += 1) {
            const before = earlier.data[(y * width + x + shift) * 4] ?? 0;
            sum += Math.abs(before - (later.data[(y * width + x) * 4] ?? 0));
          }
        }
        return sum;
      };
      let best = { shift: 0, error: Infinity };
      for (let shift = 0; shift <= 60; shift += 1) {
        const error = difference(shift);
        if (error < best.error) best = { shift, error };
      }
      const isInk = (at: number) => ink.every((part, i) => Math.abs((later.data[at + i] ?? 0) - part) <= 24);
      let inkEndPx = -1;
      for (let x = width - 1; x >= 0 && inkEndPx < 0; x -= 1) {
        for (let y = 0; y < height && inkEndPx < 0; y += 1) if (isInk((y * width + x) * 4)) inkEndPx = x;
      }
      return { movedPx: best.shift, seconds: (later.at - earlier.at) / 1000, inkEndPx, widthPx: width };
    },
    { millis, ink },
  );
}
