// What the visitor can change, and what becomes of it in a configuration.

import type { Config } from './summary';

/** The fields as typed; sliders hold numbers written out. */
export interface Inputs {
  withdrawal: string;
  income: string;
  stateRate: string;
  riskAversion: string;
}

export type Faults = Partial<Record<keyof Inputs, string>>;

/** Steps of the slider for risk aversion: each about 1.6 times the one before. */
export const RISK_AVERSIONS = [4, 6, 10, 16, 25, 40, 63, 100, 160] as const;

export const WITHDRAWAL = { min: 0, max: 120_000, step: 5_000 } as const;
const INCOME_MAX = 100_000_000;
const STATE_RATE_MAX = 20;

/** The inputs that a configuration stands for. */
export function inputsOf(config: Config): Inputs {
  const outside = config.tax.outside;
  return {
    withdrawal: String(-(withdrawalOf(config)?.amount ?? 0)),
    income: outside.ordinary_taxable.toLocaleString('en-US'),
    stateRate: String(Number((outside.state_rate * 100).toFixed(4))),
    riskAversion: String(config.trading.risk_aversion),
  };
}

/** The flow that the slider for withdrawals changes. */
export function withdrawalOf(config: Config): Config['household']['flows'][number] | undefined {
  return config.household.flows.find((flow) => flow.amount < 0 && flow.every === 'year');
}

/** A number as people type it (`1,000,000`, `$5`, `5 %`), or null. */
function number(text: string): number | null {
  const bare = text.replace(/[\s,$%_]/g, '');
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(bare) ? Number(bare) : null;
}

/** A configuration with the inputs in it, or what is wrong with them. */
export function apply(config: Config, inputs: Inputs): { config: Config } | { faults: Faults } {
  const faults: Faults = {};
  const read = (key: keyof Inputs, max: number, expected: string): number => {
    const value = number(inputs[key]);
    if (value === null || value < 0 || value > max) {
      const typed = inputs[key].trim();
      faults[key] = `${typed === '' ? 'Nothing entered' : `“${typed.slice(0, 24)}”`}: expected ${expected}.`;
    }
    return value ?? 0;
  };
  const withdrawal = read('withdrawal', WITHDRAWAL.max, 'dollars from 0 to 120,000');
  const income = read('income', INCOME_MAX, 'dollars from 0 to 100,000,000');
  const stateRate = read('stateRate', STATE_RATE_MAX, `a percentage from 0 to ${STATE_RATE_MAX}`);
  const riskAversion = read('riskAversion', 1e9, 'a number above 0');
  if (Object.keys(faults).length > 0) {
    return { faults };
  }
  const changed = structuredClone(config);
  const flow = withdrawalOf(changed);
  if (flow) {
    flow.amount = withdrawal === 0 ? 0 : -withdrawal;
  }
  // Income outside the portfolio is all there is, so it is the modified adjusted gross income too.
  changed.tax.outside.ordinary_taxable = income;
  changed.tax.outside.magi = income;
  changed.tax.outside.state_rate = Number((stateRate / 100).toFixed(6));
  changed.trading.risk_aversion = riskAversion;
  return { config: changed };
}
