// What page and workers say to each other. A worker answers calls one after the other.

/** A configuration: TOML's tables as objects. The same file runs in `unisleeve simulate`. */
// biome-ignore lint: replaced by the generated type
export type Config = any;
/** Figures of one run: `summary.json` of `unisleeve backtest`. */
// biome-ignore lint: replaced by the generated type
export type Summary = any;
/** Figures of many futures: `summary.json` of `unisleeve simulate`. */
// biome-ignore lint: replaced by the generated type
export type SimulationSummary = any;

/** One run with its curves. */
export interface Study {
  summary: Summary;
  /** Days since 1970-01-01, by session. */
  days: Int32Array;
  /** Value less accrued tax in dollars, by arm and session. */
  wealth: Record<string, Float64Array>;
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

/** What a worker can be asked for. */
export interface Calls {
  start(module: WebAssembly.Module, prices: ArrayBuffer | null): Promise<void>;
  defaults(): Defaults;
  /** Opens settings; `real` draws futures from the embedded history. */
  open(config: string, real: boolean): void;
  match(): number;
  setUma(gamma: number): void;
  run(path: number): BigInt64Array;
  study(path: number): Study;
  add(words: BigInt64Array): void;
  summary(): SimulationSummary;
  history(config: string, full: boolean): Study;
}

export type Name = keyof Calls;
export interface Call {
  name: Name;
  args: unknown[];
}
export type Reply = { result: unknown } | { sentence: string; broken: boolean };
export type Answer = Reply | { step: string };
