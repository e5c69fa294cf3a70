// Converts a broker's file to holdings. Lots are grouped by ticker, and the visitor supplies what the file
// lacks.

import type { Lot, Holdings as Read } from '../../../wasm/npm/pkg/unisleeve_import_wasm.js';
import { count } from '../format/number';
import type { Holding } from './holdings';

/** All lots of a ticker. */
export interface Position {
  symbol: string;
  lots: number;
  shares: number;
  basis: number;
  /** Dollars a share; null where the file does not give it. */
  price: number | null;
}

/** The contents of a file, without what the page can't hold. */
export interface Usable {
  read: Read;
  lots: Lot[];
  faults: string[];
  accounts: string[];
}

const MOST_LOTS = 2000;
const MOST_DOLLARS = 1e10;

/**
 * Leaves out lots that no case can have, with one sentence for each. `before` is the first day of the
 * futures.
 */
export function usable(read: Read, name: string, before: string): Usable {
  const faults = [...read.faults];
  const lots = read.lots.filter(({ line, acquired, value, basis }, i) => {
    const wrong =
      acquired !== null && (acquired >= before || acquired < '1950-01-01')
        ? `bought ${acquired}: expected a day from 1950 to before ${before}`
        : Math.max(value ?? 0, basis) > MOST_DOLLARS
          ? 'expected at most 10,000,000,000 dollars'
          : i >= MOST_LOTS
            ? `expected at most ${count(MOST_LOTS)} lots`
            : null;
    if (wrong !== null) {
      faults.push(`${name}, line ${line}: ${wrong}.`);
    }
    return wrong === null;
  });
  return { read, lots, faults, accounts: [...new Set(lots.map(({ account }) => account))] };
}

/** Whether an account's name means that its lots are not taxed. */
export const isRetirement = (account: string): boolean =>
  /\b(ira|roth|rollover|401\W?k|403\W?b|hsa|529)\b/i.test(account);

/** Lots by ticker, largest market value first. */
export function positionsOf(lots: readonly Lot[]): Position[] {
  const all = new Map<string, Lot[]>();
  for (const lot of lots) {
    const some = all.get(lot.symbol);
    if (some) {
      some.push(lot);
    } else {
      all.set(lot.symbol, [lot]);
    }
  }
  const sum = (some: readonly Lot[], of: (lot: Lot) => number): number =>
    some.reduce((total, lot) => total + of(lot), 0);
  const positions = [...all].map(([symbol, some]): Position => {
    const valued = some.filter(({ value }) => value !== null);
    return {
      symbol,
      lots: some.length,
      shares: sum(some, (lot) => lot.quantity),
      basis: sum(some, (lot) => lot.basis),
      price:
        valued.length > 0 ? sum(valued, (lot) => lot.value ?? 0) / sum(valued, (lot) => lot.quantity) : null,
    };
  });
  const size = ({ price, shares, basis }: Position): number => (price === null ? basis : price * shares);
  return positions.sort((a, b) => size(b) - size(a));
}

/** Holdings of these lots. `since` is the date for lots without one. */
export function holdingsFrom(
  lots: readonly Lot[],
  prices: ReadonlyMap<string, number>,
  since: string,
): Holding[] {
  return lots.map(({ symbol, quantity, basis, acquired, value }) => ({
    name: symbol,
    value: value ?? quantity * (prices.get(symbol) ?? 0),
    basis,
    acquired: acquired ?? since,
  }));
}
