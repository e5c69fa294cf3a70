// Formats figures of a chart or table by their unit.

import { dollars, money, SIZES } from './money';
import { count, defined, NONE, number, percent, signed, type Value } from './number';

export type Unit = 'money' | 'rate' | 'number' | 'year' | 'text';
export type Cell = string | Value;

/** For running text and labels beside marks. */
export function short(unit: Unit, x: Value | undefined): string {
  switch (unit) {
    case 'money':
      return money(x);
    case 'rate':
      return percent(x);
    case 'year':
      return defined(x) ? String(x) : NONE;
    default:
      return number(x);
  }
}

/** For table cells. */
export function cell(unit: Unit, x: Cell | undefined): string {
  if (typeof x === 'string') {
    return x;
  }
  return unit === 'money' ? dollars(x) : short(unit, x);
}

const decimalsOf = (step: number): number => {
  for (let d = 0; d < 4; d++) {
    if (Math.abs(step * 10 ** d - Math.round(step * 10 ** d)) < 1e-6) {
      return d;
    }
  }
  return 4;
};

/**
 * Labels of one axis, all at one scale and with the decimals that its step needs, so that they can be
 * compared.
 */
export function axisFormat(unit: Unit, step: number, largest: number): (x: number) => string {
  if (unit === 'rate') {
    const decimals = decimalsOf(step * 100);
    return (x) => percent(x, decimals);
  }
  if (unit !== 'money') {
    const digits = decimalsOf(step);
    const format = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return (x) => signed(x < 0, format.format(Math.abs(x)));
  }
  const [size, suffix] = SIZES.find(([unit]) => largest >= unit) ?? [1, ''];
  const decimals = size === 1 ? 0 : decimalsOf(step / size);
  return (x) => {
    const text = Math.abs(x / size).toFixed(decimals);
    return Number(text) === 0
      ? '$0'
      : signed(x < 0, `$${size === 1e12 ? count(Number(text)) : text}${suffix}`);
  };
}
