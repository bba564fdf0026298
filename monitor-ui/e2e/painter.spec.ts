/**
 * The painter of the strip, in a real browser, without any region: pictures of made-up strips.
 *
 * The reference pictures are in `painter/references`; `UBUGOE_BLESS=1 npx playwright test
 * painter` writes them anew, to be looked at before they are committed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import type {} from './painter/painter.ts';

const HERE = fileURLToPath(new URL('./painter', import.meta.url));
const BUILT = fileURLToPath(new URL('../test-results/painter', import.meta.url));
const BLESS = process.env['UBUGOE_BLESS'] === '1';

/**
 * Versions of a browser round the edges of lines differently: a colour part may differ by this,
 * of 255, and so large a share of the pixels by more. A line of a trace that is missing, moved by
 * a pixel or of another colour is above it in every scene.
 */
const STEP_ALLOWED = 40;
const SHARE_ALLOWED = 0.002;

/** A line in pieces has edges rounded by the piece: no pixel of it may differ by more than this. */
const STEP_GROWN = 64;

const SCENES = [
  'large_3cm_30_240',
  'large_2cm_50_210_dark',
  'large_1cm_sharp_screen',
  'absent_late_and_gap',
  'silence_to_now',
  'found',
  'tile_twins',
  'tile_lost_and_silent',
  'tile_smallest_dark',
];

test.describe('the painter of the strip', () => {
  test.beforeAll(async () => {
    await build({ root: HERE, configFile: false, logLevel: 'warn', build: { target: 'es2022', outDir: BUILT, emptyOutDir: true } });
  });

  for (const name of SCENES) {
    test(`${name} looks as it did`, async ({ page }) => {
      await open(page);
      const path = join(HERE, 'references', `${name}.png`);
      if (BLESS) {
        const picture = await page.evaluate((name) => window.painter.picture(name), name);
        mkdirSync(join(HERE, 'references'), { recursive: true });
        writeFileSync(path, Buffer.from(picture.split(',')[1] ?? '', 'base64'));
      }
      const png = `data:image/png;base64,${readFileSync(path).toString('base64')}`;
      const { share, width, height } = await page.evaluate(
        ([name, png, step]) => window.painter.against(name, png, step),
        [name, png, STEP_ALLOWED] as const,
      );
      expect(width * height).toBeGreaterThan(1_000);
      expect(share).toBeLessThanOrEqual(SHARE_ALLOWED);
    });

    test(`${name} is the same painted second by second as painted at once`, async ({ page }) => {
      await open(page);
      const { share } = await page.evaluate(([name, step]) => window.painter.grown(name, step), [name, STEP_GROWN] as const);
      expect(share).toBe(0);
    });
  }

  test('the pictures see what they are for: other scenes are far beyond the tolerance', async ({ page }) => {
    await open(page);
    expect(await page.evaluate(() => window.painter.scenes)).toEqual(SCENES);
    const png = `data:image/png;base64,${readFileSync(join(HERE, 'references', 'large_3cm_30_240.png')).toString('base64')}`;
    for (const other of ['absent_late_and_gap', 'silence_to_now', 'found']) {
      const { share } = await page.evaluate(([name, png, step]) => window.painter.against(name, png, step), [other, png, STEP_ALLOWED] as const);
      expect(share).toBeGreaterThan(5 * SHARE_ALLOWED);
    }
  });

  test('paper moves by whole pixels, never back, and as far as the time says', async ({ page }) => {
    await open(page);
    const lines = await page.evaluate(() => window.painter.steps('large_3cm_30_240', 240));
    const moves = lines.slice(1).map((x, n) => (lines[n] ?? 0) - x);
    // A line that leaves the middle of the picture hands over to the next one, half a centimetre on.
    const halfCm = (96 / 2.54) * 0.5 * 0.5;
    const steps = moves.map((move) => (move < -halfCm / 2 ? move + Math.round(halfCm) : move));
    expect(steps.every((step) => step === 0 || step === 1 || step === -0)).toBe(true);
    const moved = steps.reduce((sum, step) => sum + step, 0);
    // Four seconds at 3 cm/min on paper of half size: 3.8 px.
    expect(moved).toBeGreaterThanOrEqual(3);
    expect(moved).toBeLessThanOrEqual(4);
  });
});

/** Opens the painter's page out of its files: no server runs. */
async function open(page: Page): Promise<void> {
  const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
  await page.route('http://painter.test/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    const body = await readFile(join(BUILT, pathname));
    await route.fulfill({ body, contentType: types[extname(pathname)] ?? 'application/octet-stream' });
  });
  await page.goto('http://painter.test/index.html');
  await page.waitForFunction(() => window.painter !== undefined);
}
