/**
 * Alarms of the region by a user's path: seen, heard, read out, acknowledged, paused, refused; and
 * tiles that never move under a hand. Needs the made-up region, which raises what it is told to.
 */
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { enter, expectAccessible, expectLiveTile, listen } from './at_the_wall.ts';
import { clockOf, firstSound, heardSince, layEars } from './ears.ts';
import { IS_DEV, setAlarms, setTrouble } from './trouble.ts';
import { test } from './with_line.ts';

const SHOTS = 'test-results/screenshots';
const SIZES = [
  ['desktop', 1440, 900, 1],
  ['wall_4k', 3840, 2160, 1],
  ['phone', 390, 844, 2],
] as const;
/** Bits of an alarm, as the wire has them: a reason is asked for. */
const REASON = 1 << 3;

test.use({ bypassCSP: true });
test.describe.configure({ timeout: 120_000 });
test.skip(!IS_DEV, 'only the made-up region raises alarms on demand');

test.beforeEach(async ({ request }) => {
  await setTrouble(request, 'none');
  await setAlarms(request, { play: 'none' });
});

test.afterEach(async ({ request }) => {
  await setAlarms(request, { play: 'none' });
});

function tile(page: Page, bed: string) {
  return page.locator(`[data-testid=tile][data-bed="${bed}"]`);
}

async function beds(page: Page): Promise<string[]> {
  return page.getByTestId('tile').evaluateAll((tiles) => tiles.map((each) => each.getAttribute('data-bed') ?? ''));
}

