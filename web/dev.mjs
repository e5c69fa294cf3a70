// `npm run dev`: the page with the core that was built last, on this machine alone; an edit reloads it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';

const here = import.meta.dirname;
const root = join(here, '..');

const missing = ['unisleeve_wasm', 'unisleeve_import_wasm'].filter(
  (name) => !existsSync(join(root, `wasm/npm/pkg/${name}_bg.wasm`)),
);
if (missing.length > 0) {
  console.error(
    `The core for the browser is not built (${missing.join(', ')}): run \`cargo xtask build-web\` first.`,
  );
  process.exit(1);
}

/** Vite brings styles and its own script into the page, which the page's content policy forbids. */
const withoutPolicy = {
  name: 'without-policy',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) =>
      html
        .replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, '')
        .replace(/<link rel="preload"[^>]*>/, ''),
  },
};

const server = await createServer({
  root: here,
  plugins: [withoutPolicy],
  server: { host: '127.0.0.1', fs: { allow: [root] } },
});
await server.listen();
server.printUrls();
