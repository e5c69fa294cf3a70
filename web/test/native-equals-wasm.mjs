// The same code compiled natively and to WebAssembly gives the same bits: whole summaries are compared.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import init, {
  default_config,
  Sample,
  Simulator,
  sample_notes,
  what_if_config,
} from '../../wasm/npm/pkg/unisleeve_wasm.js';
import { difference, notJson } from './difference.mjs';
import { native, simulated } from './native.mjs';
import { check, Tally } from './tally.mjs';

const here = import.meta.dirname;
await init({ module_or_path: readFileSync(join(here, '../../wasm/npm/pkg/unisleeve_wasm_bg.wasm')) });
const prices = readFileSync(join(here, '../../backtest/sample/sample.bin'));
const sample = new Sample(prices);

function changed(change) {
  const config = default_config();
  change(config);
  return JSON.stringify(config);
}

const CASES = {
  'changed withdrawal': changed((c) => {
    c.household.flows.find((flow) => flow.amount < 0).amount = -115_000;
  }),
  'changed income and state rate': changed((c) => {
    Object.assign(c.tax.outside, { ordinary_taxable: 180_000, magi: 180_000, state_rate: 0.093 });
  }),
  'changed policy weights': changed((c) => {
    [c.policy[0].weight, c.policy[1].weight, c.policy[2].weight] = [0.3, 0.3, 0.4];
  }),
  'quarterly cadence': changed((c) => {
    c.trading.cadence = 'quarterly';
  }),
  'one sleeve, all direct index': changed((c) => {
    c.policy = [{ ...c.policy[0], weight: 1 }];
  }),
};

const tally = new Tally();

async function compare(name, full, expected, config) {
  await tally.test(`${name}, ${full ? 'full' : 'quick'}`, () => {
    const began = performance.now();
    let result;
    try {
      result = sample.run(config, full);
    } catch (error) {
      const same =
        error.message === expected.failure
          ? 'natively and in WebAssembly alike'
          : `natively: ${expected.failure}`;
      throw new Error(`${error.message} (${same})`);
    }
    const milliseconds = performance.now() - began;
    const found = result.summary();
    const wealth = result.after_tax_wealth('uma');
    check(
      result.result_hash() === found.result_hash && result.config_hash() === found.config_hash,
      'hashes disagree',
    );
    check(wealth.length === result.days().length, 'days and wealth differ in length');
    check(wealth.at(-1) === found.arms.uma.wealth_before_liquidation, 'the curve does not end at the wealth');
    result.free();
    const first = difference(expected, found) ?? notJson(found);
    check(first === null, first);
    return `${found.result_hash.slice(0, 12)}, ${milliseconds.toFixed(0)} ms`;
  });
}

// Natively the default is an empty configuration. In WebAssembly it is written out.
const natively = ['{}', ...Object.values(CASES)];
const inWasm = { default: default_config(), ...CASES };
for (const full of [true, false]) {
  const expected = native(natively, { full });
  for (const [i, [name, config]] of Object.entries(inWasm).entries()) {
    await compare(name, full, expected[i], config);
  }
}

await tally.test('figures of many futures are the native ones', () => {
  const config = what_if_config();
  Object.assign(config.simulation, { paths: 12, equal_tracking_error: true });
  Object.assign(config.simulation.scenario, { names: 30, years: 2 });
  const simulator = new Simulator(config);
  check(notJson(simulator.round()) === null && notJson(config) === null, 'what is handed over is not JSON');
  simulator.match_tracking_error();
  for (let path = 0; path < 12; path++) {
    simulator.add(simulator.run(path));
  }
  const [found, natively] = [simulator.summary(), simulated(JSON.stringify(config))];
  simulator.free();
  const first =
    notJson(found) ??
    Object.keys(found)
      .map((key) => difference(natively[key], found[key], key))
      .find(Boolean) ??
    null;
  check(first === null, first);
  return `${Object.keys(found).length} keys, ${found.hash.slice(0, 12)}`;
});

function message(action) {
  try {
    action();
  } catch (error) {
    check(!(error instanceof WebAssembly.RuntimeError), `broke off: ${error.message}`);
    return error.message;
  }
  throw new Error('no error');
}

await tally.test('what cannot be read or run gets a sentence', () => {
  const runs = (config) => message(() => sample.run(config, false));
  check(runs('').startsWith("The settings can't be read"), 'empty text');
  check(runs('{"sed": 1}').includes('unknown field `sed`'), 'unknown key');
  check(
    runs('{"household": {"cash": -1}, "trading": {"risk_aversion": 0}}').split('\n').length === 2,
    'two faults',
  );
  check(runs('{"start": "2100-01-01", "end": "2101-01-01"}').includes('no session'), 'no session');
  check(
    message(() => new Sample(prices.subarray(0, 1000))).startsWith("The prices can't be read"),
    'half the prices',
  );
  const result = sample.run('{"end": "2000-12-29"}', false);
  check(message(() => result.after_tax_wealth('nobody')).includes('expected one of the arms'), 'unknown arm');
  result.free();
});

await tally.test('extreme settings give a result or a sentence, never a broken run', () => {
  const year = { start: '2008-01-02', end: '2008-12-31' };
  const extremes = [
    { household: { cash: 1e12 } },
    { household: { cash: 0.0001 } },
    { household: { cash: 1e6, flows: [{ amount: -1e12, every: 'month', from: '2008-01-01' }] } },
    { household: { cash: 1e12, flows: [{ amount: 1e12, every: 'month', from: '2008-01-01' }] } },
    { start: '1700-01-01', end: '2300-12-31' },
    { trading: { risk_aversion: 1e9 } },
    { trading: { risk_aversion: 1e-6, spread_bps: 1000 } },
    { trading: { cash_buffer: 0.5, min_trade: 1e12 } },
    { tax: { carry_short: 1e12, carry_long: 1e12 } },
    {
      tax: { outside: { ordinary_taxable: 1e12, magi: 0, net_short: -1e12, net_long: 1e12, state_rate: 1 } },
    },
    { policy: [] },
    { policy: [{ name: '', weight: 1, fund: '' }] },
    { risk: { window: 20, factors: 100 } },
  ];
  const faults = [];
  for (const extreme of extremes) {
    try {
      sample.run(JSON.stringify({ ...year, ...extreme }), false).free();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) {
        faults.push(`${JSON.stringify(extreme)}: ${error.message}`);
        break;
      }
    }
  }
  check(faults.length === 0, faults.join('; '));
});

await tally.test('a listener is told the steps, and what it throws does no harm', () => {
  const steps = [];
  sample.run('{"end": "2000-12-29"}', false, (step) => steps.push(step)).free();
  check(steps.join() === 'risk models,uma,sma_best,sma,sma_typical,shadow', steps.join());
  const thrower = () => {
    throw new Error('listener');
  };
  sample.run('{"end": "2000-12-29"}', false, thrower).free();
});

await tally.test('every note on the prices stands among the assumptions', () => {
  const result = sample.run('{"end": "2000-12-29"}', false);
  const { assumptions } = result.summary();
  result.free();
  check(
    sample_notes().length > 0 && sample_notes().every((note) => assumptions.includes(note)),
    'one is missing',
  );
});

tally.end();
