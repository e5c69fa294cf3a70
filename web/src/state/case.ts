// The case that the page opens on.

import base from './base.json';
import type { Config } from './config';

/** Age of the older of the couple when the futures start. Only flows depend on it, so it is the page's alone. */
export const AGE = 57;
export const RETIREMENT = 62;

/**
 * The what-if household of the core, made a couple with a career behind it: of its $2m some $360,000 stand in one company,
 * bought long ago. Its income is in Illinois, whose one flat rate a flat rate can say exactly.
 */
export function openingCase(): Config {
  const config = structuredClone(base) as unknown as Config;
  config.household.cash = 1_640_000;
  config.household.lots = [{ symbol: 'S001', quantity: 1500, basis: 60_000, acquired: '2014-03-03' }];
  config.lists = { 'Former employer': ['S001'] };
  Object.assign(config.tax.outside, { ordinary_taxable: 400_000, magi: 430_000, state_rate: 0.0495 });
  config.simulation.scenario.years = 20;
  return config;
}

/** The core's own what-if household, which keys that a file leaves out are not taken from: see `read.ts`. */
export const whatIf = base as unknown as Config;
