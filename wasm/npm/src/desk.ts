// One worker and its pending calls. The worker starts at the first call, and again after a crash.

import { Failure, stopped } from './failure.js';
import type { Answer, Calls, Name } from './messages.js';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Calls that need an `open` before them. A new worker has not had one. */
const RESTING = new Set<Name>(['match', 'pilot', 'setUma', 'run', 'add', 'summary']);

export interface Hiring {
  makeWorker: () => Worker;
  module: WebAssembly.Module;
  prices: ArrayBuffer | null;
}

export class Desk {
  #hiring: Hiring;
  #worker: Worker | null = null;
  #started: Promise<void> = Promise.resolve();
  #waiting: Waiting[] = [];
  #isClosed = false;
  /** Why the last worker crashed, if no call was pending to report it to. */
  #untold: Error | null = null;
  /** Receives the name of each step of a backtest. */
  onstep: (step: string) => void = () => {};

  constructor(hiring: Hiring) {
    this.#hiring = hiring;
  }

  /** Starts the worker before it is needed. */
  start(): Promise<void> {
    this.#hired();
    return this.#started;
  }

  async ask<N extends Name>(name: N, ...args: Parameters<Calls[N]>): Promise<Awaited<ReturnType<Calls[N]>>> {
    if (this.#isClosed) {
      throw stopped();
    }
    const untold = this.#untold;
    this.#untold = null;
    if (untold && RESTING.has(name)) {
      throw untold;
    }
    return this.#post(this.#hired(), name, args) as Promise<Awaited<ReturnType<Calls[N]>>>;
  }

  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Cancels everything that runs. */
  interrupt(): void {
    this.#drop(stopped());
  }

  /** Cancels everything that runs, permanently. */
  close(): void {
    this.#isClosed = true;
    this.interrupt();
  }

  #hired(): Worker {
    if (this.#worker) {
      return this.#worker;
    }
    const { makeWorker, module, prices } = this.#hiring;
    const worker = makeWorker();
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      if (worker === this.#worker) {
        this.#hear(data);
      }
    });
    const fail = (): void => {
      if (worker === this.#worker) {
        this.#drop(new Failure('The calculation could not be started in this browser.', true));
      }
    };
    worker.addEventListener('error', fail);
    worker.addEventListener('messageerror', fail);
    this.#started = this.#post(worker, 'start', [module, prices]) as Promise<void>;
    // If the start fails, every later call fails with the same error.
    this.#started.catch((error: Error) => worker === this.#worker && this.#drop(error));
    return worker;
  }

  #post(worker: Worker, name: Name, args: unknown[]): Promise<unknown> {
    // Send first: if the message can't be sent, no answer is awaited.
    worker.postMessage({ name, args });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #hear(answer: Answer): void {
    if ('step' in answer) {
      this.onstep(answer.step);
    } else if ('result' in answer) {
      this.#waiting.shift()?.resolve(answer.result);
    } else if (answer.broken) {
      this.#drop(new Failure(answer.sentence, true));
    } else {
      this.#waiting.shift()?.reject(new Failure(answer.sentence));
    }
  }

  #drop(error: Error): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#untold = this.#waiting.length === 0 && error instanceof Failure ? error : null;
    for (const waiting of this.#waiting.splice(0)) {
      waiting.reject(error);
    }
  }
}
