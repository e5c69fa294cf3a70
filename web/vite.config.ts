import { defineConfig } from 'vite';

export default defineConfig({
  // Relative, so that the page works from any folder.
  base: './',
  resolve: { alias: { unisleeve: new URL('../wasm/npm/src/index.ts', import.meta.url).pathname } },
  build: {
    target: 'es2022',
    // The first browsers with light-dark(): older ones would get three times the rules.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Every asset a file of its own: the content policy allows no data: beside images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
});
