// The page's parts as separate files. The single-file build replaces this file with `parts-inline.ts`.

import pricesUrl from '../../../backtest/sample/sample.bin?url';
import importerUrl from '../../../wasm/npm/pkg/unisleeve_import_wasm_bg.wasm?url';
import wasmUrl from '../../../wasm/npm/pkg/unisleeve_wasm_bg.wasm?url';
import workerUrl from '../../../wasm/npm/src/worker.ts?worker&url';

async function fetched(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}.`);
  }
  return response;
}

/**
 * Compiles while downloading. Browsers cache the compiled code for the next visit. Servers that send another
 * content type are slower.
 */
export async function core(): Promise<WebAssembly.Module> {
  const response = await fetched(wasmUrl);
  const isNamed = response.headers.get('content-type') === 'application/wasm';
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The importers, fetched when the visitor chooses a broker's file. */
export const importer = async (): Promise<ArrayBuffer> => (await fetched(importerUrl)).arrayBuffer();

export const prices = async (): Promise<ArrayBuffer> => (await fetched(pricesUrl)).arrayBuffer();

/**
 * Caches the page for offline visits. Browsers that refuse (private windows, no HTTPS) work without the
 * cache.
 */
export function keep(): void {
  if (import.meta.env.PROD) {
    // Checks for an update at each visit, because browsers postpone the check on their own.
    const kept = navigator.serviceWorker
      ?.register('./offline.js')
      .then((registration) => registration.update());
    kept?.catch(() => {});
  }
}

export const makeWorker = (): Worker => new Worker(workerUrl, { type: 'module' });
