/** What a test does to the region, and how it finds the region's process. */
import type { APIRequestContext } from '@playwright/test';
import { required } from './at_the_wall.ts';

/** Whether the region is the made-up one, which can be told to misbehave. */
export const IS_DEV = process.env['UBUGOE_DEV'] === '1';

/** Troubles of the made-up region, as `tests/dev_region.ts` names them. */
export type Trouble = 'none' | 'calm' | 'freeze' | 'replay' | 'repeat' | 'still' | 'beats only' | 'one bed';

/** Tells the made-up region what to do wrong. */
export async function setTrouble(request: APIRequestContext, kind: Trouble): Promise<void> {
  await request.post(`${required('UBUGOE_URL')}/api/dev/trouble`, { data: { kind } });
}

/** The process of the region: named by who started it, or by the made-up region itself. */
export async function regionProcess(request: APIRequestContext): Promise<number | undefined> {
  const named = Number(process.env['UBUGOE_SERVER_PID'] ?? NaN);
  if (Number.isInteger(named)) return named;
  if (!IS_DEV) return undefined;
  const answer = (await (await request.get(`${required('UBUGOE_URL')}/api/dev/pid`)).json()) as { pid: number };
  return answer.pid;
}

/** Tells the made-up region which alarms it has, and how it answers; see `tests/dev_alarms.ts`. */
export async function setAlarms(request: APIRequestContext, order: Readonly<Record<string, unknown>>): Promise<void> {
  await request.post(`${required('UBUGOE_URL')}/api/dev/alarms`, { data: order });
}
