// The native run of the same code.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

function cargo(words) {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] };
  return execFileSync('cargo', ['run', '--release', '--quiet', '--package', ...words], options).trim();
}

/** Lines of an example of the wasm crate. */
export function example(name, words) {
  return cargo(['unisleeve-wasm', '--example', name, '--', ...words.map(String)]).split('\n');
}

/** What the command `unisleeve` prints, as JSON. */
export function command(words) {
  return JSON.parse(cargo(['unisleeve', '--', ...words.map(String)]));
}

/** Hands texts to `use` as files. */
export function onFiles(texts, use) {
  const folder = mkdtempSync(join(tmpdir(), 'unisleeve-'));
  try {
    const files = texts.map((text, i) => {
      const file = join(folder, `${i}.json`);
      writeFileSync(file, text);
      return file;
    });
    return use(files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Summaries of configurations, in order; compiles the native half when it has to. */
export function native(configs, { full }) {
  const flags = full ? [] : ['--quick'];
  return onFiles(configs, (files) => example('native', [...flags, ...files]).map((line) => JSON.parse(line)));
}

/** What `unisleeve simulate` says of a configuration. */
export function simulated(config) {
  return onFiles([config], ([file]) => command(['simulate', '--json', file]));
}
