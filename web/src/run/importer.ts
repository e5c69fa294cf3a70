// Reads a broker's file: a second WebAssembly file, which is fetched when the first file is chosen and never before.

import type { Holdings } from '../../../wasm/npm/pkg/unisleeve_import_wasm.js';
import init, { holdings } from '../../../wasm/npm/pkg/unisleeve_import_wasm.js';
import { count } from '../format/number';
import { importer } from './parts';

/** Longest file in bytes: more than the holdings of any household. */
const MOST_BYTES = 4_000_000;

let ready: Promise<unknown> | null = null;

/** What a file holds. Throws a sentence when it can't be read as a whole. */
export async function read(file: File): Promise<Holdings> {
  if (file.size > MOST_BYTES) {
    throw new Error(`${file.name} has ${count(file.size)} bytes: expected at most ${count(MOST_BYTES)}.`);
  }
  const bytes = await file.arrayBuffer().catch(() => {
    throw new Error(`${file.name} could not be read: expected a file.`);
  });
  // A fetch that failed is tried again with the next file.
  ready ??= importer().then((wasm) => init({ module_or_path: wasm }));
  await ready.catch(() => {
    ready = null;
    throw new Error('The reader of files could not be loaded: try again.');
  });
  return holdings(new Uint8Array(bytes), file.name);
}
