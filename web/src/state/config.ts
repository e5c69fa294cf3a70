// What the page reads and changes of a configuration; the rest is passed on as it came. One file for the page and for
// `unisleeve simulate`: keys are those of docs/config.schema.json. Money in dollars, rates as fractions a year.

export interface Flow {
  amount: number;
  every: 'once' | 'month' | 'year';
  from: string;
  to?: string | null;
}

/** Shares given away, worth so many dollars each time. */
export interface Gift {
  amount: number;
  every: 'once' | 'month' | 'year';
  from: string;
  to?: string | null;
}

export interface Lot {
  symbol: string;
  quantity: number;
  basis: number;
  acquired: string;
  account?: string | null;
  keep?: boolean;
}

export interface Account {
  name: string;
  kind: 'taxable' | 'ira' | 'roth';
  cash: number;
}

export interface Sleeve {
  name: string;
  weight: number;
  fund: string;
  asset_class: string;
  index?: string;
  stocks?: string[];
  subset?: number | null;
}

/** Whether it holds an index's stocks rather than a fund. */
export const isDirect = ({ index, stocks }: Sleeve): boolean => Boolean(index) || (stocks?.length ?? 0) > 0;

export interface AssetClass {
  name: string;
  expected_return: number;
  volatility: number;
}

export interface Config {
  seed: number;
  household: { cash: number; flows: Flow[]; lots?: Lot[]; accounts?: Account[]; gifts?: Gift[] };
  policy: Sleeve[];
  tax: {
    year: number;
    status: 'single' | 'joint' | 'head' | 'separate';
    outside: Record<string, number>;
    gains_budget?: number | null;
  };
  trading: { risk_aversion: number; cadence: string; cash_buffer: number };
  restrictions?: {
    exclude?: string[];
    exclude_sectors?: string[];
    exclude_lists?: string[];
    do_not_sell?: string[];
    position_cap?: number | null;
  };
  /** Lists of symbols. The page keeps a holding's own name as the name of a list with its stand-in. */
  lists?: Record<string, string[]>;
  simulation: {
    paths: number;
    preset?: string | null;
    bootstrap_block?: number | null;
    scenario: {
      start: string;
      years: number;
      names: number;
      classes: AssetClass[];
      funds: { symbol: string; class: string }[];
      stocks: Record<string, unknown>;
    };
  };
}
