// Small random configurations from a seed, run natively and elsewhere. Every figure and message must be the
// same.

import { difference, firstEvent } from './difference.mjs';
import { example } from './native.mjs';
import { check } from './tally.mjs';

/** Another seed gives other configurations. */
export const SEED = Number(process.env.SEED ?? 1);
export const COUNT = 200;

/** Configurations with their native answers, which must not depend on the number of threads. */
export function cases() {
  const [one, two] = [1, 2].map((threads) => example('random', [SEED, COUNT, threads]));
  const at = one.findIndex((line, i) => line !== two[i]);
  check(
    at < 0 && one.length === COUNT && two.length === COUNT,
    `seed ${SEED}, configuration ${at}: natively two threads differ from one`,
  );
  return one.map((line) => JSON.parse(line));
}

/**
 * Compares answers (`{ summary }` or `{ failure }`) with the native ones. `events(i)` returns the events of
 * configuration `i`.
 */
export async function compare(cases, answers, events) {
  for (const [i, { config, summary, failure }] of cases.entries()) {
    const found = difference(
      { summary, failure },
      { summary: answers[i]?.summary, failure: answers[i]?.failure },
    );
    if (found) {
      const both = summary && answers[i]?.summary;
      const event = both ? firstEvent(example('random', [SEED, 'events', i]), await events(i)) : '';
      throw new Error(`seed ${SEED}, configuration ${i}: ${found}\n${event}\n${config}`);
    }
  }
  const failed = cases.filter(({ failure }) => failure !== undefined).length;
  return `seed ${SEED}, ${cases.length} configurations, ${failed} of them refused`;
}
