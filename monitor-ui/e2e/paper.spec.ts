/**
 * Paper truth, as people meet it: the screen is matched with a card or a ruler, and from then on
 * a centimetre of paper is one, on this screen and no other.
 */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { enter, expectAccessible, expectLiveTile, listen, required } from './at_the_wall.ts';

const SHOTS = 'test-results/screenshots';
/** Centimetres of a large strip of 30–240 bpm from top to bottom: 7 + 4, and 1.95 of margins. */
const STRIP_CM = 12.95;
/** Length and width of a card, cm: ISO/IEC 7810 ID-1. */
const CARD_CM = [8.56, 5.398] as const;

async function open(page: Page): Promise<void> {
  await enter(page, `${required('UBUGOE_URL')}/?transport=websocket`);
  await expectLiveTile(page);
  if (!(await page.getByTestId('panel').isVisible())) await page.getByTestId('tile').first().locator('button').click();
  await page.getByTestId('magnification').getByRole('radio', { name: '×1', exact: true }).check();
}

async function heightOf(page: Page): Promise<number> {
  return (await page.getByTestId('strip').boundingBox())?.height ?? 0;
}

/** Sets the slider by its keys alone, as somebody with a card in the other hand would. */
async function press(page: Page, key: string, times: number): Promise<void> {
  await page.getByTestId('calibration-size').focus();
  for (let n = 0; n < times; n += 1) await page.keyboard.press(key);
}

