/** What every test of the wall does: log in, wait until a bed lives, ask axe. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@playwright/test';
import type { Cookie, Page } from '@playwright/test';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`set ${name}, or run "npm run e2e:dev"`);
  return value;
}

/** Collects what the browser complains of; the question who is logged in is no complaint. */
export function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isExpected = message.text().includes('401') && message.location().url.endsWith('/api/me');
    if (message.type() === 'error' && !isExpected) complaints.push(message.text());
  });
  return complaints;
}

/** The session of the first login: a region that limits logins must not stop its own test. */
let session: readonly Cookie[] = [];

export async function enter(page: Page, url: string): Promise<void> {
  await page.context().addCookies([...session]);
  await page.goto(url);
  const tile = page.getByTestId('tile').first();
  await expect(tile.or(page.getByTestId('login'))).toBeVisible();
  if (!(await tile.isVisible())) {
    await logIn(page);
    session = await page.context().cookies();
  }
  await readSafety(page);
}

/** The safety card comes with the first wall of a browser. */
export async function readSafety(page: Page): Promise<void> {
  const understood = page.getByTestId('understood');
  if (await understood.isVisible()) await understood.click();
}

export async function logIn(page: Page): Promise<void> {
  await page.fill('[name=name]', required('UBUGOE_USER'));
  await page.fill('[name=password]', required('UBUGOE_PASSWORD'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('tile').first()).toBeVisible();
  await readSafety(page);
}

export async function expectLiveTile(page: Page): Promise<void> {
  const live = page.locator('[data-testid=tile][data-data=live]').first();
  await expect(live).toBeVisible();
  await expect(live.getByTestId('age')).toHaveText(/^[0-5] 秒前$|^[0-5] s ago$/);
  await expect(page.getByTestId('link-age')).toHaveText(/\d\.\d/);
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(AXE);
  const result = await page.evaluate<AxeResult>('axe.run(document, { resultTypes: ["violations"] })');
  const found = result.violations.map(({ id, nodes }) => `${where}: ${id} at ${nodes.map((n) => n.html).join(' | ')}`);
  expect(found).toEqual([]);
}
