// What the page and its worker say to each other.

import type { Summary } from './summary';

export interface Start {
  kind: 'start';
  module: WebAssembly.Module;
  prices: ArrayBuffer;
}

export interface Ask {
  kind: 'run';
  id: number;
  config: string;
  full: boolean;
}

export interface Curves {
  /** Days since 1970-01-01, by session. */
  days: Int32Array;
  /** Value less accrued tax in dollars, by arm and session. */
  wealth: Record<string, Float64Array>;
}

export interface Answer extends Curves {
  summary: Summary;
  full: boolean;
  milliseconds: number;
}

export type ToWorker = Start | Ask;

export type FromWorker =
  | { kind: 'ready'; config: string; notes: string[] }
  | { kind: 'step'; id: number; step: string }
  | { kind: 'answer'; id: number; answer: Answer }
  | { kind: 'failure'; id: number | null; sentence: string };
