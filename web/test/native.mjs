// The native run of the same code.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Summaries of configurations, in order; compiles the native half when it has to. */
export function native(configs, { full }) {
  const folder = mkdtempSync(join(tmpdir(), 'unisleeve-'));
  try {
    const files = configs.map((config, i) => {
      const file = join(folder, `${i}.json`);
      writeFileSync(file, config);
      return file;
    });
    const flags = full ? [] : ['--quick'];
    const cargo = ['run', '--release', '--quiet', '--package', 'unisleeve-wasm', '--example', 'native', '--'];
    const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] };
    return execFileSync('cargo', [...cargo, ...flags, ...files], options).trim().split('\n').map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
