// The page's side of the worker. One run at a time: a newer wish replaces an older one that waits, a quick run is left to
// end (it shows where the slider was a moment ago), a full run is broken off.

import wasmUrl from '../pkg/unisleeve_wasm_bg.wasm?url';
import samplePath from '../../backtest/sample/sample.bin?url';
import type { Answer, FromWorker, ToWorker } from './messages';

export interface Listener {
  ready(config: string, notes: string[]): void;
  step(step: string): void;
  answer(answer: Answer): void;
  failure(sentence: string): void;
}

interface Wish {
  config: string;
  full: boolean;
}

export class Engine {
  #listener: Listener;
  #worker: Worker | null = null;
  #module: WebAssembly.Module | null = null;
  #prices: ArrayBuffer | null = null;
  #ready = false;
  #running: (Wish & { id: number }) | null = null;
  #waiting: Wish | null = null;
  #id = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Fetches the core and the prices once, whatever happens to workers later. */
  async start(): Promise<void> {
    try {
      const [code, prices] = await Promise.all([fetched(wasmUrl), fetched(samplePath)]);
      this.#module = await WebAssembly.compile(code);
      this.#prices = prices;
      this.#restart();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#listener.failure(`The page could not start: ${why} Reload it to try again.`);
    }
  }

  run(wish: Wish): void {
    this.#waiting = wish;
    if (this.#running?.full) {
      this.#restart();
    } else {
      this.#next();
    }
  }

  /** Drops what waits and what runs. */
  cancel(): void {
    this.#waiting = null;
    if (this.#running) {
      this.#restart();
    }
  }

  #restart(): void {
    this.#worker?.terminate();
    this.#running = null;
    this.#ready = false;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    worker.addEventListener('error', () => this.#fail('The calculation could not be started in this browser.'));
    this.#worker = worker;
    if (this.#module && this.#prices) {
      this.#post({ kind: 'start', module: this.#module, prices: this.#prices });
    }
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #next(): void {
    if (this.#ready && !this.#running && this.#waiting) {
      this.#running = { ...this.#waiting, id: ++this.#id };
      this.#waiting = null;
      this.#post({ kind: 'run', ...this.#running });
    }
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#ready = true;
        this.#listener.ready(message.config, message.notes);
        this.#next();
        return;
      case 'step':
        this.#listener.step(message.step);
        return;
      case 'answer':
        this.#running = null;
        this.#listener.answer(message.answer);
        this.#next();
        return;
      case 'failure':
        this.#fail(message.sentence);
    }
  }

  // After a failure the worker's memory is not to be trusted: a fresh one takes over.
  #fail(sentence: string): void {
    const started = this.#ready;
    this.#running = null;
    this.#listener.failure(sentence);
    if (started) {
      this.#restart();
    }
  }
}

async function fetched(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}.`);
  }
  return response.arrayBuffer();
}
