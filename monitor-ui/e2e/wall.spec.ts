/**
 * The wall as its users meet it, in a real browser against a real region.
 *
 * Needs `UBUGOE_URL`, `UBUGOE_USER` and `UBUGOE_PASSWORD` of a region in which beds are live.
 */
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { enter, expectAccessible, expectLiveTile, listen, logIn, required } from './at_the_wall.ts';
import { watch } from './eyes.ts';
import { test } from './with_line.ts';

const SHOTS = 'test-results/screenshots';
/** Green ink of the contraction trace on light paper. */
const UA_INK = [11, 97, 66] as const;

test.describe('the wall', () => {
  for (const transport of ['webrtc', 'websocket'] as const) {
    test(`shows live beds over ${transport}, and their strips move with the time`, async ({ page, line }) => {
      const complaints = listen(page);
      await enter(page, `${line.url}/?transport=${transport}`);
      const name = transport === 'webrtc' ? 'WebRTC' : 'WebSocket';
      await expect(page.getByTestId('transport')).toHaveText(name);
      await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'fresh');
      await expectLiveTile(page);
      await expectMovement(page);
      expect(complaints).toEqual([]);
    });

    test(`says that data stopped when the network is lost over ${transport}, and recovers`, async ({ page, line }) => {
      await enter(page, `${line.url}/?transport=${transport}`);
      await expectLiveTile(page);
      line.cut();
      await expect(page.getByTestId('stale')).toBeVisible({ timeout: 4_500 });
      await expect(page.getByRole('alert').filter({ hasText: 'サーバーからデータが届いていません' })).toBeVisible();
      await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'cut');
      const tiles = page.getByTestId('tile');
      const silent = page.getByTestId('tile').getByTestId('silence');
      await expect(silent).toHaveCount(await tiles.count());
      await expect(silent.first()).toContainText(/データなし|データ未受信/);
      await expect(page.locator('[data-testid=tile] [data-kind=live]')).toHaveCount(0);
      for (const tile of await tiles.all()) await expect(tile).toBeInViewport({ ratio: 0.99 });
      await expect(page).toHaveTitle(/データ途絶/);
      await page.screenshot({ path: `${SHOTS}/stale_${transport}.png` });
      line.mend();
      await expect(page.getByTestId('stale')).toBeHidden({ timeout: 20_000 });
      await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'fresh');
      await expectLiveTile(page);
    });
  }

  test('falls back to WebSocket by itself where WebRTC finds no way', async ({ page, line }) => {
    await page.route('**/api/wall/offer', (route) => route.abort());
    await enter(page, line.url);
    await expect(page.getByTestId('transport')).toHaveText('WebSocket');
    await expectLiveTile(page);
  });

  test('raises the alarm also when the browser itself knows that it is offline', async ({ page, line, context }) => {
    await enter(page, `${line.url}/?transport=websocket`);
    await expectLiveTile(page);
    await context.setOffline(true);
    line.drop();
    await expect(page.getByTestId('stale')).toBeVisible({ timeout: 4_500 });
    await context.setOffline(false);
    await expect(page.getByTestId('stale')).toBeHidden({ timeout: 20_000 });
  });

  test('asks for the login again when the session was ended', async ({ page, line, context }) => {
    await enter(page, `${line.url}/?transport=websocket`);
    await expectLiveTile(page);
    await context.clearCookies();
    line.drop();
    await expect(page.getByTestId('login')).toBeVisible();
    await expect(page.getByRole('alert').filter({ hasText: '有効期限' })).toBeVisible();
  });

  test('refuses a wrong password in words, and logs out', async ({ page, line }) => {
    await page.goto(line.url);
    await page.fill('[name=name]', required('UBUGOE_USER'));
    await page.fill('[name=password]', 'certainly-not-this-one');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('違います');
    await logIn(page);
    await page.getByTestId('logout').click();
    await expect(page.getByTestId('login')).toBeVisible();
    await page.reload();
    await expect(page.getByTestId('login')).toBeVisible();
  });
});

