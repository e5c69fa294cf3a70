// Computes figures from settings. New settings stop the current computation: one future gives a first answer,
// then all futures follow.

import type { Config as CoreConfig, SimulationSummary, Study } from 'unisleeve';
import { Engine, Failure } from 'unisleeve';

import type { Config } from '../state/config';
import { set } from '../state/path';
import { type Faults, faultsOf, NONE } from './faults';
import { core, makeWorker, prices } from './parts';
import { isSummed } from './summed';

export type Phase = 'loading' | 'one' | 'many' | 'done' | 'stopped' | 'failed';

/** Figures and the settings they belong to. */
export interface Answer {
  config: Config;
  study: Study;
  /** Null until the first futures are summarized. */
  summary: SimulationSummary | null;
  /** Whether it covers all futures asked for. */
  isWhole: boolean;
  /** Duration of the single future, in milliseconds. */
  milliseconds: number;
}

export interface Status {
  phase: Phase;
  done: number;
  of: number;
  faults: Faults;
}

export interface Listener {
  status(status: Status): void;
  answer(answer: Answer): void;
}

/** How long settings must stay unchanged before all futures run, in milliseconds. */
const REST = 300;

export class Runner {
  #listener: Listener;
  #module = core();
  #prices = prices();
  #engine = this.#hire();
  #wish: Config | null = null;
  #isPumping = false;
  #many: AbortController | null = null;
  #answer: Answer | null = null;
  /** Number of halts so far. Work that finds another number than at its start must not continue. */
  #turn = 0;

  /** Starts to load. Settings may be requested at once. */
  constructor(listener: Listener) {
    this.#listener = listener;
    this.#engine.catch(() => {});
  }

  /** Requests figures for these settings. */
  want(config: Config): void {
    this.#wish = config;
    this.#halt();
    void this.#pump();
  }

  /** Stops the computation. Existing figures stay. */
  cancel(): void {
    this.#wish = null;
    this.#halt();
    this.#say('stopped');
  }

