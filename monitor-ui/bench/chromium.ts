/**
 * A Chromium without a GPU and what DevTools tells of it.
 *
 * In: a page. Out: seconds of the main thread by kind of work, CPU seconds of each process, bytes
 * of the heap after a forced collection. Each figure is a difference between two looks.
 */
import { chromium } from '@playwright/test';
import type { Browser, CDPSession, Page } from '@playwright/test';
import config from '../playwright.config.ts';

/** Size of the screen in CSS pixels. */
export interface Screen {
  readonly width: number;
  readonly height: number;
}

/** The figures of one look. All but the heap count up from the start of the page. */
export interface Look {
  readonly atSeconds: number;
  readonly taskSeconds: number;
  readonly scriptSeconds: number;
  readonly layoutSeconds: number;
  readonly styleSeconds: number;
  /** CPU of the renderer, by its own count. */
  readonly rendererSeconds: number;
  /** CPU of every process of the browser. */
  readonly allSeconds: number;
}

/** As text: what runs the benchmark would name the inner function with a helper that no page has. */
const GAPS = `(millis) => new Promise((resolve) => {
  const at = [];
  const frame = (now) => {
    at.push(now);
    if (now - at[0] < millis) requestAnimationFrame(frame);
    else resolve(at.slice(1).map((each, n) => each - at[n]));
  };
  requestAnimationFrame(frame);
})`;

/** Starts the browser that the tests of the page use. */
export async function startBrowser(): Promise<Browser> {
  const { executablePath, args } = config.use?.launchOptions ?? {};
  return chromium.launch({ executablePath: executablePath ?? '/usr/bin/chromium', args: [...(args ?? [])] });
}

/** A page of its own process, and how one looks at it. */
export class Watched {
  readonly page: Page;
  readonly #devtools: CDPSession;
  readonly #browser: CDPSession;

  private constructor(page: Page, devtools: CDPSession, browser: CDPSession) {
    this.page = page;
    this.#devtools = devtools;
    this.#browser = browser;
  }

  static async open(browser: Browser, screen: Screen): Promise<Watched> {
    const context = await browser.newContext({ viewport: screen, deviceScaleFactor: 1, locale: 'ja-JP' });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(error));
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'timeTicks' });
    return new Watched(page, devtools, await browser.newBrowserCDPSession());
  }

  async look(): Promise<Look> {
    const { metrics } = await this.#devtools.send('Performance.getMetrics');
    const figure = (name: string) => metrics.find((each) => each.name === name)?.value ?? NaN;
    const { processInfo } = await this.#browser.send('SystemInfo.getProcessInfo');
    return {
      atSeconds: figure('Timestamp'),
      taskSeconds: figure('TaskDuration'),
      scriptSeconds: figure('ScriptDuration'),
      layoutSeconds: figure('LayoutDuration'),
      styleSeconds: figure('RecalcStyleDuration'),
      rendererSeconds: figure('ProcessTime'),
      allSeconds: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    };
  }

  /** Gaps between animation frames for so long, ms. */
  async gaps(millis: number): Promise<number[]> {
    return this.page.evaluate<number[]>(`(${GAPS})(${millis})`);
  }

  /** Bytes that live after a collection: script objects, the page's own, and array buffers. */
  async liveBytes(): Promise<number> {
    // Twice, with a frame between: what the first one ends is collected by the second.
    await this.#devtools.send('HeapProfiler.collectGarbage');
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    await this.#devtools.send('HeapProfiler.collectGarbage');
    const usage = (await this.#devtools.send('Runtime.getHeapUsage')) as unknown as Record<string, number>;
    return (usage['usedSize'] ?? 0) + (usage['embedderHeapUsedSize'] ?? 0) + (usage['backingStorageSize'] ?? 0);
  }

  /** Writes what the main thread did while `during` ran, as DevTools reads it. */
  async profile(during: () => Promise<unknown>): Promise<unknown> {
    await this.#devtools.send('Profiler.enable');
    await this.#devtools.send('Profiler.start');
    await during();
    const { profile } = await this.#devtools.send('Profiler.stop');
    return profile;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
