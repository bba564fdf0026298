/** The pages of the benchmark, built as the product is: minified, one script a page. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { InlineConfig } from 'vite';

const config: InlineConfig = {
  root: fileURLToPath(new URL('./page', import.meta.url)),
  configFile: false,
  logLevel: 'warn',
  plugins: [svelte({ compilerOptions: { runes: true } })],
  build: {
    target: 'es2022',
    outDir: fileURLToPath(new URL('../test-results/bench', import.meta.url)),
    emptyOutDir: true,
  },
};
export default config;
