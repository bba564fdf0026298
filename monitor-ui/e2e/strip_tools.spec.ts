/** The tools of the large strip as people use them: the caliper, and the way through the past. */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { enter, expectAccessible, expectLiveTile, listen, required } from './at_the_wall.ts';

const SHOTS = 'test-results/screenshots';
const IS_DEV = process.env['UBUGOE_DEV'] === '1';
const CM = 96 / 2.54;

async function open(page: Page): Promise<void> {
  await enter(page, `${required('UBUGOE_URL')}/?transport=websocket`);
  await expectLiveTile(page);
  if (!(await page.getByTestId('panel').isVisible())) await page.getByTestId('tile').first().locator('button').click();
  const size = page.getByTestId('magnification').getByRole('radio', { name: '×1', exact: true });
  await size.check();
}

test.describe('the caliper', () => {
  test('measures by keys alone, in seconds and beats, and Escape ends it and nothing else', async ({ page }) => {
    const complaints = listen(page);
    await open(page);
    await page.getByTestId('measure').focus();
    await page.keyboard.press('Enter');
    const readout = page.getByTestId('caliper-readout');
    await expect(readout).toContainText('Δ心拍 −20 bpm');
    const before = secondsOf(await readout.textContent());
    await page.getByTestId('caliper-B').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expect(readout).toContainText('Δ心拍 −14 bpm');
    expect(secondsOf(await readout.textContent()) - before).toBe(21);
    await expect(page.getByTestId('caliper-B')).toHaveAccessibleName(/計測点 B：\d\d:\d\d:\d\d、136 bpm/);
    await expectAccessible(page, 'caliper');
    await page.screenshot({ path: `${SHOTS}/caliper.png` });
    await page.getByTestId('caliper-B').focus();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('caliper')).toBeHidden();
    await expect(page.getByTestId('panel')).toBeVisible();
    expect(complaints).toEqual([]);
  });

  test('is true to the paper: three centimetres are a minute, one is thirty beats; it moves with the paper', async ({ page }) => {
    await open(page);
    await page.getByTestId('measure').click();
    const [a, b] = [page.getByTestId('caliper-A'), page.getByTestId('caliper-B')];
    const strip = await page.getByTestId('strip').boundingBox();
    const [top, left] = [strip?.y ?? 0, strip?.x ?? 0];
    const drag = async (handle: typeof a, x: number, y: number) => {
      await handle.hover();
      await page.mouse.down();
      await page.mouse.move(left + x, top + y, { steps: 4 });
      await page.mouse.up();
    };
    await drag(a, 300, 200);
    await drag(b, 300 + 3 * CM, 200 - 2 * CM);
    const text = await page.getByTestId('caliper-readout').textContent();
    // The paper ran on between the two, by a second or two.
    expect(Math.abs(secondsOf(text) - 60)).toBeLessThanOrEqual(4);
    expect(text).toContain('Δ心拍 +60 bpm');
    const x = async () => (await a.boundingBox())?.x ?? 0;
    const [before, at] = [await x(), Date.now()];
    await page.waitForTimeout(4_000);
    const [moved, seconds] = [before - (await x()), (Date.now() - at) / 1000];
    const pxPerSecond = (3 * CM) / 60;
    expect(Math.abs(moved - seconds * pxPerSecond)).toBeLessThan(2.5);
  });
});

test.describe('the past', () => {
  test('is gone back to and left again by buttons, in steps that overlap', async ({ page }) => {
    await open(page);
    await expect(page.getByTestId('later')).toBeDisabled();
    const seen = page.getByTestId('held');
    if (IS_DEV) {
      await page.getByTestId('earlier').press('Enter');
      await expect(seen).toContainText('過去の記録を表示中');
      await page.screenshot({ path: `${SHOTS}/past.png` });
      await page.getByTestId('earlier').press('Enter');
      await page.getByTestId('later').press('Enter');
      await expect(seen).toBeVisible();
      await page.getByTestId('later').press('Enter');
      await expect(seen).toBeHidden();
      await expect(page.getByTestId('later')).toBeDisabled();
    }
  });

  test('is gone through from finding to finding', async ({ page }) => {
    test.skip(!IS_DEV, 'the scenarios of the development region');
    await open(page);
    await page.locator('[data-testid=tile][data-bed="分娩室2"] button').first().click();
    await expect(page.getByTestId('finding-before')).toBeEnabled();
    const periods: (string | null)[] = [];
    for (let n = 0; n < 8; n += 1) await page.getByTestId('finding-before').press('Enter');
    await expect(page.getByTestId('held')).toBeVisible();
    periods.push(await page.getByTestId('held').textContent());
    for (let n = 0; n < 4; n += 1) await page.getByTestId('finding-before').press('Enter');
    periods.push(await page.getByTestId('held').textContent());
    expect(periods[0]).not.toBe(periods[1]);
    for (let n = 0; n < 14; n += 1) {
      if (await page.getByTestId('finding-after').isEnabled()) await page.getByTestId('finding-after').press('Enter');
    }
    await expect(page.getByTestId('held')).toBeHidden();
  });

  test('the tools stand beneath the paper on a telephone, and are found clean by axe', async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
    const page = await context.newPage();
    await enter(page, `${required('UBUGOE_URL')}/?transport=websocket`);
    await page.getByTestId('tile').first().locator('button').click();
    await page.getByTestId('measure').click();
    await expect(page.getByTestId('caliper')).toBeVisible();
    const [strip, tools] = [await page.getByTestId('strip').boundingBox(), await page.getByTestId('strip-tools').boundingBox()];
    expect(tools?.y ?? 0).toBeGreaterThanOrEqual((strip?.y ?? 0) + (strip?.height ?? 0) - 1);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `${SHOTS}/caliper_phone.png`, fullPage: true });
    await expectAccessible(page, 'caliper, telephone');
    await context.close();
  });
});

/** The duration of a readout in seconds. */
function secondsOf(text: string | null): number {
  const [, minutes, seconds] = /Δ時間 −?(?:(\d+) 分 )?(\d+) 秒/.exec(text ?? '') ?? [];
  return Number(minutes ?? 0) * 60 + Number(seconds);
}
