// The page's parts in the single-file build, as text in elements that the browser does not run.

function text(id: string): string {
  return document.getElementById(id)?.textContent?.trim() ?? '';
}

function bytes(id: string): ArrayBuffer {
  const letters = atob(text(id));
  const all = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) {
    all[i] = letters.charCodeAt(i);
  }
  return all.buffer;
}

/** A single file on disk needs no offline cache. */
export function keep(): void {}

let worker = '';

export const core = (): Promise<WebAssembly.Module> => WebAssembly.compile(bytes('part-core'));
export const importer = async (): Promise<ArrayBuffer> => bytes('part-importer');
export const prices = async (): Promise<ArrayBuffer> => bytes('part-prices');

export function makeWorker(): Worker {
  worker ||= URL.createObjectURL(new Blob([bytes('part-worker')], { type: 'text/javascript' }));
  return new Worker(worker);
}
