// The core's memory does not grow with the number of runs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import init, { Simulator, what_if_config } from '../../wasm/npm/pkg/unisleeve_wasm.js';
import { check, Tally } from './tally.mjs';

const RUNS = 200;
/** Runs until the heap reaches its steady size. */
const FIRST = 10;

const { memory } = await init({
  module_or_path: readFileSync(join(import.meta.dirname, '../../wasm/npm/pkg/unisleeve_wasm_bg.wasm')),
});
const tally = new Tally();

await tally.test(`${RUNS} simulations leave the heap as it is`, () => {
  const config = what_if_config();
  Object.assign(config.simulation, { paths: 2, equal_tracking_error: true });
  Object.assign(config.simulation.scenario, { names: 20, years: 1, history: 24 });
  const sizes = [];
  for (let i = 0; i < RUNS; i++) {
    config.seed = i % FIRST;
    const simulator = new Simulator(config);
    if (i % 20 === 0) {
      simulator.match_tracking_error();
    }
    simulator.add(simulator.run(0));
    const result = simulator.study(1);
    result.summary();
    result.after_tax_wealth('uma');
    result.trades('uma');
    result.closes('uma');
    result.causes();
    result.symbols();
    result.free();
    simulator.summary();
    simulator.free();
    for (const bad of [
      { ...config, policy: [] },
      { ...config, seed: 'x' },
    ]) {
      try {
        new Simulator(bad);
      } catch {
        // Errors must not leak memory either.
      }
    }
    sizes.push(memory.buffer.byteLength);
  }
  check(sizes.at(-1) === sizes[FIRST], `${sizes[FIRST]} bytes after ${FIRST}, ${sizes.at(-1)} after ${RUNS}`);
  return `${(sizes.at(-1) / 1e6).toFixed(1)} MB`;
});

tally.end();
