// The case that the page opens with.

import base from './base.json';
import type { Config } from './config';

/**
 * Age of the older spouse when the futures start. Only flows depend on it, so it is not in the configuration.
 */
export const AGE = 57;
export const RETIREMENT = 62;

/**
 * The core's what-if household as a couple in mid-career: about $360,000 of its $2m is in one company, bought
 * long ago. The couple lives in Illinois and pays its income tax by the state's own rules.
 */
export function openingCase(): Config {
  const config = structuredClone(base) as unknown as Config;
  config.household.cash = 1_640_000;
  config.household.lots = [{ symbol: 'S001', quantity: 1500, basis: 60_000, acquired: '2014-03-03' }];
  config.lists = { 'Former employer': ['S001'] };
  Object.assign(config.tax.outside, { ordinary_taxable: 400_000, magi: 430_000, state: 'IL', state_rate: 0 });
  config.simulation.scenario.years = 20;
  return config;
}

/** The core's own what-if household. Keys omitted in a file do not take its values: see `read.ts`. */
export const whatIf = base as unknown as Config;
