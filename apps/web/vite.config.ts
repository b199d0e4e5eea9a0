import { join } from 'node:path';
import { defineConfig } from 'vite';

/** Builds the pages into the folder from which auth serves them. */
export default defineConfig({
  root: import.meta.dirname,
  // Wherever a proxy puts the pages: scripts find each other relative to themselves.
  base: './',
  logLevel: 'warn',
  resolve: { conditions: ['@signet/source', 'module', 'browser', 'production'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: join(import.meta.dirname, '../../dist/apps/auth/pages'),
    emptyOutDir: true,
    target: 'es2022',
    // Files of its own for everything: a strict policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    rolldownOptions: { input: join(import.meta.dirname, 'src/main.tsx') },
  },
});
