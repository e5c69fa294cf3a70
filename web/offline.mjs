// The service worker of the built page: the list of its files, and a name that changes with any of them. The page in one file has none.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `offline.js` into a folder with a built page; returns its length. */
export function writeOffline(dist) {
  const assets = readdirSync(join(dist, 'assets'))
    .sort()
    .map((name) => `assets/${name}`);
  // The importers come with the first broker's file and never before; then they are kept, too.
  const isLate = (file) => /^assets\/(unisleeve_)?import/.test(file);
  const source = readFileSync(join(import.meta.dirname, 'offline-worker.js'), 'utf8');
  const hash = createHash('sha256').update(source);
  for (const file of ['index.html', ...assets]) {
    hash.update(`${file}\n`).update(readFileSync(join(dist, file)));
  }
  const facts = {
    BUILD: hash.digest('hex').slice(0, 16),
    FILES: assets.filter((file) => !isLate(file)),
    LATE: assets.filter(isLate),
  };
  const head = Object.entries(facts).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`);
  const script = head.join('') + source.replace(/^\s*\/\/.*\n/gm, '');
  writeFileSync(join(dist, 'offline.js'), script);
  return script.length;
}

if (process.argv[1] === import.meta.filename) {
  console.log(`dist/offline.js: ${(writeOffline(join(import.meta.dirname, 'dist')) / 1e3).toFixed(1)} kB`);
}
