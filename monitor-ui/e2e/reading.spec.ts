/**
 * What the analysis says, as people at the wall meet it.
 *
 * Against the development region each kind of level is there; against a real one only what does
 * not depend on the scenario is asked. `UBUGOE_DEV` marks the former. `UBUGOE_WATCH_PID` names
 * the process of the analysis of a real region; `without_analysis.spec.ts` kills it, last of all.
 */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { enter, expectAccessible, expectLiveTile, listen, required } from './at_the_wall.ts';

const SHOTS = 'test-results/screenshots';
const IS_DEV = process.env['UBUGOE_DEV'] === '1';
/** What the analysis has to say at the latest: a strip of the first minutes is too short for a level. */
const FIRST_LEVEL_MILLIS = 60_000;

async function atTheWall(page: Page): Promise<void> {
  await enter(page, `${required('UBUGOE_URL')}/?transport=websocket`);
  await expectLiveTile(page);
}

/** Chooses a bed; several houses may have one of that name. */
async function choose(page: Page, bed: string): Promise<void> {
  await page.locator(`[data-testid=tile][data-bed="${bed}"] button`).first().click();
  await expect(page.getByTestId('panel')).toHaveAttribute('data-bed', bed);
}

test.describe('the reading of a strip', () => {
  test('stands on each tile as a level with its number, or says that there is none', async ({ page }) => {
    await atTheWall(page);
    const levels = page.getByTestId('tile-level').first().getByTestId('level');
    await expect(levels.first()).toBeVisible({ timeout: FIRST_LEVEL_MILLIS });
    await expect(levels.first()).toHaveAttribute('data-level', /^[1-5]$|^none$/);
    await expect(levels.first()).toContainText(/レベル [1-5]|分類不能/);
  });

  test('is named a machine’s, says which table, and that nobody has reviewed it', async ({ page }) => {
    await atTheWall(page);
    const reading = page.getByTestId('reading');
    await expect(reading).toContainText('機械判定（参考）');
    await expect(reading).toContainText('医療機器として未承認');
    await expect(page.getByTestId('review')).toHaveText('分類表：未監修（参考）', { timeout: FIRST_LEVEL_MILLIS });
    await expect(page.getByTestId('why').locator('li').first()).toHaveText(/。$/);
    await expect(page.getByTestId('others')).toContainText('FIGO 2015');
    await expect(page.getByTestId('others')).toContainText('NICHD 2008');
  });

  test('is found clean by axe, in light and dark, in both languages', async ({ page }) => {
    await atTheWall(page);
    await expect(page.getByTestId('level-summary')).toBeVisible({ timeout: FIRST_LEVEL_MILLIS });
    await expectAccessible(page, 'reading, light');
    await page.getByTestId('theme').click();
    await page.getByTestId('language').click();
    await expectAccessible(page, 'reading, dark, English');
  });

  test('can be closed and stays closed; the profile of the findings is chosen by keys', async ({ page }) => {
    await atTheWall(page);
    await page.getByTestId('profile').locator('input:checked').focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByTestId('reading')).toContainText('専門家が印を付けると推定した所見');
    await page.getByTestId('reading-toggle').click();
    await expect(page.getByTestId('reading')).toBeHidden();
    await page.reload();
    await expectLiveTile(page);
    await expect(page.getByTestId('reading')).toBeHidden();
    await page.getByTestId('reading-toggle').click();
    await expect(page.getByTestId('reading')).toContainText('レベルは定義どおりの所見で決めています');
  });
});

