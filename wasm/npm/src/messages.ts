// Messages between the page and a worker. A worker answers calls one after the other.

import type { Closes, Config, Round, SimulationSummary, Summary, Trades } from '../pkg/unisleeve_wasm.js';

/** One run with its curves and trades. */
export interface Study {
  summary: Summary;
  /** Days since 1970-01-01, by session. */
  days: Int32Array;
  /** Value less accrued tax in dollars, by arm and session. */
  wealth: Record<string, Float64Array>;
  /** Descriptions of causes. The column `cause` of `trades` holds indices into this list. */
  causes: string[];
  /** Symbols of securities. The column `security` of `trades` holds indices into this list. */
  symbols: string[];
  /** Trades by arm, in chronological order. */
  trades: Record<string, Trades>;
  /** Distance of each close from the policy, by arm. */
  closes: Record<string, Closes>;
}

export interface Defaults {
  /** The what-if simulator's household. */
  whatIf: Config;
  /** The configuration of the embedded history. */
  history: Config;
  /** Named scenarios. */
  presets: { name: string; about: string }[];
  /** Known defects of the embedded prices. */
  notes: string[];
}

/**
 * The calls that a worker answers. A configuration is JSON. With `real`, futures are drawn from the embedded
 * history.
 */
export interface Calls {
  start(module: WebAssembly.Module, prices: ArrayBuffer | null): Promise<void>;
  defaults(): Defaults;
  /** Rejects an invalid configuration. Returns nothing otherwise. */
  check(config: string, real: boolean): void;
  /** Runs one future. `gamma` is UMA's risk aversion; null takes the configuration's. */
  study(config: string, real: boolean, path: number, gamma: number | null): Study;
  history(config: string, full: boolean): Study;
  /** Opens the configuration that the following calls use. */
  open(config: string, real: boolean): void;
  /**
   * Takes a round's tracking errors (null at first) and returns the next round, or the risk aversion when the
   * search is over.
   */
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
