import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The embedding entry: `import { mount } from '@evaldesk/ui'` and its stylesheet. */
export default defineConfig({
  plugins: [svelte()],
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  build: {
    target: ['es2022', 'safari17'],
    outDir: 'dist-lib',
    assetsInlineLimit: 0,
    lib: {
      entry: fileURLToPath(new URL('./src/mount.ts', import.meta.url)),
      formats: ['es'],
      fileName: 'evaldesk',
      cssFileName: 'evaldesk',
    },
  },
});
