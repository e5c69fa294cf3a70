// Runs the random configurations in Node, in one instance and in two workers.

import { Worker } from 'node:worker_threads';

import { cases, compare } from './random.mjs';
import { answer, events } from './random-worker.mjs';
import { Tally } from './tally.mjs';

const tally = new Tally();
const all = cases();

function inWorker(some) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('random-worker.mjs', import.meta.url), { workerData: some });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

await tally.test('random configurations under Node', () =>
  compare(all, all.map(answer), (i) => events(all[i])),
);

await tally.test('random configurations under Node, two workers', async () => {
  const halves = await Promise.all([0, 1].map((half) => inWorker(all.filter((_, i) => i % 2 === half))));
  return compare(
    all,
    all.map((_, i) => halves[i % 2][Math.floor(i / 2)]),
    (i) => events(all[i]),
  );
});

tally.end();
