/**
 * `npm run bench`: how smoothly and how cheaply a wall of 128 beds runs where there is no GPU.
 *
 * The product's strips beside the same wall drawn with uPlot and with smoothie, in one browser,
 * turn by turn; of several rounds the quietest of each wall is printed. No figure is asserted: a
 * machine that does other work is slower. What can be compared between machines is the ratio.
 *
 *   --seconds 10   of each run        --rounds 2       --beds 128      --speed 1   cm/min
 *   --size 1920x1080                  --walls a,b      of ubugoe, uplot each pixel, …
 *   --hours 8      simulated after the runs, the heap looked at every half hour; 0 leaves it out
 *   --json         prints figures instead of tables    --profile DIR  keeps CPU profiles
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { build } from 'vite';
import type { Bench } from './page/main.ts';
import { startBrowser, Watched } from './chromium.ts';
import type { Screen } from './chromium.ts';
import { figuresOf, quietest, slope, table } from './figures.ts';
import type { Figures } from './figures.ts';
import pages from './vite.config.ts';

const { values: given } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '2' },
    beds: { type: 'string', default: '128' },
    speed: { type: 'string', default: '1' },
    size: { type: 'string', default: '1920x1080' },
    walls: { type: 'string', default: 'ubugoe,uplot each pixel,uplot each frame,smoothie' },
    hours: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});

const OURS = 'ubugoe';
/** Before measuring: the first paintings, and the compiler of the browser, are none of it. */
const SETTLE_MILLIS = 3_000;
/** Data that is older when a run ends did not come: a wall that cannot keep up is behind by a few seconds. */
const AGE_SECONDS_MAX = 10;
/** Simulated time between two looks at the heap, and between two paintings, s. */
const HEAP_EVERY_SECONDS = 1_800;
const PAINT_EVERY_SECONDS = 5;
/** Simulated hours until the recent seconds are full: an hour, and some. */
const FILLING_HOURS = 1.5;

const [width = 1920, height = 1080] = given.size.split('x').map(Number);
const screen: Screen = { width, height };
const walls = given.walls.split(',');
const say = (text: string) => {
  if (!given.json) console.log(text);
};

await build(pages);
const server = await serve(pages.build?.outDir ?? '');
const browser = await startBrowser();
try {
  say(`${given.beds} beds × 4 traces, ${given.size}, ${given.speed} cm/min; ${given.rounds} rounds of ${given.seconds} s`);
  const runs: Figures[] = [];
  for (let round = 0; round < Number(given.rounds); round += 1) {
    for (const wall of walls) runs.push(await measure(browser, wall));
  }
  const best = walls.flatMap((wall) => quietest(runs.filter((run) => run.wall === wall)) ?? []);
  say(table(best, OURS));
  say(`load of the machine in the last minute: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`);
  const heap = Number(given.hours) > 0 ? await watchHeap(browser, Number(given.hours)) : undefined;
  if (given.json) console.log(JSON.stringify({ best, runs, heap }, undefined, 2));
} finally {
  await browser.close();
  server.close();
}

async function measure(browser: Browser, wall: string): Promise<Figures> {
  const watched = await open(browser, wall, 'real');
  await watched.page.waitForTimeout(SETTLE_MILLIS);
  const millis = Number(given.seconds) * 1000;
  const heapBefore = await watched.liveBytes();
  const before = await watched.look();
  const gaps = await watched.gaps(millis);
  const after = await watched.look();
  const age = await watched.page.evaluate(() => window.bench.ageSeconds());
  if (age > AGE_SECONDS_MAX) throw new Error(`${wall} got no data for ${age.toFixed(1)} s: nothing was measured`);
  const heapAfter = await watched.liveBytes();
  if (given.profile !== undefined) {
    const profile = await watched.profile(() => watched.page.waitForTimeout(millis));
    await mkdir(given.profile, { recursive: true });
    await writeFile(join(given.profile, `${wall}.cpuprofile`), JSON.stringify(profile));
    await watched.page.screenshot({ path: join(given.profile, `${wall}.png`) });
  }
  await watched.close();
  return figuresOf(wall, { before, after }, gaps, { before: heapBefore, after: heapAfter });
}

async function watchHeap(browser: Browser, hours: number): Promise<object> {
  const watched = await open(browser, OURS, 'ahead');
  const points: (readonly [number, number])[] = [];
  for (let seconds = 0; seconds < hours * 3_600; seconds += HEAP_EVERY_SECONDS) {
    await watched.page.evaluate(([seconds, every]) => window.bench.pass(seconds, every), [HEAP_EVERY_SECONDS, PAINT_EVERY_SECONDS] as const);
    points.push([(seconds + HEAP_EVERY_SECONDS) / 3_600, await watched.liveBytes()]);
  }
  await watched.close();
  say('\nheap of ubugoe after a forced collection, by simulated hour:');
  say(points.map(([hour, bytes]) => `${hour} h ${(bytes / 1e6).toFixed(2)} MB`).join('   '));
  const { slope: bytesPerHour, error } = slope(points.filter(([hour]) => hour >= FILLING_HOURS));
  const [rise, errorKb] = [bytesPerHour / 1000, error / 1000].map((kilobytes) => kilobytes.toFixed(1));
  say(`slope from ${FILLING_HOURS} h on, when the recent hour is full: ${rise} kB/h, standard error ${errorKb} kB/h`);
  return { points, bytesPerHour, error };
}

async function open(browser: Browser, wall: string, clock: 'real' | 'ahead'): Promise<Watched> {
  const watched = await Watched.open(browser, screen);
  const { port } = server.address() as AddressInfo;
  const query = new URLSearchParams({ wall, clock, beds: given.beds, speed: given.speed });
  await watched.page.goto(`http://127.0.0.1:${port}/index.html?${query}`);
  await watched.page.waitForFunction(() => window.benchReady, undefined, { timeout: 120_000 });
  return watched;
}

/** Serves the built pages on the loopback. */
async function serve(folder: string) {
  const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    readFile(join(folder, pathname)).then(
      (bytes) => response.writeHead(200, { 'content-type': types[extname(pathname)] ?? 'application/octet-stream' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

declare global {
  interface Window {
    bench: Bench;
    benchReady: boolean;
  }
}
