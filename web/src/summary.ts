// What the page reads of a summary, as the core writes it. Money in dollars; rates a year, as fractions.

export interface Difference {
  /** Median of the middle run and its neighbours. */
  value: number;
  middle_run: number;
  low: number;
  high: number;
}

export interface Headline {
  wealth_before_liquidation: Difference | null;
  wealth_after_liquidation: Difference | null;
  tax_alpha_before_liquidation: Difference | null;
  tax_alpha_after_liquidation: Difference | null;
  pre_tax_return: Difference | null;
  tracking_error: [uma: number | null, sma: number | null];
}

/** How an arm's portfolio may end on the last day. Dollars. */
export interface Endings {
  keep: { wealth: number };
  liquidate: { wealth: number; tax: number };
  liquidate_bracketed: { wealth: number; tax: number; unused_short: number; unused_long: number };
  step_up: { wealth: number; gain_erased: number; loss_erased: number };
  gift: { wealth: number; tax: number; loss_not_passed_on: number };
  charity: {
    wealth: number;
    given: number;
    gain_never_taxed: number;
    tax_saved_by_deduction: number;
    tax_saved_by_losses: number;
    carried_deduction: number;
  };
}

export interface ArmSummary {
  risk_aversion: number;
  final_value: number;
  accrued_tax: number;
  wealth_before_liquidation: number;
  wealth_after_liquidation: number;
  liquidation: { tax: number };
  endings: Endings;
  taxes_paid: number;
  losses_harvested: number;
  gains_realized: number;
  losses_washed: number;
  carry_short: number;
  carry_long: number;
  pre_tax_return: number | null;
  tracking_error_ex_post: number | null;
  tracking_error_ex_ante: number | null;
  tax_alpha_before_liquidation: number | null;
  tax_alpha_after_liquidation: number | null;
  turnover: number | null;
  trading_cost: number;
  orders: number;
  transfers: number;
  ruin: string | null;
  worst_gap: number | null;
}

export interface Summary {
  version: string;
  seed: number;
  config_hash: string;
  data_hash: string;
  result_hash: string;
  start: string;
  end: string;
  tax_inputs: {
    liquidation_short: number;
    liquidation_long: number;
    year: number;
    charity_share: number;
    donee_short: number;
    donee_long: number;
  };
  headline: Headline | null;
  equal_tracking_error: boolean | null;
  arm_order: string[];
  arms: Record<string, ArmSummary>;
  assumptions: string[];
  config: Config;
}

export interface Flow {
  amount: number;
  every: 'once' | 'month' | 'year';
  from: string;
  to?: string;
}

// The parts of a configuration that the page changes; it passes on the others as they come.
export interface Config {
  household: { cash: number; flows: Flow[] };
  tax: { year: number; outside: { ordinary_taxable: number; magi: number; state_rate: number } };
  trading: { risk_aversion: number };
}
