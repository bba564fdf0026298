/** Tests whose browser reaches the region through a line that can be cut. */
import { test as base } from '@playwright/test';
import { required } from './at_the_wall.ts';
import { CutLine } from './cut_line.ts';

/** `page` goes through `line`, also with its data channel. */
export const test = base.extend<{ line: CutLine }>({
  line: async ({ page }, use) => {
    const line = await CutLine.lay(required('UBUGOE_URL'));
    await page.route('**/api/wall/offer', async (route) => {
      const postData = withoutCandidates(route.request().postDataJSON());
      // A line that is cut answers nothing, and the test may end meanwhile.
      const response = await route.fetch({ postData }).catch(() => undefined);
      if (response === undefined) return route.abort().catch(() => undefined);
      if (!response.ok()) return route.fulfill({ response });
      const answer = (await response.json()) as { type: string; sdp: string };
      const json = { ...answer, sdp: await line.through(answer.sdp) };
      return route.fulfill({ response, json });
    });
    await use(line);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    line.remove();
  },
});

/** An offer that names no way to the browser, so that the line is the only one. */
function withoutCandidates(offer: { readonly type: string; readonly sdp: string }): object {
  const sdp = offer.sdp.split('\r\n').filter((line) => !line.startsWith('a=candidate:'));
  return { ...offer, sdp: sdp.join('\r\n') };
}
