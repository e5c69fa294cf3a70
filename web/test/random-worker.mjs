// Runs configurations in one instance of the core, in the main thread of Node or in a worker.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

import init, { Simulator } from '../../wasm/npm/pkg/unisleeve_wasm.js';

await init({
  module_or_path: readFileSync(join(import.meta.dirname, '../../wasm/npm/pkg/unisleeve_wasm_bg.wasm')),
});

function study({ config, path }, of) {
  const simulator = new Simulator(config);
  try {
    const result = simulator.study(path);
    try {
      return of(result);
    } finally {
      result.free();
    }
  } finally {
    simulator.free();
  }
}

/** The summary, or the reason why there is none. */
export function answer(one) {
  try {
    return { summary: study(one, (result) => result.summary()) };
  } catch (error) {
    return { failure: error.message };
  }
}

export function events(one) {
  return study(one, (result) => result.events());
}

if (parentPort) {
  parentPort.postMessage(workerData.map(answer));
}
