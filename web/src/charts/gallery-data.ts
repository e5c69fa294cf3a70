// Made-up data for the gallery: plausible cases, and extreme cases that could break a chart.

import type { Value } from '../format/number';
import type { Percentiles } from './wealth-fan';

/** Uniform in [0, 1), the same on every visit (the adding and mixing scheme of mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  };
}

export function normal(next: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) {
    sum += next();
  }
  return sum;
}

export const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i);

const SCORES = { p5: -1.645, p10: -1.282, p25: -0.674, p50: 0, p75: 0.674, p90: 1.282, p95: 1.645 };

/** A fan that grows by `drift` a year and widens with time. `outflow` is subtracted each year. */
export function fan(count: number, start: number, drift: number, outflow = 0): Percentiles {
  const curve = (score: number): Value[] =>
    range(0, count).map((t) => start * Math.exp(drift * t + 0.13 * score * Math.sqrt(t)) - outflow * t);
  return Object.fromEntries(
    Object.entries(SCORES).map(([p, score]) => [p, curve(score)]),
  ) as unknown as Percentiles;
}

export function holed(values: Percentiles, at: readonly number[]): Percentiles {
  return Object.fromEntries(
    Object.entries(values).map(([p, curve]) => [p, curve.map((x, i) => (at.includes(i) ? null : x))]),
  ) as unknown as Percentiles;
}

export function differences(count: number, mean: number, deviation: number): number[] {
  const next = uniform(7);
  return range(0, count).map(
    () => mean + deviation * normal(next) + (deviation / 3) * Math.max(0, normal(next)) ** 2,
  );
}

/** A slow random walk around `level`, one value a session. */
export function wander(count: number, level: number, seed: number): number[] {
  const next = uniform(seed);
  let x = level;
  return range(0, count).map(() => {
    x += 0.02 * (level - x) + 0.02 * level * normal(next);
    return x;
  });
}
