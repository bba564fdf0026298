/**
 * What people hear and do about it: the test of the sounds, pauses, acknowledgement, a login that
 * ends, the safety card; by keys alone where hands would do as well.
 */
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { enter, expectAccessible, expectLiveTile, logIn, required } from './at_the_wall.ts';
import { clockOf, firstSound, heardSince, layEars } from './ears.ts';
import { IS_DEV, setTrouble } from './trouble.ts';
import { test } from './with_line.ts';

const SHOTS = 'test-results/screenshots';
const SIZES = [
  ['desktop', 1440, 900, 1],
  ['wall_4k', 3840, 2160, 1],
  ['phone', 390, 844, 2],
] as const;

test.use({ bypassCSP: true });
test.describe.configure({ timeout: 120_000 });

test.beforeEach(async ({ page, request }) => {
  if (IS_DEV) await setTrouble(request, 'calm');
  await layEars(page);
});

test.afterEach(async ({ request }) => {
  if (IS_DEV) await setTrouble(request, 'none');
});

async function loudnessOver(page: Page, millis: number): Promise<number> {
  const from = await clockOf(page);
  await page.waitForTimeout(millis);
  return (await heardSince(page, from)).loudest;
}

test.describe('the sound', () => {
  test('is blocked until somebody touches the page, and the wall says so', async ({ page, line }) => {
    await enter(page, line.url);
    await page.reload();
    await expectLiveTile(page);
    await expect(page.getByTestId('sound-call')).toContainText('アラーム音がブラウザに止められています');
    await expect(page.getByTestId('sound')).toHaveAttribute('data-sound', 'blocked');
    await expectAccessible(page, 'sound blocked');
    await page.screenshot({ path: `${SHOTS}/sound_blocked.png` });
    await page.keyboard.press('Shift');
    await expect(page.getByTestId('sound-call')).toBeHidden();
    await expect(page.getByTestId('sound')).toHaveAttribute('data-sound', 'unchecked');
    expect(await loudnessOver(page, 1_000)).toBe(0);
  });

  test('is tested by keys alone: three priorities, ten, three and two pulses, and the check is remembered', async ({ page, line }) => {
    await enter(page, line.url);
    await page.getByTestId('sound').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('sound-panel')).toBeVisible();
    for (const [priority, pulses, seconds] of [['high', 10, 4.5], ['medium', 3, 2], ['low', 2, 1.5]] as const) {
      await page.getByTestId(`test-${priority}`).focus();
      const from = await clockOf(page);
      await page.keyboard.press('Enter');
      await page.waitForTimeout(seconds * 1000);
      const heard = await heardSince(page, from);
      console.log(`    ${priority}: ${heard.pulses} pulses, loudest ${heard.loudest.toFixed(2)}`);
      expect(heard.pulses).toBe(pulses);
      expect(heard.loudest).toBeGreaterThan(0.1);
    }
    await page.getByTestId('not-heard').click();
    await expect(page.getByTestId('sound-panel')).toContainText('別の端末で監視してください');
    await expect(page.getByTestId('sound')).toHaveAttribute('data-sound', 'unchecked');
    await page.getByTestId('test-low').click();
    await page.getByTestId('heard').click();
    await expect(page.getByTestId('sound')).toHaveAttribute('data-sound', 'checked');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('sound-panel')).toBeHidden();
    await page.reload();
    await expectLiveTile(page);
    await page.keyboard.press('Shift');
    await expect(page.getByTestId('sound')).toHaveAttribute('data-sound', 'checked');
  });

  test('is paused for two minutes at most, in sight, and by keys lets itself be heard again', async ({ page, line }) => {
    await enter(page, line.url);
    await expectLiveTile(page);
    const from = await clockOf(page);
    line.cut();
    expect(await firstSound(page, from, 12_000)).toBeDefined();
    await page.getByTestId('pause').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('countdown')).toHaveText(/音停止 (2:00|1:5\d)/);
    await expect(page.getByTestId('sound')).toContainText('音停止中 1');
    await page.waitForTimeout(300);
    expect(await loudnessOver(page, 6_000)).toBe(0);
    await expect(page.getByTestId('stale')).toBeVisible();
    await page.screenshot({ path: `${SHOTS}/sound_paused.png` });
    const again = await clockOf(page);
    await page.getByTestId('resume').focus();
    await page.keyboard.press('Enter');
    expect(await firstSound(page, again, 2_000)).toBeDefined();
  });

  test('of one bed is acknowledged without silencing the next, and the bed stays in the list', async ({ page, line, request }) => {
    test.skip(!IS_DEV, 'only the made-up region silences one bed on demand');
    await enter(page, line.url);
    await expectLiveTile(page);
    const from = await clockOf(page);
    await setTrouble(request, 'one bed');
    const heard = await firstSound(page, from, 25_000);
    console.log(`    one bed without data: sound after ${((heard ?? NaN) / 1000).toFixed(2)} s`);
    expect(heard).toBeGreaterThan(12_000);
    await expect(page.getByTestId('stale')).toBeHidden();
    const alarm = page.getByTestId('alarm');
    await expect(alarm).toHaveAttribute('data-priority', 'medium');
    await expect(alarm).toContainText('ベッドのデータが届いていません');
    await expectAccessible(page, 'one bed silent');
    await alarm.getByTestId('pause').click();
    await expect(page.getByTestId('tile-paused')).toHaveText(/音停止/);
    await page.screenshot({ path: `${SHOTS}/alarm_bed.png` });
    await alarm.getByTestId('resume').click();
    await alarm.getByTestId('acknowledge').focus();
    await page.keyboard.press('Enter');
    await expect(alarm).toContainText('確認済み');
    await page.waitForTimeout(300);
    expect(await loudnessOver(page, 12_000)).toBe(0);
    await setTrouble(request, 'calm');
    await expect(alarm).toHaveCount(0, { timeout: 10_000 });
  });

  test('calls when the login ends at night, until somebody deals with it', async ({ page, line, context }) => {
    await enter(page, `${line.url}/?transport=websocket`);
    await expectLiveTile(page);
    await context.clearCookies();
    const from = await clockOf(page);
    line.drop();
    await expect(page.getByTestId('login')).toBeVisible();
    expect(await firstSound(page, from, 10_000)).toBeDefined();
    await expect(page.getByTestId('unwatched')).toContainText('監視が止まっています');
    await expectAccessible(page, 'login ended');
    await page.screenshot({ path: `${SHOTS}/session_ended.png` });
    await logIn(page);
    await page.waitForTimeout(300);
    expect(await loudnessOver(page, 4_000)).toBe(0);
  });
});