test.describe('the list of alarms', () => {
  test('is worked by keys alone: to the list, down, a reason for a level 5, and done', async ({ page, line, request }) => {
    const complaints = listen(page);
    await enter(page, line.url);
    await expectLiveTile(page);
    await setAlarms(request, { play: 'ward' });
    await expect(page.getByTestId('count-high')).toContainText('2');
    await page.keyboard.press('a');
    const rows = page.getByTestId('alarm');
    await expect(rows).toHaveCount(9);
    await expect(rows.nth(0).getByTestId('acknowledge')).toBeFocused();
    await expectAccessible(page, 'alarm list');
    await page.keyboard.press('ArrowDown');
    const level5 = rows.nth(1);
    await expect(level5).toContainText('波形レベル 5');
    await expect(level5.getByTestId('called')).toHaveText('呼出 施設の医師');
    await expect(level5.getByTestId('acknowledge')).toBeFocused();
    await page.keyboard.press('Enter');
    const dialog = page.getByTestId('acknowledge-dialog');
    await expect(dialog.getByTestId('attended')).toHaveText('波形レベル 5');
    await expect(dialog.getByTestId('send-acknowledge')).toBeDisabled();
    await expectAccessible(page, 'acknowledge');
    await expect(dialog.getByTestId('reason')).toBeFocused();
    await page.keyboard.type('医師が診察中');
    await dialog.getByTestId('action-none').focus();
    for (const choice of ['A', 'B', 'C', 'D']) {
      await page.keyboard.press('ArrowDown');
      await expect(dialog.getByTestId(`action-${choice}`)).toBeChecked();
    }
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    const answer = page.getByTestId('alarm').filter({ hasText: '波形レベル 5' }).getByTestId('answer');
    await expect(answer).toContainText('demo');
    await expect(answer).toContainText('D 急速遂娩の実行 · 医師が診察中');
    await expect(rows.nth(0).getByTestId('acknowledge')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('alarm-panel')).toBeHidden();
    expect(complaints).toEqual([]);
  });

  test('keeps an alarm whose condition is over until somebody has seen it', async ({ page, line, request }) => {
    await enter(page, line.url);
    await expectLiveTile(page);
    await setAlarms(request, { raise: 'bradycardia', track: 0, priority: 'medium', detail: 'FHR1 104 < 110' });
    const row = page.getByTestId('alarm');
    await expect(row).toContainText('徐脈 FHR1 104 < 110');
    await setAlarms(request, { end: true, track: 0 });
    await expect(row.getByTestId('latched')).toHaveText(/に終了・未確認/);
    await row.getByTestId('acknowledge').click();
    await page.getByTestId('send-acknowledge').click();
    await expect(row).toHaveCount(0);
    await expect(page.getByTestId('acknowledge-dialog')).toBeHidden();
    await page.setViewportSize({ width: 1920, height: 1080 });
    await expect(tile(page, '分娩室1').getByTestId('seen')).toHaveText(/^確認 \d+ 秒前/);
  });

  test('asks to look again when the alarm becomes graver while somebody acknowledges it', async ({ page, line, request }) => {
    await enter(page, line.url);
    await expectLiveTile(page);
    await setAlarms(request, { raise: 'level4', track: 0, priority: 'medium' });
    await page.getByTestId('alarm').getByTestId('acknowledge').click();
    await setAlarms(request, { promote: true, track: 0 });
    await expect(page.getByTestId('graver')).toContainText('優先度が「高」に変わりました');
    await expect(page.getByTestId('send-acknowledge')).toBeDisabled();
    await expectAccessible(page, 'graver');
    await page.screenshot({ path: `${SHOTS}/alarm_graver.png` });
    await page.getByTestId('graver-seen').click();
    await page.getByTestId('send-acknowledge').click();
    await expect(page.getByTestId('acknowledge-dialog')).toBeHidden();
    await expect(page.getByTestId('alarm')).toContainText('確認済み');
  });

  test('says in a sentence what was refused, not answered, and not sent', async ({ page, line, request }) => {
    await enter(page, line.url);
    await expectLiveTile(page);
    await setAlarms(request, { raise: 'tachycardia', track: 0, priority: 'low' });
    const row = page.getByTestId('alarm');
    await expect(row).toHaveCount(1);
    await setAlarms(request, { refuse: 'notAllowed' });
    await row.getByTestId('acknowledge').click();
    await page.getByTestId('send-acknowledge').click();
    await expect(page.getByTestId('not-acknowledged')).toHaveText('確認できませんでした。このログインの権限ではできません。担当者に知らせてください。');
    await setAlarms(request, { refuse: 'deaf' });
    await page.getByTestId('send-acknowledge').click();
    await expect(page.getByTestId('send-acknowledge')).toHaveText('送信中…');
    await expect(page.getByTestId('not-acknowledged')).toContainText('サーバーから返事がありません', { timeout: 8_000 });
    await page.getByTestId('cancel-acknowledge').click();
    await setAlarms(request, { refuse: 'noRoom' });
    await row.getByTestId('pause').click();
    await expect(row.getByTestId('not-done').or(page.getByTestId('not-done')).first()).toContainText(/サーバー/);
    await page.screenshot({ path: `${SHOTS}/alarm_refused.png` });
    line.cut();
    // What was on its way when the line was cut may still arrive on a busy machine.
    await page.waitForTimeout(6_000);
    await expect(page.getByTestId('stale')).toBeVisible();
    await row.getByTestId('acknowledge').click();
    await page.getByTestId('send-acknowledge').click();
    await expect(page.getByTestId('not-acknowledged')).toContainText('サーバーとつながっていません');
    await expect(row).toHaveCount(1);
  });

  test('marks an artefact, which stays in sight', async ({ page, line, request }) => {
    await enter(page, line.url);
    await expectLiveTile(page);
    await setAlarms(request, { raise: 'signalLost', track: 0, priority: 'low' });
    await page.keyboard.press('a');
    await page.getByTestId('mark-invalid').click();
    await expect(page.getByTestId('alarm')).toContainText('誤報の印あり');
    await expect(page.getByTestId('mark-invalid')).toHaveCount(0);
  });

  test('reads out what is new, once, and what becomes more urgent', async ({ page, line, request }) => {
    await enter(page, line.url);
    await expectLiveTile(page);
    await setAlarms(request, { raise: 'level4', track: 0, priority: 'medium' });
    const calm = page.getByTestId('spoken').locator('p');
    await expect(calm).toHaveText(['中 みなと産科クリニック 分娩室1 波形レベル 4']);
    await setAlarms(request, { promote: true, track: 0 });
    await expect(page.getByTestId('spoken-high').locator('p')).toHaveText(['高 みなと産科クリニック 分娩室1 波形レベル 4']);
    await page.waitForTimeout(3_000);
    await expect(calm).toHaveCount(1);
    await expect(page.getByTestId('spoken-high').locator('p')).toHaveCount(1);
  });
});

test.describe('the sound of an alarm of the region', () => {
  test('ends when it is acknowledged; a pause is seen on every wall and ended by a high alarm', async ({ page, line, request, context }) => {
    await layEars(page);
    await enter(page, line.url);
    await expectLiveTile(page);
    const from = await clockOf(page);
    await setAlarms(request, { raise: 'bradycardia', track: 0, priority: 'medium', detail: 'FHR1 104 < 110' });
    const heard = await firstSound(page, from, 5_000);
    console.log(`    an alarm is raised: sound after ${((heard ?? NaN) / 1000).toFixed(2)} s`);
    expect(heard).toBeDefined();
    const other = await context.newPage();
    await enter(other, line.url);
    await page.bringToFront();
    await expectLiveTile(page);
    await page.getByTestId('alarm').getByTestId('pause').click();
    await expect(page.getByTestId('countdown')).toHaveText(/音停止 (2:00|1:5\d)/);
    await expect(tile(page, '分娩室1').getByTestId('tile-paused')).toBeVisible();
    await expect(tile(other, '分娩室1').getByTestId('tile-paused')).toBeVisible();
    await expect(other.getByTestId('sound')).toBeVisible();
    await other.close();
    const paused = await clockOf(page);
    await page.waitForTimeout(12_000);
    expect((await heardSince(page, paused + 500)).loudest).toBe(0);
    const graver = await clockOf(page);
    await setAlarms(request, { raise: 'level5', track: 0, priority: 'high', flags: REASON });
    expect(await firstSound(page, graver, 5_000)).toBeDefined();
    await expect(page.getByTestId('countdown')).toHaveCount(0);
    for (const reason of ['ベッドサイドで確認中', 'トランスデューサを調整']) {
      await page.getByTestId('alarm').getByTestId('acknowledge').first().click();
      await page.getByRole('button', { name: reason }).click();
      await page.getByTestId('send-acknowledge').click();
      await expect(page.getByTestId('acknowledge-dialog')).toBeHidden();
    }
    await page.waitForTimeout(500);
    const quiet = await clockOf(page);
    await page.waitForTimeout(6_000);
    expect((await heardSince(page, quiet)).loudest).toBe(0);
  });
});