  /**
   * Checks every key, type and bound of settings from outside. Rejects with a `Failure` that has one line for
   * each fault.
   */
  async check(config: Config): Promise<void> {
    return (await this.#engine).check(config);
  }

  /**
   * Prices of simulated stocks on the first day, averaged over several futures, because the first session
   * differs slightly between them.
   */
  async pricesOf(config: Config, symbols: readonly string[]): Promise<Map<string, number>> {
    this.#pause();
    const engine = await this.#engine;
    // With two sessions and lots that may not be sold, the first day's value gives the price.
    const small = set(
      set({ ...config, restrictions: {}, fees: {}, lists: {} }, 'simulation.scenario.years', 0.17),
      'simulation.preset',
      undefined,
    );
    const valued = async (symbol: string | null, path: number): Promise<number> => {
      const lots =
        symbol === null ? [] : [{ symbol, quantity: 1000, basis: 0, acquired: '2010-01-04', keep: true }];
      const study = await engine.study({ ...small, household: { cash: 100_000, flows: [], lots } }, path);
      return study.wealth.shadow?.[0] ?? 0;
    };
    const found = new Map<string, number>();
    for (const symbol of symbols) {
      let sum = 0;
      for (let path = 0; path < PRICED; path++) {
        sum += (await valued(symbol, path)) - (await valued(null, path));
      }
      found.set(symbol, sum / PRICED / 1000);
    }
    return found;
  }

  /** Runs one future after another and reports each one's figures, until the signal is aborted. */
  async eachPath(
    config: Config,
    gamma: number,
    paths: number,
    signal: AbortSignal,
    row: (path: number, study: Study) => void,
  ): Promise<void> {
    this.#pause();
    const engine = await this.#engine;
    for (let path = 0; path < paths && !signal.aborted; path++) {
      const study = await engine.study(config, path, gamma);
      if (!signal.aborted) {
        row(path, study);
      }
    }
  }

  /**
   * Runs the same futures under several settings, one after the other. Both setups use the settings' risk
   * aversion.
   */
  async eachSetting(
    configs: readonly Config[],
    paths: number,
    signal: AbortSignal,
    row: (summary: SimulationSummary) => void,
  ): Promise<void> {
    this.#pause();
    const engine = await this.#engine;
    for (const config of configs) {
      const plain = { ...config, simulation: { ...config.simulation, equal_tracking_error: false } };
      const summary = await engine.simulate(plain, { paths, signal });
      // A sweep that was stopped, here or by another simulation, has fewer futures than the others.
      if (summary.paths < paths || !isSummed(summary)) {
        return;
      }
      row(summary);
    }
  }

  /**
   * Backtests real history. With `isFull` it runs all setups and matches UMA to SMA's tracking error, which
   * takes several times as long.
   */
  async replay(config: CoreConfig, isFull: boolean, step: (name: string) => void): Promise<Study> {
    this.#pause();
    const engine = await this.#engine;
    return engine.history(config, isFull, step);
  }

  async historyConfig(): Promise<CoreConfig> {
    return (await (await this.#engine).defaults()).history;
  }

  async #hire(): Promise<Engine> {
    const [wasm, bytes] = await Promise.all([this.#module, this.#prices]);
    return Engine.start({ wasm, prices: bytes, makeWorker });
  }

  /** Stops the futures before another computation, and reports them as stopped. */
  #pause(): void {
    if (this.#many) {
      this.#say('stopped');
    }
    this.#halt();
  }

  #halt(): void {
    this.#turn++;
    this.#many?.abort();
    this.#many = null;
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) {
      return;
    }
    this.#isPumping = true;
    while (this.#wish) {
      const config = this.#wish;
      this.#wish = null;
      const turn = this.#turn;
      try {
        const hasRested = await this.#one(config);
        if (hasRested && turn === this.#turn) {
          this.#simulate(config);
        } else if (hasRested) {
          this.#say('stopped');
        }
      } catch (error) {
        if (!this.#wish) {
          this.#fail(error);
        }
      }
    }
    this.#isPumping = false;
  }

  /** Runs one future. Returns whether the settings stayed unchanged since. */
  async #one(config: Config): Promise<boolean> {
    this.#say('one');
    const engine = await this.#engine;
    const began = performance.now();
    const isFirst = this.#answer === null;
    const study = await engine.study(config, 0);
    this.#answer = { config, study, summary: null, isWhole: false, milliseconds: performance.now() - began };
    this.#listener.answer(this.#answer);
    if (!this.#wish && !isFirst) {
      await new Promise((resolve) => setTimeout(resolve, REST));
    }
    return this.#wish === null;
  }

  #simulate(config: Config): void {
    const { paths } = config.simulation;
    const many = new AbortController();
    this.#many = many;
    const isOld = (): boolean => this.#many !== many;
    const show = (summary: SimulationSummary, isWhole: boolean): void => {
      if (!isOld() && this.#answer?.config === config && isSummed(summary)) {
        this.#answer = { ...this.#answer, summary, isWhole };
        this.#listener.answer(this.#answer);
      }
    };
    this.#say('many', 0, paths);
    void (async () => {
      try {
        const engine = await this.#engine;
        const summary = await engine.simulate(config, {
          paths,
          signal: many.signal,
          onProgress: ({ done, of }) => {
            if (!isOld()) {
              this.#say('many', done, of);
            }
          },
          onSummary: (some) => show(some, false),
        });
        if (!isOld()) {
          show(summary, true);
          this.#many = null;
          this.#say('done', paths, paths);
        }
      } catch (error) {
        if (!isOld()) {
          this.#many = null;
          this.#fail(error);
        }
      }
    })();
  }

  #say(phase: Phase, done = 0, of = 0): void {
    this.#listener.status({ phase, done, of, faults: NONE });
  }

  #fail(error: unknown): void {
    if (error instanceof DOMException && error.name === 'AbortError') {
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    const faults =
      error instanceof Failure
        ? faultsOf(message)
        : { byKey: new Map(), others: [`The calculation stopped: ${message}`] };
    this.#listener.status({ phase: 'failed', done: 0, of: 0, faults });
  }
}

/** Number of futures that a first-day price is averaged over. */
const PRICED = 3;
