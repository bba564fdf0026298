/**
 * The analysis of a real region dies. Its alarm goes on sounding on every wall, so this runs last
 * of all files; `UBUGOE_WATCH_PID` names the process.
 */
import { expect, test } from '@playwright/test';
import { enter, expectLiveTile, required } from './at_the_wall.ts';

test('when the process of the analysis is killed every tile says so within 10 s, an alarm soon after, and strips go on', async ({
  page,
}) => {
  const pid = Number(process.env['UBUGOE_WATCH_PID'] ?? NaN);
  test.skip(!Number.isInteger(pid), 'needs UBUGOE_WATCH_PID');
  await enter(page, `${required('UBUGOE_URL')}/?transport=websocket`);
  await expectLiveTile(page);
  const absent = page.getByTestId('tile').getByTestId('analysis-absent');
  await expect(absent).toHaveCount(0);
  process.kill(pid, 'SIGKILL');
  await expect(absent).toHaveCount(await page.getByTestId('tile').count(), { timeout: 10_000 });
  await expectLiveTile(page);
  await expect(page.getByTestId('alarms')).toContainText('解析', { timeout: 30_000 });
});
