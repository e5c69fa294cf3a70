// Numbers as charts write them: American English, a true minus sign, a dash for what is undefined.

export type Unit = 'money' | 'rate' | 'number' | 'year' | 'text';
export type Value = number | null;
export type Cell = string | Value;

export const NONE = '–';

const SIZES = [
  [1e12, 'tn'],
  [1e9, 'bn'],
  [1e6, 'm'],
  [1e3, 'k'],
] as const;

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const loose = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** Engines may hand over NaN or infinities where a figure has no meaning: both are undefined here. */
export const defined = (x: Value | undefined): x is number => typeof x === 'number' && Number.isFinite(x);

const signed = (negative: boolean, text: string): string => (negative ? `\u2212${text}` : text);

/** Up to three digits: `$1.23m`, `$12.3m`, `$250k`, `$1.2k`, `−$980`. */
export function money(x: Value | undefined): string {
  if (!defined(x)) {
    return NONE;
  }
  const size = Math.abs(x);
  for (const [unit, suffix] of SIZES) {
    // 999.6 thousand rounds to a million, so it is written as one.
    if (size >= unit * 0.9995) {
      const scaled = size / unit;
      const decimals = scaled >= 99.95 ? 0 : scaled >= 9.995 || suffix === 'k' ? 1 : 2;
      return signed(x < 0, `$${grouping(scaled, decimals)}${suffix}`);
    }
  }
  return signed(x < 0 && size >= 0.5, `$${grouped.format(size)}`);
}

const grouping = (x: number, decimals: number): string =>
  x >= 1000 ? grouped.format(x) : String(Number(x.toFixed(decimals)));

/** `+$62k`, `−$12k`, `$0`. */
export function signedMoney(x: Value | undefined): string {
  return defined(x) && x >= 0.5 ? `+${money(x)}` : money(x);
}

/** To the dollar: `$1,234,567`. */
export function fullMoney(x: Value | undefined): string {
  return defined(x) ? signed(Math.round(x) < 0, `$${grouped.format(Math.abs(Math.round(x)))}`) : NONE;
}

/** A fraction: `2.5%`. */
export function rate(x: Value | undefined, decimals = 2): string {
  if (!defined(x)) {
    return NONE;
  }
  const text = Math.abs(x * 100).toFixed(decimals);
  return signed(x < 0 && Number(text) !== 0, `${text}%`);
}

export function number(x: Value | undefined): string {
  if (!defined(x)) {
    return NONE;
  }
  const format = Math.abs(x) < 100 ? loose : grouped;
  return signed(x < 0, format.format(Math.abs(x)));
}

/** `2037`, or `year 12` where years are counted from the start. */
export const yearName = (year: number): string => (year < 1000 ? `year ${year}` : String(year));

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** In running text and beside marks. */
export function short(unit: Unit, x: Value | undefined): string {
  switch (unit) {
    case 'money':
      return money(x);
    case 'rate':
      return rate(x);
    case 'year':
      return defined(x) ? String(x) : NONE;
    default:
      return number(x);
  }
}

/** In the cells of tables. */
export function cell(unit: Unit, x: Cell | undefined): string {
  if (typeof x === 'string') {
    return x;
  }
  return unit === 'money' ? fullMoney(x) : short(unit, x);
}

const decimalsOf = (step: number): number => {
  for (let d = 0; d < 4; d++) {
    if (Math.abs(step * 10 ** d - Math.round(step * 10 ** d)) < 1e-6) {
      return d;
    }
  }
  return 4;
};

/** All labels of an axis in one size and with as many decimals as its step asks for, so that they compare at a glance. */
export function axisFormat(unit: Unit, step: number, largest: number): (x: number) => string {
  if (unit === 'rate') {
    const decimals = decimalsOf(step * 100);
    return (x) => rate(x, decimals);
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
      : signed(x < 0, `$${size === 1e12 ? grouped.format(Number(text)) : text}${suffix}`);
  };
}