test.describe('the safety card', () => {
  test('comes once to each person in a browser, and again by a key', async ({ page, line }) => {
    await page.goto(line.url);
    await page.fill('[name=name]', required('UBUGOE_USER'));
    await page.fill('[name=password]', required('UBUGOE_PASSWORD'));
    await page.keyboard.press('Enter');
    const card = page.getByTestId('safety');
    await expect(card).toContainText('医療機器としては承認されていません');
    await expect(card).toContainText('静かなことは、安全の証拠ではありません');
    await expectAccessible(page, 'safety card');
    await page.getByTestId('understood').focus();
    await page.keyboard.press('Enter');
    await expect(card).toBeHidden();
    await page.reload();
    await expectLiveTile(page);
    await expect(card).toBeHidden();
    await page.keyboard.press('?');
    await expect(card).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(card).toBeHidden();
    await page.getByTestId('language').click();
    await page.getByTestId('open-safety').click();
    await expect(card).toContainText('not an approved medical device');
    expect(await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toContain(required('UBUGOE_USER'));
  });

  test('and the panel of the sounds step aside for an alarm', async ({ page, line }) => {
    await enter(page, line.url);
    await expectLiveTile(page);
    await page.keyboard.press('?');
    await expect(page.getByTestId('safety')).toBeVisible();
    line.cut();
    await expect(page.getByTestId('pause')).toBeVisible({ timeout: 10_000 });
    await expect(page.getByTestId('safety')).toBeHidden();
    await page.getByTestId('pause').click();
    await expect(page.getByTestId('countdown')).toBeVisible();
  });
});

test.describe('pictures of dialogs and themes', () => {
  for (const [name, width, height, ratio] of SIZES) {
    test(`${name} shows every dialog whole, in three themes`, async ({ browser, line }) => {
      test.slow();
      const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: ratio, colorScheme: 'light', reducedMotion: 'reduce' });
      const page = await context.newPage();
      await enter(page, `${line.url}/?transport=websocket`);
      await expectLiveTile(page);
      for (const theme of ['light', 'dark', 'night']) {
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        for (const [button, dialog] of [['open-safety', 'safety'], ['sound', 'sound-panel']] as const) {
          await page.getByTestId(button).click();
          // A machine that draws 4K without a GPU may raise the alarm of silence; the dialog steps aside
          // for that and comes back.
          await expect(async () => {
            const box = await page.getByTestId(dialog).boundingBox({ timeout: 1_000 });
            expect(box === null ? Infinity : box.x + box.width).toBeLessThanOrEqual(width);
            expect(box === null ? Infinity : box.y + box.height).toBeLessThanOrEqual(height);
          }).toPass({ timeout: 60_000 });
          await expectAccessible(page, `${dialog}, ${theme}, ${name}`);
          await page.screenshot({ path: `${SHOTS}/${dialog}_${theme}_${name}.png` });
          await page.keyboard.press('Escape');
        }
        await page.screenshot({ path: `${SHOTS}/wall_${theme}_${name}.png` });
        await page.getByTestId('theme').click();
      }
      line.cut();
      await expect(page.getByTestId('pause')).toBeVisible({ timeout: 12_000 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `${SHOTS}/silence_${name}.png` });
      await context.close();
    });
  }
});
