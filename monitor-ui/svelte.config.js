/** Svelte 5 with runes everywhere; plain CSS and TypeScript need no preprocessing beyond Vite's. */
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
