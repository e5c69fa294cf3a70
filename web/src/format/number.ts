// Formats numbers in American English whatever the browser's language, with a true minus sign and a dash for
// undefined values.

export type Value = number | null;

export const NONE = '–';
const MINUS = '\u2212';

/** The engine may return NaN or infinity for undefined figures. Both count as undefined here. */
export const defined = (x: Value | undefined): x is number => typeof x === 'number' && Number.isFinite(x);

/** With a sign, unless it rounds to zero. */
export const signed = (negative: boolean, text: string): string => (negative ? `${MINUS}${text}` : text);

const FORMATS = [0, 1, 2, 3].map(
  (maximumFractionDigits) => new Intl.NumberFormat('en-US', { maximumFractionDigits }),
);

/** With commas and at most this many decimals (3 at most): `1,234`. */
export function count(x: Value | undefined, decimals = 0): string {
  if (!defined(x)) {
    return NONE;
  }
  const text = FORMATS[decimals]?.format(Math.abs(x)) ?? String(Math.abs(x));
  return signed(x < 0 && /[1-9]/.test(text), text);
}

/** One decimal below a hundred, none above: `12.5`, `1,234`. */
export const number = (x: Value | undefined): string => count(x, defined(x) && Math.abs(x) < 100 ? 1 : 0);

/** A fraction: `2.5%`. */
export function percent(x: Value | undefined, decimals = 2): string {
  if (!defined(x)) {
    return NONE;
  }
  const text = Math.abs(x * 100).toFixed(decimals);
  return signed(x < 0 && Number(text) !== 0, `${text}%`);
}

export const signedPercent = (x: number, decimals = 2): string =>
  `${x > 0 ? '+' : ''}${percent(x, decimals)}`;

/** A fraction in hundredths of a percent: `−0.12`. */
export function basisPoints(x: Value | undefined): string {
  if (!defined(x)) {
    return NONE;
  }
  const text = Math.abs(x * 1e4).toFixed(2);
  return signed(x < 0 && Number(text) !== 0, text);
}
