// Compressed size of what a visitor downloads.

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Size limits in bytes, gzip. */
export const BUDGET = { page: 110_000, wasm: 850_000 };

/** Gzip bytes of scripts and styles, of all WebAssembly, and of what only brokers' files need. */
export function weigh(dist) {
  const weight = { page: 0, wasm: 0, importers: 0 };
  for (const name of readdirSync(join(dist, 'assets'))) {
    const size = gzipSync(readFileSync(join(dist, 'assets', name)), { level: 9 }).length;
    const isImporter = /^(unisleeve_)?import/.test(name);
    if (isImporter) {
      weight.importers += size;
    }
    if (extname(name) === '.wasm') {
      weight.wasm += size;
    } else if (['.js', '.css'].includes(extname(name)) && !isImporter) {
      weight.page += size;
    }
  }
  weight.page += gzipSync(readFileSync(join(dist, 'offline.js')), { level: 9 }).length;
  return weight;
}
