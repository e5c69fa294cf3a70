// The native run of the same code.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

function written(configs, use) {
  const folder = mkdtempSync(join(tmpdir(), 'unisleeve-'));
  try {
    const files = configs.map((config, i) => {
      const file = join(folder, `${i}.json`);
      writeFileSync(file, config);
      return file;
    });
    return use(files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] };

/** Summaries of configurations, in order; compiles the native half when it has to. */
export function native(configs, { full }) {
  const flags = full ? [] : ['--quick'];
  const cargo = ['run', '--release', '--quiet', '--package', 'unisleeve-wasm', '--example', 'native', '--'];
  return written(configs, (files) => execFileSync('cargo', [...cargo, ...flags, ...files], options).trim().split('\n').map((line) => JSON.parse(line)));
}

/** What `unisleeve simulate` says of a configuration: by the command that UNISLEEVE_BIN names, or one that is built, or building it. */
export function simulated(config) {
  const built = [process.env.UNISLEEVE_BIN, join(root, 'target/release/unisleeve')].find((path) => path && existsSync(path));
  const [command, first] = built ? [built, []] : ['cargo', ['run', '--release', '--quiet', '--package', 'unisleeve', '--']];
  return written([config], ([file]) => JSON.parse(execFileSync(command, [...first, 'simulate', '--json', file], options)));
}
