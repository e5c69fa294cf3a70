// Numbers as the page writes them. American English throughout, whatever the browser's language: the terms are.

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const minus = (text: string): string => text.replace('-', '\u2212');

/** `$117,000`, rounded to the nearest `step` dollars. */
export function dollars(x: number, step = 1): string {
  const rounded = Math.round(x / step) * step;
  return `${rounded < 0 ? '\u2212' : ''}$${whole.format(Math.abs(rounded))}`;
}

/** `+$117,000`. */
export function signedDollars(x: number, step = 1): string {
  return (Math.round(x / step) > 0 ? '+' : '') + dollars(x, step);
}

/** `$1.25m`, `$60k`, `$0`. */
export function shortDollars(x: number, decimals = 2): string {
  const size = Math.abs(x);
  const sign = x < 0 ? '\u2212' : '';
  if (size >= 999_500) {
    return `${sign}$${(size / 1e6).toFixed(decimals)}m`;
  }
  return size >= 1000 ? `${sign}$${whole.format(size / 1000)}k` : `${size < 0.5 ? '' : sign}$${whole.format(size)}`;
}

/** A fraction as `1.23%`. */
export function percent(x: number, decimals = 2): string {
  return minus(`${(x * 100).toFixed(decimals)}%`);
}

/** A difference of two rates as `+0.10 points`. */
export function points(x: number): string {
  const text = (x * 100).toFixed(2);
  return `${Number(text) > 0 ? '+' : ''}${minus(Number(text) === 0 ? '0.00' : text)}`;
}

export const count = (x: number): string => whole.format(x);

/** Days since 1970-01-01 as `2009-03-09`. */
export const day = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);

/** `2016-12-30` as `December 2016`. */
export function month(date: string): string {
  const options = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Date(`${date}T00:00:00Z`).toLocaleDateString('en-US', options);
}
