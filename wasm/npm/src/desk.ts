// One worker and the calls it has been asked.

import type { Answer, Calls, Name } from './messages.js';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class Desk {
  #make: () => Worker;
  #worker: Worker;
  #waiting: Waiting[] = [];
  /** Told the name of each step of a replay. */
  onstep: (step: string) => void = () => {};

  constructor(make: () => Worker) {
    this.#make = make;
    this.#worker = this.#hire();
  }

  ask<N extends Name>(name: N, ...args: Parameters<Calls[N]>): Promise<Awaited<ReturnType<Calls[N]>>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as (result: unknown) => void, reject });
      this.#worker.postMessage({ name, args });
    });
  }

  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Breaks off whatever runs: a fresh worker, that has to be started again, takes over. */
  replace(): void {
    this.#worker.terminate();
    this.#fail(new DOMException('Broken off.', 'AbortError'));
    this.#worker = this.#hire();
  }

  stop(): void {
    this.#worker.terminate();
    this.#fail(new DOMException('Stopped.', 'AbortError'));
  }

  #hire(): Worker {
    const worker = this.#make();
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      if (worker === this.#worker) {
        this.#hear(data);
      }
    });
    worker.addEventListener('error', () => {
      if (worker === this.#worker) {
        this.#fail(new Error('The calculation could not be started in this browser.'));
      }
    });
    return worker;
  }

  #hear(answer: Answer): void {
    if ('step' in answer) {
      this.onstep(answer.step);
      return;
    }
    const waiting = this.#waiting.shift();
    if ('result' in answer) {
      waiting?.resolve(answer.result);
    } else {
      waiting?.reject(new Failure(answer.sentence, answer.broken));
    }
  }

  #fail(error: Error): void {
    for (const waiting of this.#waiting.splice(0)) {
      waiting.reject(error);
    }
  }
}

/** What the core answered instead of figures: a sentence, or a line for each fault of the settings (`key: what is wrong`). */
export class Failure extends Error {
  /** Whether the worker broke off and must be replaced. */
  readonly broken: boolean;

  constructor(sentence: string, broken = false) {
    super(sentence);
    this.name = 'Failure';
    this.broken = broken;
  }
}
