// Formats dollars.

import { count, defined, NONE, signed, type Value } from './number';

export const SIZES = [
  [1e12, 'tn'],
  [1e9, 'bn'],
  [1e6, 'm'],
  [1e3, 'k'],
] as const;

/** To the dollar: `$1,234,567`. */
export function dollars(x: Value | undefined): string {
  return defined(x) ? signed(Math.round(x) < 0, `$${count(Math.abs(Math.round(x)))}`) : NONE;
}

const withCents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** To the cent: `$12.50`. */
export const cents = (x: number): string => signed(x < 0, withCents.format(Math.abs(x)));

/** Up to three significant digits: `$1.23m`, `$12.3m`, `$250k`, `$1.2k`, `−$980`. */
export function money(x: Value | undefined): string {
  if (!defined(x)) {
    return NONE;
  }
  const size = Math.abs(x);
  for (const [unit, suffix] of SIZES) {
    // 999.6 thousand rounds to a million, so it is formatted as one.
    if (size >= unit * 0.9995) {
      const scaled = size / unit;
      const decimals = scaled >= 99.95 ? 0 : scaled >= 9.995 || suffix === 'k' ? 1 : 2;
      const text = scaled >= 1000 ? count(scaled) : String(Number(scaled.toFixed(decimals)));
      return signed(x < 0, `$${text}${suffix}`);
    }
  }
  return signed(x < 0 && size >= 0.5, `$${count(size)}`);
}

/** `+$62k`, `−$12k`, `$0`. */
export function signedMoney(x: Value | undefined): string {
  return defined(x) && x >= 0.5 ? `+${money(x)}` : money(x);
}

/** Rounded to the digits that a simulated figure supports: `$61,000`, `$4,300`, `$280`. */
export function about(x: number): string {
  const size = Math.abs(x);
  const step = size >= 10_000 ? 1000 : size >= 1000 ? 100 : size >= 100 ? 10 : 1;
  return dollars(Math.round(x / step) * step);
}

export function signedAbout(x: number): string {
  const text = about(x);
  return x > 0 && text !== '$0' ? `+${text}` : text;
}
