// Tests the package as its users would: every export, and any value that JavaScript may pass.

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { hostile } from './hostile.mjs';
import { check, Tally } from './tally.mjs';

const folder = join(import.meta.dirname, '../../wasm/npm');
const tally = new Tally();

/** Runs a script inside the package, where the package's own name resolves to its exports. */
function inside(script) {
  const file = join(folder, 'dist/script.mjs');
  writeFileSync(file, script);
  try {
    return execFileSync('node', [file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } finally {
    rmSync(file);
  }
}

await tally.test('the examples of the README run', () => {
  const examples = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/```js\n([\s\S]*?)```/g)];
  const [said, read] = examples.map(([, example]) => inside(example));
  check(/^UMA less SMA over 20 futures: -?\d+ dollars, 95% interval -?\d+,-?\d+$/.test(said), said);
  check(
    /^a table of lots: 1 lot of ABC; lots.csv, line 3: quantity: ten: expected a number/.test(read),
    read,
  );
  return said;
});

await tally.test('every entry of the package leads somewhere', () => {
  const said = inside(`
    import { existsSync } from 'node:fs';
    const names = ['unisleeve', 'unisleeve/worker', 'unisleeve/core', 'unisleeve/core.wasm', 'unisleeve/import', 'unisleeve/import.wasm', 'unisleeve/package.json'];
    console.log(names.filter((name) => !existsSync(new URL(import.meta.resolve(name)))).join());
    const { Engine, Failure } = await import('unisleeve');
    console.log(typeof Engine.start, new Failure('a').name);
  `);
  check(said === 'function Failure', said);
});

const core = await import('../../wasm/npm/pkg/unisleeve_wasm.js');
const { Sample, Simulator, default_config, what_if_config, presets, sample_notes } = core;
await core.default({ module_or_path: readFileSync(join(folder, 'pkg/unisleeve_wasm_bg.wasm')) });
const prices = new Uint8Array(readFileSync(join(folder, '../../backtest/sample/sample.bin')));
const sample = new Sample(prices);

function small() {
  const config = what_if_config();
  Object.assign(config.simulation, { paths: 3 });
  Object.assign(config.simulation.scenario, { names: 20, years: 1, history: 24 });
  return config;
}

await tally.test('what it offers by itself', () => {
  check(
    default_config().policy.length === 3 && what_if_config().simulation.scenario.names === 100,
    'defaults',
  );
  check(presets().length === 16 && presets()[0] === 'base' && sample_notes().length > 0, 'presets and notes');
});

await tally.test('a configuration is an object or its text', () => {
  const [one, two] = [small(), JSON.stringify(small())].map((config) => new Simulator(config));
  check(one.run(1).join() === two.run(1).join(), 'they differ');
  one.free();
  two.free();
});

await tally.test('a search that is shared out finds what one instance finds', () => {
  const config = small();
  config.simulation.equal_tracking_error = true;
  Object.assign(config.simulation.scenario, { names: 30, years: 3 });
  const [one, two] = [new Simulator(config), new Simulator(config)];
  const alone = one.match_tracking_error();
  for (let round = two.round(); round; round = two.round()) {
    const errors = Float64Array.from({ length: round.paths }, (_, path) => {
      // Last future first, because the order does not matter.
      return two.tracking_error(round.paths - 1 - path, round.arm, round.risk_aversion);
    });
    two.take(errors.reverse());
  }
  check(alone === two.uma_risk_aversion() && alone !== 25, `${alone} and ${two.uma_risk_aversion()}`);
  one.free();
  two.free();
  return `${alone}`;
});

