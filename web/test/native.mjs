// Runs the same code natively.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

let compiled = null;

/**
 * Path of a program, built with the test profile and its overflow checks. An optimized build takes minutes
 * and must give the same figures.
 */
function program(name) {
  if (!compiled) {
    const words = [
      'build',
      '--workspace',
      '--bin=unisleeve',
      '--example=native',
      '--example=random',
      '--message-format=json',
    ];
    const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'inherit'] };
    const messages = execFileSync('cargo', [...words, '--quiet'], options)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    compiled = new Map(
      messages
        .filter(({ executable }) => executable)
        .map(({ target, executable }) => [target.name, executable]),
    );
  }
  return compiled.get(name);
}

function said(name, words) {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] };
  return execFileSync(program(name), words.map(String), options).trim();
}

/** Output lines of an example of the wasm crate. */
export function example(name, words) {
  return said(name, words).split('\n');
}

/** Output of the command `unisleeve`, parsed as JSON. */
export function command(words) {
  return JSON.parse(said('unisleeve', words));
}

/** Starts `unisleeve serve` on a free port and returns its page's address. `stop` ends it. */
export async function serving() {
  const server = spawn(program('unisleeve'), ['serve', '--port', '0'], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((resolve, reject) => {
    let told = '';
    server.stdout.on('data', (text) => {
      told += text;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(told);
      if (found) {
        resolve(found[0]);
      }
    });
    server.once('exit', (code) => reject(new Error(`unisleeve serve ended with ${code}`)));
  });
  return { address, stop: () => server.kill() };
}

/** Writes texts to temporary files and passes them to `use`. */
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

/** Summaries of configurations, in order. Compiles the native program when needed. */
export function native(configs, { full }) {
  const flags = full ? [] : ['--quick'];
  return onFiles(configs, (files) => example('native', [...flags, ...files]).map((line) => JSON.parse(line)));
}

/** Output of `unisleeve simulate` for a configuration. */
export function simulated(config) {
  return onFiles([config], ([file]) => command(['simulate', '--json', file]));
}