test.describe('hands and eyes', () => {
  test('keys alone choose a bed, close it and change the paper', async ({ page, line }) => {
    await enter(page, line.url);
    const beds = await page.getByTestId('tile').evaluateAll((tiles) => tiles.map((t) => t.getAttribute('data-bed')));
    await page.getByTestId('beds').locator('button').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('panel')).toHaveAttribute('data-bed', beds[1] ?? '');
    await page.getByTestId('speed').locator('input:checked').focus();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByTestId('paper')).toContainText('2 cm/分');
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByTestId('paper')).toContainText('1 cm/分');
    await page.getByTestId('rate').locator('input:checked').focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByTestId('paper')).toContainText('20 bpm/cm');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('panel')).toBeHidden();
    await expect(page.locator('[data-testid=beds] button:focus')).toHaveCount(1);
  });

  test('a centimetre of paper is a centimetre: the strip has the height of its scale', async ({ page, line }) => {
    await enter(page, line.url);
    const strip = page.getByTestId('strip');
    for (const [scale, cm] of [['30–240', 7 + 4], ['50–210', 8 + 4]] as const) {
      await page.getByTestId('rate').getByRole('radio', { name: scale }).check();
      await page.getByTestId('magnification').getByRole('radio', { name: '×1', exact: true }).check();
      const box = await strip.boundingBox();
      // 0.2 cm of margin above and below, 0.9 cm between the fields, 0.65 cm for the levels.
      expect(Math.abs((box?.height ?? 0) - ((cm + 1.95) * 96) / 2.54)).toBeLessThan(2);
    }
  });

  test('the language changes every word, and the screen remembers it', async ({ page, line }) => {
    await enter(page, line.url);
    await expect(page.getByTestId('notice')).toContainText('医療機器として未承認');
    await expect(page.getByTestId('notice')).toContainText('not an approved medical device');
    await page.getByTestId('language').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByTestId('logout')).toContainText('Log out');
    await expect(page.getByTestId('age').first()).toHaveText(/^\d+ s ago$/);
    await page.getByTestId('theme').click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await page.reload();
    await expect(page.getByTestId('logout')).toContainText('Log out');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    const kept = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
    expect(kept).not.toContain(required('UBUGOE_USER'));
  });

  test('axe finds nothing to complain about, on any page, in light, dark and red', async ({ page, line }) => {
    await page.goto(line.url);
    await expect(page.getByTestId('login')).toBeVisible();
    await expectAccessible(page, 'login');
    await enter(page, line.url);
    await expectLiveTile(page);
    await expectAccessible(page, 'light');
    await page.getByTestId('theme').click();
    await page.getByTestId('language').click();
    await expectAccessible(page, 'dark, English');
    line.cut();
    await expect(page.getByTestId('stale')).toBeVisible();
    await expectAccessible(page, 'dark, stale');
    await page.getByTestId('theme').click();
    await expectAccessible(page, 'night, stale');
    await page.getByTestId('theme').click();
    await expectAccessible(page, 'light, stale');
    line.mend();
    await expect(page.getByTestId('stale')).toBeHidden();
    for (const theme of ['dark', 'night']) {
      await page.getByTestId('theme').click();
      await expectAccessible(page, theme);
    }
  });

  test('calm motion moves the paper once a second and not between', async ({ page, line }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await enter(page, line.url);
    await expectLiveTile(page);
    await expectMovement(page);
  });
});

test.describe('pictures', () => {
  for (const [name, width, height, ratio] of [
    ['desktop', 1440, 900, 1],
    ['wall_4k', 3840, 2160, 1],
    ['phone', 390, 844, 2],
  ] as const) {
    test(`${name} holds everything and overflows nowhere`, async ({ browser, line }) => {
      const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: ratio });
      const page = await context.newPage();
      await enter(page, line.url);
      await expectLiveTile(page);
      if (name === 'phone') {
        await page.screenshot({ path: `${SHOTS}/phone_beds.png` });
        await page.getByTestId('tile').first().locator('button').click();
      }
      await expect(page.getByTestId('strip')).toBeVisible();
      await page.waitForTimeout(1_500);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `${SHOTS}/${name}.png` });
      await context.close();
    });
  }
});

/** The large strip: printed paper moves left by the chosen speed, and its trace reaches now. */
async function expectMovement(page: Page): Promise<void> {
  const canvas = page.getByTestId('strip');
  await expect(canvas).toBeVisible();
  await page.waitForTimeout(1_000);
  const { movedPx, seconds, inkEndPx, widthPx } = await watch(canvas, 5_000, UA_INK);
  const pxPerSecond = (3 * 96) / 2.54 / 60;
  expect(movedPx).toBeGreaterThan((seconds - 1.5) * pxPerSecond);
  expect(movedPx).toBeLessThan((seconds + 1.5) * pxPerSecond);
  const nowPx = widthPx - Math.round(10.97 * 2.5);
  expect(nowPx - inkEndPx).toBeLessThan(5 * pxPerSecond);
}
