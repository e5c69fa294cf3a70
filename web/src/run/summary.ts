// What the page reads of the core's figures. Money in dollars; rates a year, as fractions. Percentiles: 5, 10, 25, 50, 75, 90, 95.

import type { Unmatched } from '../state/restrictions';

export type Percentiles = readonly [number, number, number, number, number, number, number];

export interface Spread {
  count: number;
  mean: number;
  deviation: number | null;
  interval: readonly [number, number] | null;
  percentiles: Percentiles;
  ahead: number;
  worst_tenth: number;
}

export interface Average {
  arm: string;
  taxes_by_year: number[];
  losses_by_year: number[];
  /** Kept, sold, left at death, given in part. */
  endings: readonly Percentiles[];
  tasks: number;
  tickets: number;
  orders: number;
  tracking_error: number | null;
  tax_alpha: number | null;
  tracking_error_by_year: number[];
  /** What fees cost by the end after tax, dollars. */
  fees_at_end: number;
}

export interface SimulationSummary {
  version: string;
  seed: number;
  config_hash: string;
  start: string;
  end: string;
  uma_risk_aversion: number;
  paths: number;
  gain: Spread;
  /** UMA less SMA after tax at the end, by future. */
  gains: number[];
  tax_alpha: Spread;
  tax_alpha_after_liquidation: Spread;
  tracking_error: readonly [number | null, number | null];
  ruined: readonly [number, number];
  fans: { arm: string; by_year: Percentiles[]; wealth: Percentiles }[];
  averages: Average[];
  hash: string;
  assumptions: string[];
}

export interface Part {
  dollars: number;
  rate: number;
}

export interface Drift {
  asset_class: string;
  average_found: number;
  largest_found: number;
  average_left: number;
  largest_left: number;
}

export interface Arm {
  wealth_before_liquidation: number;
  wealth_after_liquidation: number;
  taxes_paid: number;
  losses_harvested: number;
  gains_realized: number;
  losses_washed: number;
  trading_cost: number;
  fees_paid: number;
  /** What fees cost by the end: with what they would have earned, after tax. */
  fees_at_end: number;
  turnover: number | null;
  orders: number;
  ruin: string | null;
  tracking_error_ex_post: number | null;
  tracking_error_ex_ante: number | null;
  pre_tax_return: number | null;
  drift: Drift[];
  harvest_yield: { year: number; losses: number; harvest_yield: number | null }[];
  realized_by_year: { year: number; net_short: number; net_long: number }[];
  workload: { tasks: number; tickets: number; transfers: number; orders: number };
  tax_alpha_split:
    | (Record<'harvest' | 'deferral' | 'character' | 'income' | 'carried' | 'household', Part> & {
        tax_alpha: number;
      })
    | null;
}

export interface StudySummary {
  version: string;
  seed: number;
  config_hash: string;
  data_hash: string;
  result_hash: string;
  start: string;
  end: string;
  headline: { wealth_after_liquidation: { value: number; low: number; high: number } | null } | null;
  tax_inputs: { liquidation_short: number; liquidation_long: number; year: number };
  accounts: { account: string; kind: string }[];
  arm_order: string[];
  arms: Record<string, Arm>;
  /** Names in restrictions that nothing in the market has; left out where there are none. */
  unmatched_restrictions?: Unmatched[];
  assumptions: string[];
}

export interface Study {
  summary: StudySummary;
  days: Int32Array;
  wealth: Record<string, Float64Array>;
  /** Causes of trades and symbols of securities, by their numbers in `trades`. */
  words: string[];
  /** Rows of numbers, by arm: `orders.ts` reads them. */
  trades: Record<string, Float64Array>;
  /** By arm and session: expected tracking error, then each asset class's drift. */
  closes: Record<string, Float64Array>;
}