test.describe('paper truth', () => {
  test('a strip says that the screen is not calibrated, until keys alone have matched it with a card', async ({ page }) => {
    const complaints = listen(page);
    await open(page);
    const button = page.getByTestId('calibrate');
    await expect(button).toHaveText('画面未校正');
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('calibration')).toBeVisible();
    await press(page, 'ArrowRight', 22);
    const box = await page.getByTestId('card').boundingBox();
    // 37.8 device pixels, and 22 steps of a tenth.
    expect(box?.width).toBeCloseTo(CARD_CM[0] * 40, 0);
    expect(box?.height).toBeCloseTo(CARD_CM[1] * 40, 0);
    await expectAccessible(page, 'calibration');
    await page.screenshot({ path: `${SHOTS}/calibration_card.png` });
    await page.getByTestId('calibration-save').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('calibration')).toBeHidden();
    await expect(button).toHaveText('実寸');
    expect(Math.abs((await heightOf(page)) - STRIP_CM * 40)).toBeLessThan(2);
    await page.reload();
    await expectLiveTile(page);
    await expect(button).toHaveText('実寸');
    expect(Math.abs((await heightOf(page)) - STRIP_CM * 40)).toBeLessThan(2);
    expect(complaints).toEqual([]);
  });

  test('leaving without saving changes nothing, and closes nothing else', async ({ page }) => {
    await open(page);
    const before = await heightOf(page);
    await page.getByTestId('calibrate').click();
    await press(page, 'ArrowLeft', 9);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('calibration')).toBeHidden();
    await expect(page.getByTestId('panel')).toBeVisible();
    expect(await heightOf(page)).toBe(before);
    await expect(page.getByTestId('calibrate')).toContainText('画面未校正');
  });

  test('a ruler matches as well; what was matched can be forgotten; all of it in English', async ({ page }) => {
    await open(page);
    await page.getByTestId('language').click();
    await page.getByTestId('theme').click();
    await page.getByTestId('calibrate').click();
    await page.getByTestId('measure').getByRole('radio', { name: 'Ruler' }).check();
    await press(page, 'ArrowLeft', 18);
    const marks = page.getByTestId('ruler').locator('line');
    const [first, last] = [await marks.first().boundingBox(), await marks.last().boundingBox()];
    expect((last?.x ?? 0) - (first?.x ?? 0)).toBeCloseTo(36 * 10, 0);
    await expectAccessible(page, 'calibration, English, dark');
    await page.screenshot({ path: `${SHOTS}/calibration_ruler.png` });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByTestId('calibrate')).toHaveText('True size');
    await page.getByTestId('calibrate').click();
    await page.getByRole('button', { name: 'Forget calibration' }).click();
    await expect(page.getByTestId('calibrate')).toContainText('Not calibrated');
  });

  test('another screen is not calibrated, and a centimetre stays one on a sharper screen', async ({ browser }) => {
    const sizes = [
      { screen: { width: 1440, height: 900 }, deviceScaleFactor: 1, button: '実寸', cm: 40 },
      // The same screen, zoomed to twice: half as many CSS pixels make a centimetre.
      { screen: { width: 1440, height: 900 }, deviceScaleFactor: 2, button: '実寸', cm: 20 },
      { screen: { width: 1920, height: 1200 }, deviceScaleFactor: 1, button: '画面未校正', cm: 96 / 2.54 },
    ];
    for (const { screen, deviceScaleFactor, button, cm } of sizes) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, screen, deviceScaleFactor });
      await context.addInitScript(() => localStorage.setItem('ubugoe.wall.calibration', '[["1440x900",40]]'));
      const page = await context.newPage();
      await open(page);
      await expect(page.getByTestId('calibrate')).toHaveText(button);
      expect(Math.abs((await heightOf(page)) - STRIP_CM * cm)).toBeLessThan(2);
      await context.close();
    }
  });

  test('on a telephone the card stands upright, and everything is in sight', async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true });
    const page = await context.newPage();
    await enter(page, `${required('UBUGOE_URL')}/?transport=websocket`);
    await page.getByTestId('tile').first().locator('button').click();
    await page.getByTestId('calibrate').click();
    // 60 CSS pixels a centimetre are usual for a telephone.
    await page.getByTestId('calibration-size').fill('180');
    const box = await page.getByTestId('card').boundingBox();
    expect(box?.width).toBeCloseTo(CARD_CM[1] * 60, 0);
    // Its short side is what is matched: the rest of it would push the slider off the screen.
    expect(box?.height).toBeGreaterThan(3 * 60);
    await expect(page.getByTestId('calibration-save')).toBeInViewport({ ratio: 0.99 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `${SHOTS}/calibration_phone.png` });
    await expectAccessible(page, 'calibration, telephone');
    await context.close();
  });

  test('every speed and both scales have the centimetres that their names say', async ({ page }) => {
    await open(page);
    for (const [scale, cm] of [['30–240', 7 + 4 + 1.95], ['50–210', 8 + 4 + 1.95]] as const) {
      await page.getByTestId('rate').getByRole('radio', { name: scale }).check();
      expect(Math.abs((await heightOf(page)) - (cm * 96) / 2.54)).toBeLessThan(2);
    }
    for (const speed of [1, 2, 3]) {
      await page.getByTestId('speed').getByRole('radio', { name: `${speed} cm/分` }).check();
      await page.waitForTimeout(300);
      const spacing = await minuteSpacing(page);
      expect(Math.abs(spacing - (speed * 96) / 2.54)).toBeLessThanOrEqual(1);
    }
  });
});

/** CSS pixels between two lines of whole minutes on paper of 50–210 bpm. */
async function minuteSpacing(page: Page): Promise<number> {
  return page.getByTestId('strip').evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('this is no canvas');
    const { width, height } = canvas;
    // The row is in the contraction field, above its uppermost thin line.
    const y = Math.round(height * ((0.2 + 8 + 0.9 + 0.2) / 13.95));
    const data = canvas.getContext('2d')?.getImageData(0, y, width, 1).data;
    if (data === undefined) throw new Error('the canvas cannot be read');
    const luminance = (x: number) => [0, 1, 2].reduce((sum, part) => sum + (data[x * 4 + part] ?? 0), 0);
    // The darkest of the printed lines stand at the minutes; the title at the left is left out.
    const from = Math.round(width * 0.3);
    const to = Math.round(width * 0.95);
    let darkest = Infinity;
    for (let x = from; x < to; x += 1) darkest = Math.min(darkest, luminance(x));
    const lines: number[] = [];
    for (let x = from; x < to; x += 1) if (luminance(x) <= darkest + 20 && x - (lines.at(-1) ?? -9) > 4) lines.push(x);
    const gaps = lines.slice(1).map((x, n) => x - (lines[n] ?? 0));
    return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  });
}