test.describe('the made-up analysis', () => {
  test.skip(!IS_DEV, 'the scenarios of the development region');

  test('a level names its finding, which keys alone show on the strip, and the way back', async ({ page }) => {
    const complaints = listen(page);
    await atTheWall(page);
    await choose(page, '分娩室2');
    const reason = page.getByTestId('why').getByRole('button').first();
    await expect(reason).toContainText(/\d\d:\d\d:\d\d の遅発一過性徐脈（高度）があります（最下点 112 bpm）。/);
    await expect(page.getByTestId('actions')).toContainText('医師');
    await expect(page.getByTestId('actions')).toContainText('助産師');
    await reason.focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('findings').getByRole('button').last().focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('held')).toContainText('過去の記録を表示中');
    await page.screenshot({ path: `${SHOTS}/reading_past.png` });
    await page.getByTestId('held').getByRole('button').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('held')).toBeHidden();
    await page.getByTestId('findings').getByRole('button').last().press('Enter');
    await expect(page.getByTestId('held')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('held')).toBeHidden();
    await expect(page.getByTestId('panel')).toBeVisible();
    expect(complaints).toEqual([]);
  });

  test('the strip itself can be pointed at: its ribbon shows why', async ({ page }) => {
    await atTheWall(page);
    await choose(page, '分娩室2');
    await page.getByTestId('reading-toggle').click();
    const strip = page.getByTestId('strip');
    const box = await strip.boundingBox();
    await strip.click({ position: { x: 80, y: (box?.height ?? 0) - 14 } });
    await expect(page.getByTestId('reading')).toBeVisible();
    await expect(page.getByTestId('level-summary')).toBeVisible();
  });

  test('no level, a carried value and the doubtful cell each have a look and a word of their own', async ({ page }) => {
    await atTheWall(page);
    const tile = (bed: string) => page.locator(`[data-testid=tile][data-bed="${bed}"]`);
    await expect(tile('LDR 2').getByTestId('tile-level')).toContainText('分類不能');
    await choose(page, 'LDR 2');
    await expect(page.getByTestId('level-summary')).toContainText('信号の欠落が多く、分類できません。');
    await expect(page.getByTestId('actions')).toBeHidden();
    await choose(page, '車内');
    await expect(page.getByTestId('level-summary')).toContainText('レベル 5');
    await expect(page.getByTestId('level-summary')).toContainText('要確認');
    await expect(page.getByTestId('level-summary')).toContainText('表の値は レベル 4');
    await choose(page, '陣痛室1');
    await page.getByRole('button', { name: '児 2', exact: true }).click();
    await expect(page.getByTestId('level-summary')).toContainText('前値');
    await expect(page.getByTestId('why')).toContainText('240 秒前の値を使っています');
  });

  test('a doctor’s own level comes back under her name, beside the machine’s', async ({ page }) => {
    await atTheWall(page);
    await choose(page, '分娩室2');
    const judge = page.getByTestId('judge');
    await expect(judge.getByRole('button')).toBeDisabled();
    await judge.getByRole('radio', { name: '4 中等度' }).check();
    await judge.getByRole('textbox').fill('体位変換後');
    await judge.getByRole('button').click();
    const judged = page.getByTestId('judged').last();
    await expect(judged).toContainText('レベル 4（医師 demo）');
    await expect(judged).toContainText('体位変換後');
    await expect(page.getByTestId('level-summary')).toContainText('レベル 3');
  });

  test('when the analysis dies every tile says so within 10 s, and strips go on', async ({ page }) => {
    await atTheWall(page);
    await expect(page.getByTestId('tile-level').first().getByTestId('level').first()).toBeVisible();
    const tell = (state: 'absent' | 'present') =>
      page.request.post(`${required('UBUGOE_URL')}/api/dev/analysis`, { data: { state } });
    try {
      await tell('absent');
      const absent = page.getByTestId('tile').getByTestId('analysis-absent');
      await expect(absent).toHaveCount(await page.getByTestId('tile').count(), { timeout: 10_000 });
      await expect(absent.first()).toHaveText('解析なし');
      await expect(page.getByTestId('strip-absent')).toContainText('解析なし');
      await expect(page.getByTestId('reading-absent')).toContainText('波形を直接読んでください');
      await expect(page.getByTestId('actions')).toBeHidden();
      await expectLiveTile(page);
      await expectAccessible(page, 'analysis absent');
      await page.screenshot({ path: `${SHOTS}/analysis_absent.png` });
    } finally {
      await tell('present');
    }
    await expect(page.getByTestId('tile').getByTestId('analysis-absent')).toHaveCount(0, { timeout: 10_000 });
  });
});
