// From settings to figures. The newest settings win: they stop what runs, one future answers at once, then all of them follow.

import type { Config as CoreConfig, SimulationSummary, Study } from 'unisleeve';
import { Engine, Failure } from 'unisleeve';

import type { Config } from '../state/config';
import { set } from '../state/path';
import { type Faults, faultsOf, NONE } from './faults';
import { core, makeWorker, prices } from './parts';
import { isSummed, type Summed } from './summed';

export type Phase = 'loading' | 'one' | 'many' | 'done' | 'stopped' | 'failed';

/** Figures and the settings that they are of. */
export interface Answer {
  config: Config;
  study: Study;
  /** None before the first futures are summed up. */
  summary: Summed | null;
  /** Whether all futures that were asked for are in it. */
  isWhole: boolean;
  /** Milliseconds that the one future took. */
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

/** How long settings must rest before all futures are run for them. */
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
  /** Counts what was halted: whoever comes back to another number must not go on. */
  #turn = 0;

  /** Begins to load; settings may be asked for at once. */
  constructor(listener: Listener) {
    this.#listener = listener;
    this.#engine.catch(() => {});
  }

  /** Figures for these settings, please. */
  want(config: Config): void {
    this.#wish = config;
    this.#halt();
    void this.#pump();
  }

  /** Stops what runs; figures that are there stay. */
  cancel(): void {
    this.#wish = null;
    this.#halt();
    this.#say('stopped');
  }

  /**
   * Refuses settings from outside that the core can't run: every key, type and bound is looked at. Rejects with a `Failure` of a line
   * for each fault.
   */
  async check(config: Config): Promise<void> {
    return (await this.#engine).check(config);
  }

  /** Prices of simulated stocks on the first day: of several futures, as the first session differs a little between them. */
  async pricesOf(config: Config, symbols: readonly string[]): Promise<Map<string, number>> {
    this.#pause();
    const engine = await this.#engine;
    // Two sessions, and lots that may not be sold: the first day's value tells the price.
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

  /** One future after another, each with its figures, until the signal says so. */
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

  /** The same futures under several settings, one after the other; both setups at the risk aversion of the settings. */
  async eachSetting(
    configs: readonly Config[],
    paths: number,
    signal: AbortSignal,
    row: (summary: Summed) => void,
  ): Promise<void> {
    this.#pause();
    const engine = await this.#engine;
    for (const config of configs) {
      const plain = { ...config, simulation: { ...config.simulation, equal_tracking_error: false } };
      const summary = await engine.simulate(plain, { paths, signal });
      // One that was stopped, here or by another simulation, has fewer futures than the others.
      if (summary.paths < paths || !isSummed(summary)) {
        return;
      }
      row(summary);
    }
  }

  /** Real history; `isFull` with all setups and UMA at SMA's tracking error, which takes several times as long. */
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

  /** Something else is to be computed: the futures stop, and their progress says so. */
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

  /** One future; whether the settings have rested since. */
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

/** Futures whose first days are averaged for a price. */
const PRICED = 3;
