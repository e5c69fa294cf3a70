// The page as one file that opens from a disk: script, styles, worker, core, importers and prices inside it. The content policy names what may
// run by its hash; texts in elements of unknown types do not run at all.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const root = join(here, '..');
const quiet = { root: here, configFile: false, logLevel: 'error', publicDir: false };
const alias = [
  { find: 'unisleeve', replacement: join(root, 'wasm/npm/src/index.ts') },
  { find: /^\.\/(run\/)?parts$/, replacement: join(here, 'src/run/parts-inline.ts') },
];

async function bundled(entry, format) {
  const result = await build({
    ...quiet,
    resolve: { alias },
    build: {
      target: 'es2022',
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      write: false,
      modulePreload: { polyfill: false },
      rollupOptions: { input: join(here, entry), output: { format, codeSplitting: false } },
    },
  });
  const { output } = Array.isArray(result) ? result[0] : result;
  const code = output.find((one) => one.type === 'chunk' && one.isEntry).code;
  const style = output
    .filter((one) => one.fileName.endsWith('.css'))
    .map((one) => one.source)
    .join('\n');
  return { code, style };
}

const page = await bundled('src/main.tsx', 'es');
// A page from a disk has no origin, and modules may not be loaded across origins: its worker is a classic script.
const worker = (await bundled('../wasm/npm/src/worker.ts', 'iife')).code;
const base64 = (path) => readFileSync(join(root, path)).toString('base64');
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
// A script ends at the first `</script`, wherever it stands.
const script = page.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
const style = page.style.trim();
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  'img-src data:',
  'worker-src blob:',
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
const icon = `data:image/svg+xml;base64,${base64('web/src/icon.svg')}`;
const part = (id, content) => `<script type="text/base64" id="${id}">${content}</script>`;
const html = readFileSync(join(here, 'index.html'), 'utf8')
  .replace(/content="default-src[^"]*"/, () => `content="${policy}"`)
  .replace('./src/icon.svg', () => icon)
  .replace(/\s*<link rel="preload"[^>]*>/, '')
  .replace('</head>', () => `<style>${style}</style>\n  </head>`)
  .replace(/<script type="module"[^>]*><\/script>/, () =>
    [
      part('part-core', base64('wasm/npm/pkg/unisleeve_wasm_bg.wasm')),
      part('part-importer', base64('wasm/npm/pkg/unisleeve_import_wasm_bg.wasm')),
      part('part-prices', base64('backtest/sample/sample.bin')),
      part('part-worker', Buffer.from(worker).toString('base64')),
      `<script type="module">${script}</script>`,
    ].join('\n    '),
  );
mkdirSync(join(here, 'dist'), { recursive: true });
writeFileSync(join(here, 'dist/unisleeve.html'), html);
console.log(`dist/unisleeve.html: ${(html.length / 1e6).toFixed(2)} MB`);
