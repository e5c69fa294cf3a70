// Converts gifts in kind to rows of text and back. The configuration names no recipient: the household is not
// taxed on a gift, whoever receives it.

import type { Gift } from 'unisleeve';

import { later } from '../format/date';
import { dateOf, numberOf, quoted, typedNumber } from '../format/typed';
import type { Config } from './config';

/** A typed row. */
export interface GiftRow {
  every: Gift['every'];
  amount: string;
  from: string;
  /** Empty means until the end. */
  to: string;
}

export const EVERY: readonly (readonly [value: Gift['every'], label: string])[] = [
  ['once', 'Once'],
  ['year', 'Each year'],
  ['month', 'Each month'],
];

const MOST_DOLLARS = 1e9;

export const rowOf = ({ every, amount, from, to }: Gift): GiftRow => ({
  every,
  amount: typedNumber(amount, 2),
  from,
  to: to ?? '',
});

/** The initial row. Lots bought on the first day are long-term a year later. */
export const newRow = ({ simulation }: Config): GiftRow => ({
  every: 'year',
  amount: '10,000',
  from: later(simulation.scenario.start, 1, 1),
  to: '',
});

/** The gift of a row, or its faults by column. */
export function giftOf(
  row: GiftRow,
  { simulation }: Config,
): { gift: Gift } | { faults: Partial<Record<keyof GiftRow, string>> } {
  const { start, years } = simulation.scenario;
  const end = later(start, Math.ceil(years));
  const faults: Partial<Record<keyof GiftRow, string>> = {};
  const amount = numberOf(row.amount);
  if (amount === null || amount <= 0 || amount > MOST_DOLLARS) {
    faults.amount = `${quoted(row.amount)}: expected dollars above zero.`;
  }
  const from = dateOf(row.from);
  if (from === null) {
    faults.from = `${quoted(row.from)}: expected a date such as ${later(start, 1)}.`;
  } else if (from > end || (row.every === 'once' && from < start)) {
    // Such a gift would never happen, and nothing would report it.
    faults.from = `${from}: expected a day from ${start} to ${end}, the end of the futures.`;
  }
  const isOpen = row.every === 'once' || row.to.trim() === '';
  const to = isOpen ? null : dateOf(row.to);
  if (!isOpen && (to === null || (from !== null && to < from))) {
    faults.to =
      to === null
        ? `${quoted(row.to)}: expected a date, or nothing.`
        : `${to}: expected a day after the first, ${from}.`;
  }
  if (Object.keys(faults).length > 0 || amount === null || from === null) {
    return { faults };
  }
  return { gift: { amount, every: row.every, from, ...(to !== null && { to }) } };
}

/** The configuration with these gifts. Without gifts the key is omitted, as the core writes it. */
export function withGifts(config: Config, gifts: readonly Gift[]): Config {
  const { gifts: _, ...household } = config.household;
  return { ...config, household: gifts.length > 0 ? { ...household, gifts: [...gifts] } : household };
}
