import { defined, type Value } from '../format/number';

// SVG path data (the attribute `d`). A line has a gap where a value is undefined.

const at = (x: number): string => x.toFixed(1);

export function linePath(xs: readonly number[], ys: readonly (Value | undefined)[]): string {
  let path = '';
  let pen = false;
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = [xs[i], ys[i]];
    if (x === undefined || !defined(y)) {
      pen = false;
      continue;
    }
    // A line does not show a point between two gaps. Round caps draw it.
    path += pen ? `L${at(x)} ${at(y)}` : `M${at(x)} ${at(y)}h0`;
    pen = true;
  }
  return path;
}

/** The area between two curves, with one piece for each run of defined values. */
export function bandPath(
  xs: readonly number[],
  low: readonly (Value | undefined)[],
  high: readonly (Value | undefined)[],
): string {
  let path = '';
  let run: number[] = [];
  const close = (): void => {
    if (run.length > 1) {
      const up = run.map((i) => `${at(xs[i] ?? 0)} ${at(high[i] ?? 0)}`);
      const down = run.reverse().map((i) => `${at(xs[i] ?? 0)} ${at(low[i] ?? 0)}`);
      path += `M${[...up, ...down].join('L')}Z`;
    }
    run = [];
  };
  for (let i = 0; i < xs.length; i++) {
    if (defined(low[i]) && defined(high[i])) {
      run.push(i);
    } else {
      close();
    }
  }
  close();
  return path;
}

/** Thins out points to what one pixel column can show: the first, lowest, highest and last of each. */
export function thin(
  xs: readonly number[],
  ys: readonly (Value | undefined)[],
): [number[], (Value | undefined)[]] {
  const keep: number[] = [];
  for (let i = 0; i < xs.length; ) {
    const column = Math.floor(xs[i] ?? 0);
    let [low, high, last] = [i, i, i];
    for (; i < xs.length && Math.floor(xs[i] ?? 0) === column; i++) {
      const y = ys[i];
      if (!defined(y)) {
        keep.push(i);
        continue;
      }
      low = y <= (ys[low] ?? Infinity) ? i : low;
      high = y >= (ys[high] ?? -Infinity) ? i : high;
      last = i;
    }
    keep.push(low, high, last);
  }
  const order = [...new Set(keep)].sort((a, b) => a - b);
  return [order.map((i) => xs[i] ?? 0), order.map((i) => ys[i])];
}
