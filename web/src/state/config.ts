// A configuration on the page: the core's own type, with optional keys filled in (`read.ts`). The page and
// `unisleeve simulate` read the same file. Money is in dollars, rates are annual fractions.

import type {
  Config as CoreConfig,
  HouseholdConfig,
  PolicySleeve,
  Scenario,
  SimulationConfig,
  TaxConfig,
  TradingConfig,
} from 'unisleeve';

/** The type with these keys required. */
type With<T, K extends keyof T> = T & Required<Pick<T, K>>;

export type Sleeve = With<PolicySleeve, 'name' | 'weight' | 'fund' | 'asset_class'>;

/** Whether a sleeve holds an index's stocks rather than a fund. */
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
