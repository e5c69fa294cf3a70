// Where the page's parts come from: files beside it. The build of one file puts `parts-inline.ts` in this file's place.

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

/** Compiled while it comes; browsers keep what they compiled so for the next visit. Servers that name another type are slower. */
export async function core(): Promise<WebAssembly.Module> {
  const response = await fetched(wasmUrl);
  const isNamed = response.headers.get('content-type') === 'application/wasm';
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The importers, which are fetched when a broker's file is chosen. */
export const importer = async (): Promise<ArrayBuffer> => (await fetched(importerUrl)).arrayBuffer();

export const prices = async (): Promise<ArrayBuffer> => (await fetched(pricesUrl)).arrayBuffer();

/** Keeps the page for a visit without a network. Browsers that refuse (private windows, no HTTPS) go on without. */
export function keep(): void {
  if (import.meta.env.PROD) {
    // Asked for a newer one at each visit: browsers put that off by themselves.
    const kept = navigator.serviceWorker
      ?.register('./offline.js')
      .then((registration) => registration.update());
    kept?.catch(() => {});
  }
}

export const makeWorker = (): Worker => new Worker(workerUrl, { type: 'module' });
