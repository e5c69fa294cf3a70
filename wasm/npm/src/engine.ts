// Many futures on several workers. Each works on one future at a time, so that a cancelled run stops within one, and what is
// done is always a valid answer. Figures do not depend on the number of workers.

import { Desk, Failure } from './desk.js';
import type { Config, Defaults, SimulationSummary, Study } from './messages.js';

export interface EngineOptions {
  /** The compiled core, or where it is. */
  wasm: WebAssembly.Module | URL | string | ArrayBuffer;
  /** The packed prices of the embedded history, for replays and bootstraps. */
  prices?: ArrayBuffer | URL | string;
  /** Makes a worker that runs this package's `worker.js`. */
  makeWorker: () => Worker;
  /** Workers; the processor's threads, at most 4, without it. */
  workers?: number;
}

export interface Progress {
  done: number;
  of: number;
}

export interface SimulateOptions {
  /** Futures to run. */
  paths: number;
  signal?: AbortSignal;
  /** After each future. */
  onProgress?: (progress: Progress) => void;
  /** Figures of the futures that are done: after the first 10, then as they double. */
  onSummary?: (summary: SimulationSummary) => void;
}

export class Engine {
  #module: WebAssembly.Module;
  #prices: ArrayBuffer | null;
  /** The first adds up and replays history; the others run futures. */
  #sums: Desk;
  #desks: Desk[];
  #run = 0;

  private constructor(module: WebAssembly.Module, prices: ArrayBuffer | null, sums: Desk, desks: Desk[]) {
    this.#module = module;
    this.#prices = prices;
    this.#sums = sums;
    this.#desks = desks;
  }

  /** Fetches and compiles the core once and starts the workers. Throws a sentence when that fails. */
  static async start(options: EngineOptions): Promise<Engine> {
    const [module, prices] = await Promise.all([compiled(options.wasm), options.prices ? bytes(options.prices) : null]);
    const threads = globalThis.navigator?.hardwareConcurrency ?? 2;
    const count = options.workers ?? Math.max(1, Math.min(4, threads));
    const desks = Array.from({ length: count }, () => new Desk(options.makeWorker));
    const engine = new Engine(module, prices, new Desk(options.makeWorker), desks);
    await Promise.all([engine.#sums, ...desks].map((desk) => desk.ask('start', module, prices)));
    return engine;
  }

  defaults(): Promise<Defaults> {
    return this.#sums.ask('defaults');
  }

  /** One future with all its figures and curves. `gamma`: UMA's risk aversion as a simulation found it; else the configuration's. */
  async study(config: Config, path: number, gamma?: number): Promise<Study> {
    const desk = this.#free();
    await desk.ask('open', JSON.stringify(config), isBootstrap(config));
    if (gamma !== undefined) {
      await desk.ask('setUma', gamma);
    }
    return desk.ask('study', path);
  }

  /** Replays the embedded history. A run that is asked for while another goes on breaks that off. */
  async history(config: Config, full: boolean, onStep?: (step: string) => void): Promise<Study> {
    if (this.#sums.isBusy) {
      await this.#restart(this.#sums);
    }
    this.#sums.onstep = onStep ?? (() => {});
    return this.#guarded(this.#sums, this.#sums.ask('history', JSON.stringify(config), full));
  }

  /**
   * Runs futures `0` to `paths - 1` and sums them up. A new simulation, or an aborted signal, stops an earlier one within a
   * future; that one then answers with the futures it has, or rejects with an AbortError when it has none.
   */
  async simulate(config: Config, options: SimulateOptions): Promise<SimulationSummary> {
    const run = ++this.#run;
    const isOver = (): boolean => run !== this.#run || (options.signal?.aborted ?? false);
    const stop = (): void => {
      if (isOver()) {
        throw new DOMException('Stopped.', 'AbortError');
      }
    };
    const json = JSON.stringify(config);
    const real = isBootstrap(config);
    const all = [this.#sums, ...this.#desks];
    await Promise.all(all.map((desk) => desk.ask('open', json, real)));
    stop();
    const gamma = await this.#guarded(this.#desks[0] as Desk, (this.#desks[0] as Desk).ask('match'));
    stop();
    await Promise.all(all.map((desk) => desk.ask('setUma', gamma)));
    let next = 0;
    let done = 0;
    let shown = 0;
    const work = async (desk: Desk): Promise<void> => {
      while (!isOver() && next < options.paths) {
        const words = await this.#guarded(desk, desk.ask('run', next++));
        if (run !== this.#run) {
          return;
        }
        await this.#sums.ask('add', words);
        done += 1;
        options.onProgress?.({ done, of: options.paths });
        if (options.onSummary && done >= 10 && done >= 2 * shown && done < options.paths) {
          shown = done;
          const summary = await this.#sums.ask('summary');
          if (!isOver()) {
            options.onSummary(summary);
          }
        }
      }
    };
    await Promise.all(this.#desks.map(work));
    if (done === 0 || run !== this.#run) {
      stop();
    }
    return this.#sums.ask('summary');
  }

  /** Stops whatever runs; a simulation answers with what it has. */
  stop(): void {
    for (const desk of [this.#sums, ...this.#desks]) {
      desk.stop();
    }
  }

  #free(): Desk {
    return this.#desks.find((desk) => !desk.isBusy) ?? (this.#desks[0] as Desk);
  }

  async #restart(desk: Desk): Promise<void> {
    desk.replace();
    await desk.ask('start', this.#module, this.#prices);
  }

  /** Replaces a worker that broke off before its failure is passed on. */
  async #guarded<T>(desk: Desk, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof Failure && error.broken) {
        await this.#restart(desk);
      }
      throw error;
    }
  }
}

function isBootstrap(config: Config): boolean {
  return typeof config?.simulation?.bootstrap_block === 'number';
}

async function compiled(wasm: EngineOptions['wasm']): Promise<WebAssembly.Module> {
  return wasm instanceof WebAssembly.Module ? wasm : WebAssembly.compile(await bytes(wasm));
}

async function bytes(from: URL | string | ArrayBuffer): Promise<ArrayBuffer> {
  if (from instanceof ArrayBuffer) {
    return from;
  }
  const response = await fetch(from);
  if (!response.ok) {
    throw new Failure(`${String(from)} answered ${response.status}.`);
  }
  return response.arrayBuffer();
}
