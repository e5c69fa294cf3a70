import { defined, type Value } from '../format/number';
// Scales from values to pixels, and axis ticks.

export interface Scale {
  (x: number): number;
  invert: (pixel: number) => number;
}

export function linear([d0, d1]: readonly [number, number], [r0, r1]: readonly [number, number]): Scale {
  const span = d1 - d0 || 1;
  const scale = (x: number): number => r0 + ((x - d0) / span) * (r1 - r0);
  return Object.assign(scale, { invert: (pixel: number) => d0 + ((pixel - r0) / (r1 - r0 || 1)) * span });
}

/**
 * The smallest step of the form 1, 2, 2.5 or 5 times a power of ten that divides `span` into at most `count`
 * parts.
 */
export function niceStep(span: number, count: number): number {
  const rough = span / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 2.5, 5].find((m) => m * power >= rough * 0.999) ?? 10) * power;
}

/** The same for counts: a whole number, at least one. */
export function wholeStep(span: number, count: number): number {
  const step = Math.max(1, niceStep(span, count));
  return Number.isInteger(step) ? step : 2 * step;
}

export interface Axis {
  domain: [number, number];
  step: number;
  ticks: number[];
}

export interface AxisOptions {
  /** Largest number of gridlines. */
  count: number;
  /** Whether zero must be visible. Bars need it; lines and points may not. */
  zero?: boolean;
  /** The smallest span, so that nearly constant values look constant. */
  least?: number;
  /** Ends at round numbers; otherwise at the data, with some room. */
  round?: boolean;
}

/** A domain that contains all `values`, and its ticks. */
export function axis(
  values: Iterable<Value | undefined>,
  { count, zero = false, least = 1, round = true }: AxisOptions,
): Axis {
  let low = Infinity;
  let high = -Infinity;
  for (const x of values) {
    if (defined(x)) {
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
  }
  if (low > high) {
    [low, high] = [0, 0];
  }
  if (zero) {
    [low, high] = [Math.min(low, 0), Math.max(high, 0)];
  }
  // A span below the precision of a double at these values means nothing either.
  const smallest = Math.max(least, Math.max(Math.abs(low), Math.abs(high)) * 1e-9);
  if (high - low < smallest) {
    const spare = smallest - (high - low);
    const floor = low >= 0 && low - spare / 2 < 0 ? low : spare / 2;
    [low, high] = low === 0 && high === 0 && zero ? [0, spare] : [low - floor, high + spare - floor];
  }
  const step = niceStep(high - low, count);
  const [first, last] = round
    ? [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)]
    : [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { domain: round ? [first * step, last * step] : [low, high], step, ticks };
}

/** Years to label, so that labels of `room` pixels fit into `width`. */
export function yearTicks(from: number, to: number, width: number, room: number): number[] {
  const most = Math.max(1, Math.floor(width / room));
  const step = [1, 2, 5, 10, 20, 25, 50, 100].find((s) => (to - from) / s <= most) ?? 200;
  const first = Math.ceil(from / step) * step;
  const ticks: number[] = [];
  for (let year = first; year <= to; year += step) {
    ticks.push(year);
  }
  return ticks.length > 0 ? ticks : [Math.round(from)];
}

export const DAYS_A_YEAR = 365.2425;

/** Days since 1970-01-01 to label, with their labels: years, or months for a short span. */
export function dayTicks(
  from: number,
  to: number,
  width: number,
  room: number,
): { at: number; label: string }[] {
  const first = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12, 1) / 86_400_000;
  const begin = new Date(from * 86_400_000);
  const months = ((to - from) / DAYS_A_YEAR) * 12;
  const most = Math.max(1, Math.floor(width / room));
  const step = [1, 3, 6, 12, 24, 60, 120, 240].find((s) => months / s <= most) ?? 600;
  const ticks: { at: number; label: string }[] = [];
  const origin = Math.floor((begin.getUTCFullYear() * 12) / step) * step;
  for (let month = origin; ; month += step) {
    const at = first(month);
    if (at > to) {
      return ticks;
    }
    if (at >= from) {
      const date = new Date(at * 86_400_000);
      const year = String(date.getUTCFullYear());
      const name = date.toLocaleDateString('en-US', { month: 'short', timeZone: 'UTC' });
      ticks.push({ at, label: step >= 12 || date.getUTCMonth() === 0 ? year : name });
    }
  }
}

/** The index of the value in ascending `xs` nearest to `x`. */
export function nearest(xs: readonly number[], x: number): number {
  let [low, high] = [0, xs.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < x) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return Math.abs((xs[low] ?? 0) - x) <= Math.abs((xs[high] ?? 0) - x) ? low : high;
}

/**
 * Moves positions apart to at least `gap`, within `[low, high]` where that is possible, and keeps their
 * order.
 */
export function spread(places: readonly number[], gap: number, low: number, high: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const moved = [...places];
  let least = low;
  for (const i of order) {
    moved[i] = Math.max(moved[i] ?? 0, least);
    least = (moved[i] ?? 0) + gap;
  }
  let most = high;
  for (const i of order.reverse()) {
    moved[i] = Math.min(moved[i] ?? 0, most);
    most = (moved[i] ?? 0) - gap;
  }
  return moved;
}

/** The `p` quantile of ascending values, interpolated linearly (type 7 of Hyndman and Fan). */
export function quantile(sorted: readonly number[], p: number): Value {
  const at = (sorted.length - 1) * p;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (at - Math.floor(at));
}
