/**
 * Silence is an alarm: however the present stops coming, every tile says so within 3 s and the
 * wall is heard within 10 s, by what the browser alone knows. Times are measured in the page, from
 * the moment before the trouble was made, and printed.
 */
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { enter, expectLiveTile, required } from './at_the_wall.ts';
import { clockOf, firstSound, heardSince, layEars } from './ears.ts';
import { IS_DEV, regionProcess, setTrouble } from './trouble.ts';
import type { Trouble } from './trouble.ts';
import { test } from './with_line.ts';

const SHOTS = 'test-results/screenshots';
/** What the wall promises, ms. */
const SAID_MILLIS_MAX = 3_000;
const HEARD_MILLIS_MAX = 10_000;

// The ears need a worklet of their own; that the page obeys its policy is seen by all other tests.
test.use({ bypassCSP: true });
test.describe.configure({ timeout: 120_000 });

test.beforeEach(async ({ page, request }) => {
  if (IS_DEV) await setTrouble(request, 'calm');
  await layEars(page);
});

test.afterEach(async ({ request }) => {
  if (IS_DEV) await setTrouble(request, 'none');
});

/** A wall on which beds live and sound may be made. */
async function atALiveWall(page: Page, url: string): Promise<void> {
  await enter(page, url);
  await expectLiveTile(page);
  await page.keyboard.press('Shift');
  await expect(page.getByTestId('sound')).toHaveAttribute('data-sound', /checked/);
  await expect(page.locator('[data-testid=tile] [data-testid=silence]').filter({ hasText: '未受信' })).toHaveCount(0);
}

/** Resolves when every tile says that no data come; milliseconds since the call. */
function everyTileSays(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const from = performance.now();
        const look = setInterval(() => {
          const tiles = [...document.querySelectorAll('[data-testid=tile]')];
          const silent = tiles.filter((tile) => tile.querySelector('[data-testid=silence]') !== null);
          if (tiles.length === 0 || silent.length < tiles.length) return;
          clearInterval(look);
          resolve(performance.now() - from);
        }, 20);
      }),
  );
}

function report(what: string, said: number, heard: number | undefined): void {
  const seconds = (millis: number | undefined) => (millis === undefined ? 'never' : `${(millis / 1000).toFixed(2)} s`);
  console.log(`    ${what}: every tile after ${seconds(said)}, sound after ${seconds(heard)}`);
}

/** Makes trouble and measures what is said and heard of it. */
async function measure(page: Page, what: string, make: () => Promise<unknown>): Promise<void> {
  await expect(page.getByTestId('silence')).toHaveCount(0);
  const from = await clockOf(page);
  const saying = everyTileSays(page);
  await make();
  const said = await saying;
  const heard = await firstSound(page, from, 15_000);
  report(what, said, heard);
  expect(said).toBeLessThanOrEqual(SAID_MILLIS_MAX);
  expect(heard).toBeLessThanOrEqual(HEARD_MILLIS_MAX);
  await expect(page.getByTestId('stale')).toBeVisible();
  expect(await page.locator('[data-testid=tile] [data-kind=live]').count()).toBe(0);
  for (const sentence of await page.getByTestId('silence').all()) await expect(sentence).toBeInViewport({ ratio: 0.95 });
}

async function expectRecovery(page: Page): Promise<void> {
  await expect(page.getByTestId('stale')).toBeHidden({ timeout: 20_000 });
  await expectLiveTile(page);
  await page.waitForTimeout(500);
  const from = await clockOf(page);
  await page.waitForTimeout(4_500);
  expect((await heardSince(page, from)).loudest).toBe(0);
}

test.describe('silence', () => {
  test('a frozen server', async ({ page, request }) => {
    const pid = await regionProcess(request);
    test.skip(pid === undefined, 'UBUGOE_SERVER_PID names the process to be frozen');
    await atALiveWall(page, required('UBUGOE_URL'));
    try {
      await measure(page, 'server frozen (SIGSTOP)', () => Promise.resolve(process.kill(pid ?? 0, 'SIGSTOP')));
    } finally {
      process.kill(pid ?? 0, 'SIGCONT');
    }
    await expectRecovery(page);
  });

  for (const transport of ['webrtc', 'websocket'] as const) {
    test(`a line cut under ${transport}`, async ({ page, line }) => {
      await atALiveWall(page, `${line.url}/?transport=${transport}`);
      await measure(page, `line cut (${transport})`, () => Promise.resolve(line.cut()));
      await page.screenshot({ path: `${SHOTS}/silence_${transport}.png` });
      line.mend();
      await expectRecovery(page);
    });
  }

  test('real frames that were recorded and are replayed, through every reconnect', async ({ page }) => {
    const recorded: (string | Buffer)[][] = [[]];
    let isReplayed = false;
    await page.routeWebSocket('**/api/wall/socket', (near) => {
      if (isReplayed) {
        let step = 0;
        const timer = setInterval(() => recorded[step++ % recorded.length]?.forEach((frame) => near.send(frame)), 1_000);
        near.onClose(() => clearInterval(timer));
        return;
      }
      const far = near.connectToServer();
      const timer = setInterval(() => {
        if (!isReplayed) recorded.push([]);
        else recorded[step++ % recorded.length]?.forEach((frame) => near.send(frame));
      }, 1_000);
      let step = 0;
      near.onClose(() => clearInterval(timer));
      far.onMessage((frame) => {
        if (isReplayed) return;
        recorded.at(-1)?.push(frame);
        near.send(frame);
      });
    });
    await atALiveWall(page, `${required('UBUGOE_URL')}/?transport=websocket`);
    await page.waitForTimeout(8_000);
    await measure(page, 'recorded frames replayed', () => Promise.resolve((isReplayed = true)));
    await page.waitForTimeout(15_000);
    await expect(page.getByTestId('stale')).toBeVisible();
    expect(await page.locator('[data-testid=tile] [data-kind=live]').count()).toBe(0);
  });

  const troubles: readonly (readonly [Trouble, string, RegExp])[] = [
    ['replay', 'old frames replayed', /old frames|nothing comes/],
    ['repeat', 'one beat repeated', /repeated frames|old frames|nothing comes/],
    ['still', 'a clock that stands still', /repeated frames|old frames/],
    ['beats only', 'a beat without data', /no data of any bed/],
  ];
  for (const [trouble, what, cause] of troubles) {
    test(what, async ({ page, request }) => {
      test.skip(!IS_DEV, 'only the made-up region misbehaves on demand');
      await atALiveWall(page, required('UBUGOE_URL'));
      await measure(page, what, () => setTrouble(request, trouble));
      await expect(page.getByTestId('stale')).toHaveAttribute('data-cause', cause);
      // It stays so through every reconnect.
      await page.waitForTimeout(8_000);
      await expect(page.getByTestId('stale')).toBeVisible();
      expect(await page.locator('[data-testid=tile] [data-kind=live]').count()).toBe(0);
      await setTrouble(request, 'calm');
      await expectRecovery(page);
    });
  }
});