test.describe('the tiles', () => {
  test('carry a badge, and are sorted by urgency, but never under a focus or a pointer', async ({ page, line, request }) => {
    await enter(page, line.url);
    await expectLiveTile(page);
    const byPlace = await beds(page);
    const first = tile(page, byPlace[0] ?? '');
    await first.getByRole('button').focus();
    await setAlarms(request, { raise: 'severeBradycardia', track: 5, priority: 'high', detail: 'FHR1 72 < 80' });
    await setAlarms(request, { raise: 'signalPoor', track: 5, priority: 'low' });
    const urgent = tile(page, 'LDR 2');
    await expect(urgent.getByTestId('badge')).toHaveAttribute('data-priority', 'high');
    await expect(urgent.getByTestId('badge')).toHaveAttribute('data-count', '2');
    await page.waitForTimeout(6_000);
    expect(await beds(page)).toEqual(byPlace);
    await expect(page.getByTestId('sort-now')).toHaveText(/床が移動します/);
    await expectAccessible(page, 'tiles would move');
    await page.getByTestId('sort-now').click();
    const sorted = ['LDR 2', ...byPlace.filter((bed) => bed !== 'LDR 2')];
    await expect.poll(() => beds(page)).toEqual(sorted);
    await expect(page.getByTestId('sort-now')).toHaveCount(0);

    await first.hover();
    await setAlarms(request, { play: 'none' });
    await page.waitForTimeout(6_000);
    expect(await beds(page)).toEqual(sorted);
    await page.mouse.move(2, 2);
    await page.getByTestId('sort-now').focus();
    await page.waitForTimeout(2_500);
    expect(await beds(page)).toEqual(sorted);
    await expect.poll(() => beds(page), { timeout: 5_000 }).toEqual(byPlace);
  });

  test('stay at their place where somebody wants that, and it is remembered', async ({ page, line, request }) => {
    await enter(page, line.url);
    await expectLiveTile(page);
    const byPlace = await beds(page);
    await page.mouse.move(2, 2);
    await setAlarms(request, { raise: 'level4', track: 5, priority: 'medium' });
    await expect.poll(async () => (await beds(page))[0], { timeout: 8_000 }).toBe('LDR 2');
    await page.getByTestId('order').click();
    await expect.poll(() => beds(page), { timeout: 8_000 }).toEqual(byPlace);
    await page.reload();
    await expect(page.getByTestId('order')).toContainText('場所順');
    await page.waitForTimeout(1_000);
    expect(await beds(page)).toEqual(byPlace);
  });
});

test.describe('pictures of alarms', () => {
  for (const [name, width, height, ratio] of SIZES) {
    test(`${name} shows tiles, list and dialog whole`, async ({ browser, line, request }) => {
      const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: ratio, colorScheme: 'light', reducedMotion: 'reduce', bypassCSP: true });
      const page = await context.newPage();
      await enter(page, `${line.url}/?transport=websocket`);
      await expectLiveTile(page);
      await setAlarms(request, { play: 'ward' });
      await expect(page.getByTestId('count-high')).toBeVisible();
      for (const theme of ['light', 'dark', 'night']) {
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        await expectAccessible(page, `alarms, ${theme}, ${name}`);
        await page.screenshot({ path: `${SHOTS}/alarms_${theme}_${name}.png` });
        await page.getByTestId('theme').click();
      }
      await page.keyboard.press('a');
      await expect(page.getByTestId('alarm-panel')).toBeVisible();
      await page.screenshot({ path: `${SHOTS}/alarm_list_${name}.png` });
      await page.getByTestId('alarm').nth(1).getByTestId('acknowledge').click();
      const box = await page.getByTestId('acknowledge-dialog').boundingBox();
      expect(box === null ? Infinity : box.x + box.width).toBeLessThanOrEqual(width);
      expect(box === null ? Infinity : box.y + box.height).toBeLessThanOrEqual(height);
      await page.screenshot({ path: `${SHOTS}/acknowledge_${name}.png` });
      await page.keyboard.press('Escape');
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await page.getByTestId('language').click();
      await expect(page.getByTestId('alarm-panel')).toContainText('CTG level 5');
      await page.screenshot({ path: `${SHOTS}/alarm_list_en_${name}.png` });
      await context.close();
    });
  }
});
