import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** The page of the desktop app and of the test bridge. `base: ./` lets either serve it from any root. */
export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [svelte()],
  resolve: {
    alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) },
    // Vitest runs in Node: without this it would take Svelte's server build.
    ...(mode === 'test' ? { conditions: ['browser'] } : {}),
  },
  build: {
    target: ['es2022', 'safari17'],
    // The CSP has font-src 'self': a font must be a file, never a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5317, strictPort: true },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['./src/test-setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
    env: { DEBUG_PRINT_LIMIT: '1500' },
  },
}));
