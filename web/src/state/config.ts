// A configuration as the page holds it: the core's own type, in which the page has filled in what a file may leave out (`read.ts`).
// One file for the page and for `unisleeve simulate`. Money in dollars, rates as fractions a year.

import type {
  Config as CoreConfig,
  HouseholdConfig,
  PolicySleeve,
  Scenario,
  SimulationConfig,
  TaxConfig,
  TradingConfig,
} from 'unisleeve';

/** With these keys there. */
type With<T, K extends keyof T> = T & Required<Pick<T, K>>;

export type Sleeve = With<PolicySleeve, 'name' | 'weight' | 'fund' | 'asset_class'>;

/** Whether it holds an index's stocks rather than a fund. */
export const isDirect = ({ index, stocks }: Sleeve): boolean => Boolean(index) || (stocks?.length ?? 0) > 0;

export interface Config extends With<CoreConfig, 'seed'> {
  household: With<HouseholdConfig, 'cash' | 'flows'>;
  policy: Sleeve[];
  tax: With<TaxConfig, 'year' | 'status' | 'outside'>;
  trading: With<TradingConfig, 'risk_aversion' | 'cadence' | 'cash_buffer'>;
  simulation: With<SimulationConfig, 'paths'> & {
    scenario: With<Scenario, 'start' | 'years' | 'names' | 'classes' | 'funds' | 'stocks'>;
  };
}
