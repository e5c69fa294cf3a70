// Reads a broker's file with a second WebAssembly file, which is fetched only when the first file is chosen.

import type { Holdings } from '../../../wasm/npm/pkg/unisleeve_import_wasm.js';
import init, { holdings } from '../../../wasm/npm/pkg/unisleeve_import_wasm.js';
import { count } from '../format/number';
import { importer } from './parts';

/** Longest file in bytes, larger than the holdings of any household. */
const MOST_BYTES = 4_000_000;

let ready: Promise<unknown> | null = null;

/** The contents of a file. Throws a sentence when the file as a whole can't be read. */
export async function read(file: File): Promise<Holdings> {
  if (file.size > MOST_BYTES) {
    throw new Error(`${file.name} has ${count(file.size)} bytes: expected at most ${count(MOST_BYTES)}.`);
  }
  const bytes = await file.arrayBuffer().catch(() => {
    throw new Error(`${file.name} could not be read: expected a file.`);
  });
  // If the fetch fails, the next file tries again.
  ready ??= importer().then((wasm) => init({ module_or_path: wasm }));
  await ready.catch(() => {
    ready = null;
    throw new Error('The reader of files could not be loaded: try again.');
  });
  return holdings(new Uint8Array(bytes), file.name);
}
