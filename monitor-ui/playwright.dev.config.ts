/** The same tests against the development region, which needs no server. */
import { defineConfig } from '@playwright/test';
import config from './playwright.config.ts';

const PORT = Number(process.env['UBUGOE_DEV_PORT'] ?? 8799);
process.env['UBUGOE_URL'] ??= `http://127.0.0.1:${PORT}`;
process.env['UBUGOE_USER'] ??= 'demo';
process.env['UBUGOE_PASSWORD'] ??= 'demo';
process.env['UBUGOE_DEV'] ??= '1';

export default defineConfig(config, {
  webServer: {
    command: `npx tsx tests/dev_region.ts ${PORT}`,
    port: PORT,
    reuseExistingServer: false,
  },
});