test.describe('a browser that is in its own way', () => {
  test('hears the alarm although the timers of the page run once a minute, as in a hidden tab', async ({ page, line }) => {
    await atALiveWall(page, line.url);
    await page.evaluate(() => {
      const { setTimeout: later, setInterval: every } = window;
      window.setTimeout = ((act: TimerHandler, millis = 0) => later(act, Math.max(millis, 60_000))) as typeof setTimeout;
      window.setInterval = ((act: TimerHandler, millis = 0) => every(act, Math.max(millis, 60_000))) as typeof setInterval;
    });
    await expectHeardAfter(page, 'line cut, timers slowed down', () => line.cut());
  });

  test('is heard although the page hangs: the audio clock is not held up', async ({ page, line }) => {
    await atALiveWall(page, line.url);
    await page.waitForTimeout(2_000);
    const from = await clockOf(page);
    await page.evaluate(() => {
      const until = performance.now() + 13_000;
      while (performance.now() < until);
    });
    const heard = await firstSound(page, from, 16_000);
    console.log(`    page hung: sound after ${((heard ?? NaN) / 1000).toFixed(2)} s`);
    expect(heard).toBeLessThanOrEqual(HEARD_MILLIS_MAX);
    await expectRecovery(page);
  });

  test('says on waking that all is old, where its monotonic clock slept as well, and recovers', async ({ page, line }) => {
    await page.addInitScript(() => {
      const now = Date.now.bind(Date);
      let asleep = 0;
      Date.now = () => now() + asleep;
      Object.assign(window, { sleepFor: (millis: number) => (asleep += millis) });
    });
    await atALiveWall(page, line.url);
    const saying = everyTileSays(page);
    await page.evaluate(() => (window as unknown as { sleepFor: (millis: number) => void }).sleepFor(3_600_000));
    const said = await saying;
    console.log(`    woken after an hour: every tile after ${(said / 1000).toFixed(2)} s`);
    expect(said).toBeLessThan(1_000);
    await expectRecovery(page);
  });

  test('says on being thawed that all is old', async ({ page, line, context }) => {
    await atALiveWall(page, `${line.url}/?transport=websocket`);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    line.cut();
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    const said = await everyTileSays(page);
    console.log(`    thawed after 8 s: every tile after ${(said / 1000).toFixed(2)} s`);
    expect(said).toBeLessThan(1_000);
    line.mend();
    await expectRecovery(page);
  });

  test('believes neither its calendar nor its time zone', async ({ browser, line }) => {
    const context = await browser.newContext({ bypassCSP: true, timezoneId: 'America/New_York', locale: 'ja-JP' });
    const page = await context.newPage();
    await layEars(page);
    await page.addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() - 3.1 * 3_600_000;
    });
    await atALiveWall(page, `${line.url}/?transport=websocket`);
    await expect(page.getByTestId('notice')).toContainText('この端末の時計はサーバーと 3 時間');
    const shown = await page.getByTestId('clock').textContent();
    const tokyo = new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const expected = [Date.now() - 60_000, Date.now()].map((at) => tokyo.format(at));
    expect(expected).toContain(shown?.slice(0, 5));
    await measure(page, 'line cut, calendar 3 h off', () => Promise.resolve(line.cut()));
    await context.close();
  });

  test('is one of two tabs, and each is heard by itself', async ({ page, line, context }) => {
    const url = `${line.url}/?transport=websocket`;
    await atALiveWall(page, url);
    const second = await context.newPage();
    await layEars(second);
    await atALiveWall(second, url);
    const [first, other] = [await clockOf(page), await clockOf(second)];
    line.cut();
    const heard = [await firstSound(page, first, 12_000), await firstSound(second, other, 12_000)];
    console.log(`    two tabs: sound after ${heard.map((each) => `${((each ?? NaN) / 1000).toFixed(2)} s`).join(' and ')}`);
    for (const each of heard) expect(each).toBeLessThanOrEqual(HEARD_MILLIS_MAX);
  });
});

async function expectHeardAfter(page: Page, what: string, make: () => void): Promise<void> {
  const from = await clockOf(page);
  make();
  const heard = await firstSound(page, from, 15_000);
  console.log(`    ${what}: sound after ${((heard ?? NaN) / 1000).toFixed(2)} s`);
  expect(heard).toBeLessThanOrEqual(HEARD_MILLIS_MAX);
}
