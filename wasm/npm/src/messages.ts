// What the package's two sides say to each other. A worker answers calls one after the other.

import type { Closes, Config, Round, SimulationSummary, Summary, Trades } from '../pkg/unisleeve_wasm.js';

/** One run with its curves and trades. */
export interface Study {
  summary: Summary;
  /** Days since 1970-01-01, by session. */
  days: Int32Array;
  /** Value less accrued tax in dollars, by arm and session. */
  wealth: Record<string, Float64Array>;
  /** Causes of trades: what numbers in `trades` stand for. */
  causes: string[];
  /** Symbols of securities: what numbers in `trades` stand for. */
  symbols: string[];
  /** By arm, in order of time. */
  trades: Record<string, Trades>;
  /** How far each close was from the policy, by arm. */
  closes: Record<string, Closes>;
}

export interface Defaults {
  /** The household of the what-if simulator. */
  whatIf: Config;
  /** The configuration of the embedded history. */
  history: Config;
  /** Named scenarios. */
  presets: { name: string; about: string }[];
  /** What is wrong with the embedded prices. */
  notes: string[];
}

/** What a worker can be asked for. A configuration is JSON; `real` draws futures from the embedded history. */
export interface Calls {
  start(module: WebAssembly.Module, prices: ArrayBuffer | null): Promise<void>;
  defaults(): Defaults;
  /** Refuses a configuration that can't be run, and answers nothing else. */
  check(config: string, real: boolean): void;
  /** One future; `gamma` is UMA's risk aversion, null for the configuration's. */
  study(config: string, real: boolean, path: number, gamma: number | null): Study;
  history(config: string, full: boolean): Study;
  /** Opens the configuration that the calls below are about. */
  open(config: string, real: boolean): void;
  /** Takes a round's tracking errors, null at first; answers with the next round, or with the risk aversion that was found. */
  match(errors: Float64Array | null): Round | number;
  pilot(path: number, arm: string, gamma: number): number;
  setUma(gamma: number): void;
  run(path: number): BigInt64Array;
  add(words: BigInt64Array): void;
  summary(): SimulationSummary;
}

export type Name = keyof Calls;
export interface Call {
  name: Name;
  args: unknown[];
}
export type Reply = { result: unknown } | { sentence: string; broken: boolean };
export type Answer = Reply | { step: string };
