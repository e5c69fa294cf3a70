// Weights of the policy's sleeves, set by sliders or by a file of names and weights.

import { numberOf, quoted } from '../format/typed';
import type { Config } from './config';
import { rowsOf } from './table';

const round = (x: number): number => Number(x.toFixed(4));

/**
 * Sets one weight. The others share the remainder in their former proportions. Weights add up to exactly 1.
 */
export function withWeight(config: Config, at: number, weight: number): Config {
  const others = config.policy.reduce((sum, sleeve, i) => (i === at ? sum : sum + sleeve.weight), 0);
  const weights = config.policy.map((sleeve, i) =>
    i === at
      ? round(weight)
      : round(
          others > 0 ? (sleeve.weight / others) * (1 - weight) : (1 - weight) / (config.policy.length - 1),
        ),
  );
  const last = config.policy.length - 1 === at ? at - 1 : config.policy.length - 1;
  const rest = weights.reduce((sum, w, i) => (i === last ? sum : sum + w), 0);
  weights[last] = Math.max(0, round(1 - rest));
  return { ...config, policy: config.policy.map((sleeve, i) => ({ ...sleeve, weight: weights[i] ?? 0 })) };
}

/**
 * Reads weights from lines of `name,weight`. A name is a sleeve, asset class or fund. Throws one sentence for
 * each fault.
 */
export function withModel(config: Config, text: string): Config {
  const faults: string[] = [];
  const weights = new Map<number, number>();
  const rows = rowsOf(text).filter(
    ({ cells }, i) => !(i === 0 && numberOf(cells[1] ?? '') === null && /weight/i.test(cells[1] ?? '')),
  );
  const names = rows.map(({ cells }) => cells[0] ?? '');
  let policy = config.policy;
  for (const [i, { line, cells }] of rows.entries()) {
    const name = (names[i] ?? '').toLowerCase();
    const raw = numberOf(cells[1] ?? '');
    const weight = raw !== null && ((cells[1] ?? '').includes('%') || raw > 1) ? raw / 100 : raw;
    let at = policy.findIndex((sleeve) =>
      [sleeve.name, sleeve.asset_class, sleeve.fund].some(
        (word) => word !== '' && word.toLowerCase() === name,
      ),
    );
    if (at < 0) {
      // The scenario has this class or fund and the policy does not, so the first matching fund is added.
      const fund = config.simulation.scenario.funds.find(
        (f) => f.class.toLowerCase() === name || f.symbol.toLowerCase() === name,
      );
      if (fund) {
        policy = [
          ...policy,
          { name: `${fund.class} fund`, weight: 0, fund: fund.symbol, asset_class: fund.class, stocks: [] },
        ];
        at = policy.length - 1;
      }
    }
    if (at < 0) {
      const known = [
        ...config.policy.map((sleeve) => sleeve.name),
        ...config.simulation.scenario.classes.map((c) => c.name),
      ];
      faults.push(`Line ${line}: ${quoted(cells[0] ?? '')}: expected one of ${known.join(', ')}.`);
    } else if (weight === null || weight < 0 || weight > 1) {
      faults.push(`Line ${line}: ${quoted(cells[1] ?? '')}: expected a weight from 0 to 1, or in percent.`);
    } else {
      weights.set(at, (weights.get(at) ?? 0) + weight);
    }
  }
  const sum = [...weights.values()].reduce((a, b) => a + b, 0);
  if (faults.length === 0 && Math.abs(sum - 1) > 0.001) {
    faults.push(`The weights add up to ${(sum * 100).toFixed(1)}%: expected 100%.`);
  }
  if (faults.length > 0) {
    throw new Error(faults.slice(0, 8).join('\n'));
  }
  const kept = policy
    .map((sleeve, i) => ({ ...sleeve, weight: weights.get(i) ?? 0 }))
    .filter((sleeve) => sleeve.weight > 0);
  return { ...config, policy: kept };
}
