// Runs the core in workers. Figures do not depend on the number of workers.

import type { Config, SimulationSummary } from '../pkg/unisleeve_wasm.js';
import { Desk } from './desk.js';
import { Failure, stopped } from './failure.js';
import type { Defaults, Study } from './messages.js';
import type { Run, SimulateOptions } from './simulate.js';
import { simulate } from './simulate.js';

export interface EngineOptions {
  /** The compiled core, or its address. */
  wasm: WebAssembly.Module | URL | string | ArrayBuffer;
  /** The packed prices of the embedded history, for backtests and bootstraps. */
  prices?: ArrayBuffer | URL | string;
  /** Creates a worker that runs this package's `worker.js`. */
  makeWorker: () => Worker;
  /** Number of workers that run futures. The default is the processor's thread count, at most 4. */
  workers?: number;
}

/** Largest number of futures in a simulation. */
const MOST_PATHS = 100_000;

export class Engine {
  /** Collects futures, and answers calls that need no run. */
  #sums: Desk;
  /** Runs single futures, so that they do not wait for a simulation. */
  #single: Desk;
  #replay: Desk;
  #desks: Desk[];
  #current: AbortController | null = null;
  /** Settles when the latest simulation has. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  private constructor(hired: () => Desk, workers: number) {
    this.#sums = hired();
    this.#single = hired();
    this.#replay = hired();
    this.#desks = Array.from({ length: workers }, hired);
  }

  /** Fetches and compiles the core once and starts the workers. Throws a sentence when that fails. */
  static async start(options: EngineOptions): Promise<Engine> {
    const { wasm, prices: packed, makeWorker } = options;
    const threads = globalThis.navigator?.hardwareConcurrency ?? 2;
    const workers = options.workers ?? Math.max(1, Math.min(4, threads));
    if (!Number.isInteger(workers) || workers < 1) {
      throw new Failure(`workers: ${workers}: expected a whole number from 1 on.`);
    }
    const [module, prices] = await Promise.all([compiled(wasm), packed ? bytes(packed) : null]);
    const engine = new Engine(() => new Desk({ makeWorker, module, prices }), workers);
    try {
      // The caller needs a single future first. The other workers start when they are needed.
      await engine.#single.start();
    } catch (error) {
      engine.stop();
      throw error;
    }
    return engine;
  }

  defaults(): Promise<Defaults> {
    return this.#sums.ask('defaults');
  }

  /**
   * Checks keys, values and bounds of a configuration without running it. Rejects with one line for each
   * fault.
   */
  async check(config: Config): Promise<void> {
    return this.#sums.ask('check', json(config), isBootstrap(config));
  }

  /**
   * Runs one future with all its figures and curves. `gamma` is UMA's risk aversion as a simulation found it;
   * the default is the configuration's.
   */
  async study(config: Config, path: number, gamma?: number): Promise<Study> {
    return this.#single.ask('study', json(config), isBootstrap(config), path, gamma ?? null);
  }

  /** Backtests the embedded history. A new call cancels an earlier one, which rejects with an AbortError. */
  async history(config: Config, full: boolean, onStep?: (step: string) => void): Promise<Study> {
    const text = json(config);
    if (this.#replay.isBusy) {
      this.#replay.interrupt();
    }
    this.#replay.onstep = onStep ?? (() => {});
    return this.#replay.ask('history', text, full);
  }

  /**
   * Runs futures `0` to `paths - 1` and summarizes them. A new simulation or an aborted signal stops an
   * earlier one at once. The stopped simulation returns the futures it has, or rejects with an AbortError if
   * it has none.
   */
  async simulate(config: Config, options: SimulateOptions): Promise<SimulationSummary> {
    const { paths, signal } = options;
    if (!Number.isInteger(paths) || paths < 1 || paths > MOST_PATHS) {
      throw new Failure(`paths: ${paths}: expected a whole number from 1 to ${MOST_PATHS}.`);
    }
    const real = isBootstrap(config);
    const text = json(config, paths);
    if (this.#isStopped || signal?.aborted) {
      throw stopped();
    }
    this.#current?.abort();
    const current = new AbortController();
    this.#current = current;
    const isOver = (): boolean => current.signal.aborted || (signal?.aborted ?? false);
    // Simulations run one after the other, so that figures of two are never mixed.
    const run = this.#last.then(() =>
      this.#share(
        { sums: this.#sums, desks: this.#desks, config: text, real, options, isOver },
        current.signal,
      ),
    );
    this.#last = run.catch(() => {});
    return run;
  }

  /**
   * Runs a simulation. When it stops, futures in progress are abandoned, because a single future may be
   * waiting for the processor.
   */
  async #share(run: Run, current: AbortSignal): Promise<SimulationSummary> {
    const signals = [current, run.options.signal];
    const end = (): void => {
      for (const desk of this.#desks) {
        desk.interrupt();
      }
    };
    for (const signal of signals) {
      signal?.addEventListener('abort', end);
    }
    try {
      return await simulate(run);
    } finally {
      for (const signal of signals) {
        signal?.removeEventListener('abort', end);
      }
    }
  }

  /**
   * Stops the workers permanently. A simulation returns what it has; every other call rejects with an
   * AbortError.
   */
  stop(): void {
    this.#isStopped = true;
    this.#current?.abort();
    for (const desk of [this.#single, this.#replay, ...this.#desks]) {
      desk.close();
    }
    void this.#last.then(() => this.#sums.close());
  }
}

/**
 * The JSON for a worker, with this number of paths. Throws here for values that can't be sent (functions,
 * circular references).
 */
function json(config: Config, paths?: number): string {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new Failure("The settings can't be read: expected an object.");
  }
  const simulation = config.simulation ?? {};
  const counts = paths !== undefined && typeof simulation === 'object' && !Array.isArray(simulation);
  try {
    return JSON.stringify(counts ? { ...config, simulation: { ...simulation, paths } } : config);
  } catch {
    throw new Failure("The settings can't be read: they can't be written as JSON.");
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
