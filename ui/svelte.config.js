import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Styles leave as a file (css: external is the default of a build), so that the CSP needs no 'unsafe-inline'. */
export default {
  preprocess: vitePreprocess({ script: false }),
  compilerOptions: { runes: true },
};