await tally.test('futures, their sum, and one of them whole', () => {
  const simulator = new Simulator(small());
  for (const path of [2, 0, 1]) {
    simulator.add(simulator.run(path));
  }
  const { paths, gain, fans } = simulator.summary();
  const result = simulator.study(2);
  const summary = result.summary();
  check(paths === 3 && gain.count === 3 && fans.length === 3, 'the sum');
  const arms = 'uma,sma_best,sma,sma_typical,shadow';
  check(
    result.names().join() === arms && summary.arm_order.join() === arms,
    `the arms are ${result.names().join()}`,
  );
  const rows = summary.difference.map(({ against, ending }) => `${against} ${ending}`);
  check(
    rows.length === 6 && rows[0] === 'sma_best liquidated' && summary.work.length === 4,
    `the differences are ${rows.join(', ')}`,
  );
  check(result.days().length === result.after_tax_wealth('sma').length, 'the curves');
  const [trades, closes] = [result.trades('sma'), result.closes('sma')];
  const lengths = new Set(Object.values(trades).map(({ length }) => length));
  check(lengths.size === 1 && trades.day.length > 0 && trades.day[0] === result.days()[0], 'the trades');
  check(trades.day instanceof Int32Array && trades.shares instanceof Float64Array, 'the columns');
  const [causes, symbols] = [result.causes(), result.symbols()];
  check(causes[0] === 'tax saved' && causes.length === 14, 'the causes');
  check(
    trades.cause.every((i) => i < 14) && trades.security.every((i) => i < symbols.length),
    'the numbers of causes and securities',
  );
  const sessions = [closes.tracking_error, ...closes.drift].map(({ length }) => length);
  check(
    sessions.length === 1 + summary.arms.sma.drift.length &&
      sessions.every((n) => n === result.days().length),
    'the closes',
  );
  check(
    result.result_hash() === summary.result_hash && result.config_hash() === summary.config_hash,
    'the hashes',
  );
  check(/^uma 20\d\d-\d\d-\d\d \w+ /.test(result.events()[0]), result.events()[0]);
  result.free();
  simulator.free();
});

await tally.test('a bootstrap draws from the sample', () => {
  const config = { ...default_config(), simulation: { bootstrap_block: 60, scenario: { years: 1 } } };
  const simulator = sample.simulator(config);
  check(simulator.run(0).length > 50, 'no figures');
  simulator.free();
});

/** The message of an error, which must be readable. */
function message(action, name = String(action)) {
  try {
    action();
  } catch (error) {
    check(error instanceof Error && !(error instanceof WebAssembly.RuntimeError), `broke off: ${error}`);
    check(error.message.length > 10 && error.message.length < 5_000, `${error.message.length} characters`);
    return error.message;
  }
  throw new Error(`no error: ${name}`);
}

await tally.test('a household of 100,000 lots is read', () => {
  const lot = { symbol: 'S001', quantity: 1, basis: 10, acquired: '2020-01-02' };
  const config = { ...small(), household: { cash: 1e6, lots: Array.from({ length: 100_000 }, () => lot) } };
  const began = performance.now();
  new Simulator(config).free();
  return `${(performance.now() - began).toFixed(0)} ms`;
});

await tally.test('bad settings get a sentence', () => {
  const circle = {};
  circle.circle = circle;
  let deep = {};
  for (let i = 0; i < 100_000; i++) {
    deep = { deep };
  }
  const nested = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`);
  const change = (key, value) => ({ ...small(), [key]: value });
  const bad = {
    nothing: [undefined, 'expected an object'],
    null: [null, "can't be read"],
    number: [5, "can't be read"],
    'NaN itself': [NaN, "can't be read"],
    list: [[], 'expected an object'],
    function: [() => 1, 'expected an object'],
    symbol: [Symbol('a'), 'expected an object'],
    'no JSON': ['{', "can't be read"],
    circle: [circle, "can't be written as JSON"],
    'a hundred thousand levels': [deep, "can't be written as JSON"],
    'levels of lists': [change('policy', nested), 'nested too deeply'],
    BigInt: [change('seed', 5n), "can't be written as JSON"],
    'a seed beyond 2^53': [change('seed', 2 ** 53), 'seed: '],
    'a seed beyond 2^53 as text': [
      JSON.stringify(change('seed', 2 ** 53)),
      'seed: 9007199254740992: expected a whole number',
    ],
    'a seed beyond 64 bits': [change('seed', 1e25), "can't be read"],
    'half a seed': [change('seed', 1.5), "can't be read"],
    'a negative seed': [change('seed', -1), "can't be read"],
    'NaN in a field': [
      change('trading', { risk_aversion: NaN }),
      'trading.risk_aversion: expected a number, found nothing',
    ],
    'infinity in a field': [
      change('household', { cash: Infinity }),
      'household.cash: expected a number, found nothing',
    ],
    'text for a number': [
      change('household', { cash: 'lots' }),
      'household.cash: expected a number, found "lots"',
    ],
    'a number for text': [change('policy', [{ name: 5 }]), 'policy[0].name: expected text, found 5'],
    'a date that is none': [
      change('household', { flows: [{ amount: 1, every: 'year', from: '2027-02-30' }] }),
      'household.flows[0].from: ',
    ],
    "JavaScript's own date": [change('start', new Date(0)), 'start: '],
    ...Object.fromEntries(hostile().map(([name, config]) => [name, [config, "can't be written as JSON"]])),
    'an own key __proto__': [JSON.parse('{"__proto__": {"seed": 5}}'), 'unknown field `__proto__`'],
    'an unknown key': [change('cahs', 1), 'unknown field `cahs`'],
    'an unknown key below': [change('tax', { cahs: 1 }), 'tax.cahs: unknown field `cahs`'],
    'a huge key': [change('x'.repeat(1_000_000), 1), "can't be read"],
    'a huge preset': [change('simulation', { preset: 'x'.repeat(1_000_000) }), 'simulation.preset: xxx'],
    'huge settings': [change('model', 'x'.repeat(20_000_000)), 'expected at most'],
    'two faults': [{ ...small(), policy: [], tax: { year: 1913 } }, 'tax.year'],
  };
  for (const [name, [config, part]] of Object.entries(bad)) {
    for (const action of [() => new Simulator(config), () => sample.run(config, false)]) {
      const said = message(action, name);
      // The sample has no presets.
      const known = said.includes(part) || (name === 'a huge preset' && said.length > 0);
      check(known, `${name}: ${said.slice(0, 300)}`);
    }
  }
  const lines = message(() => new Simulator(bad['two faults'][0])).split('\n');
  check(lines.length === 2 && lines.every((line) => /^[\w.[\]]+: /.test(line)), lines.join(' | '));
  return `${Object.keys(bad).length} kinds`;
});

await tally.test('bad arguments get a sentence', () => {
  const simulator = new Simulator(small());
  const result = simulator.study(0);
  const junk = [undefined, null, NaN, -1, 0.5, 2 ** 40, Infinity, 'x', {}, [1, 2], () => 1, 5n, Symbol('a')];
  for (const path of junk) {
    // Values that JavaScript converts to zero mean future 0.
    if (path !== null) {
      message(() => simulator.run(path));
      message(() => simulator.study(path));
      message(() => simulator.tracking_error(path, 'uma', 25));
    }
  }
  for (const x of junk.filter((x) => x !== 'uma')) {
    message(() => result.after_tax_wealth(x));
    message(() => result.trades(x));
    message(() => result.closes(x));
    message(() => simulator.add(x));
    message(() => simulator.take(x));
    message(() => new Sample(x));
  }
  for (const gamma of [undefined, null, NaN, -1, Infinity, 'x', {}, 5n]) {
    message(() => simulator.set_uma_risk_aversion(gamma));
    message(() => simulator.tracking_error(0, 'uma', gamma));
  }
  message(() => simulator.add(new BigInt64Array([0n, 3n, 9n])));
  message(() => simulator.add(new BigInt64Array(100).fill(2n ** 62n)));
  message(() => simulator.take(new Float64Array(99)));
  message(() => new Sample(prices.subarray(0, 1000)));
  message(() => result.after_tax_wealth('nobody'));
  check(simulator.run(0).length > 50, 'the simulator does not go on');
  result.free();
  simulator.free();
});

const { default: load, holdings } = await import('../../wasm/npm/pkg/unisleeve_import_wasm.js');
await load({ module_or_path: readFileSync(join(folder, 'pkg/unisleeve_import_wasm_bg.wasm')) });

await tally.test("holdings of brokers' files are the native ones", () => {
  // The native test of the same code compares with the same file.
  const expected = JSON.parse(readFileSync(join(folder, '../import/src/holdings.json'), 'utf8'));
  for (const [name, wanted] of Object.entries(expected)) {
    const bytes = new Uint8Array(readFileSync(join(folder, '../../core/import/src/fixtures', name)));
    const found = wanted.failure
      ? { failure: message(() => holdings(bytes, name), name) }
      : holdings(bytes, name);
    check(JSON.stringify(found) === JSON.stringify(wanted), `${name}: ${JSON.stringify(found)}`);
  }
  return `${Object.keys(expected).length} files`;
});

await tally.test('a file that is none gets a sentence', () => {
  for (const bytes of [
    undefined,
    null,
    5,
    'text',
    {},
    [1, 2],
    new ArrayBuffer(4),
    Symbol('a'),
    new Uint8Array(),
    new Uint8Array(5_000_000),
  ]) {
    message(() => holdings(bytes, 'x.csv'), 'no file');
    message(() => holdings(bytes), 'no file and no name');
  }
  message(() => holdings(new Uint8Array([0xff]), Symbol('a')));
});

tally.end();
