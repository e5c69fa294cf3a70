// Holdings that come along. A simulated market has no real companies: each holding stands as a simulated stock worth as much.
// Its own name is kept as the name of a list in the configuration, where the command reads past it.

import type { Config, Lot } from './config';
import { dateOf, numberOf, quoted } from './number';
import { type Row, rowsOf } from './table';

export interface Holding {
  name: string;
  /** Dollars today. */
  value: number;
  basis: number;
  acquired: string;
}

export interface Fault {
  line: number;
  message: string;
}

const COLUMNS = ['symbol', 'value', 'basis', 'date'] as const;
const KNOWN: Record<string, string> = {
  symbol: 'symbol', name: 'symbol', ticker: 'symbol', value: 'value', amount: 'value', 'market value': 'value', shares: 'shares', quantity: 'shares',
  price: 'price', basis: 'basis', cost: 'basis', 'cost basis': 'basis', date: 'date', acquired: 'date', bought: 'date',
};

export const SAMPLE = `symbol,shares,price,basis,date
NVDA,1200,180.00,24000,2016-05-02
MSFT,300,500.00,31500,2015-09-14
JNJ,400,150.00,58000,2021-03-08
`;

/** Reads holdings; either all of them, or every fault. */
export function holdingsOf(text: string, before: string): { holdings: Holding[] } | { faults: Fault[] } {
  let rows: Row[];
  try {
    rows = rowsOf(text);
  } catch (error) {
    return { faults: [{ line: 1, message: (error as Error).message }] };
  }
  const first = rows[0]?.cells.map((cell) => KNOWN[cell.toLowerCase()]);
  const hasHeader = first?.some((cell) => cell !== undefined) ?? false;
  const columns: readonly (string | undefined)[] = hasHeader && first ? first : COLUMNS;
  const body = hasHeader ? rows.slice(1) : rows;
  const faults: Fault[] = [];
  if (hasHeader) {
    const needed = columns.includes('value') ? ['symbol', 'basis', 'date'] : ['symbol', 'shares', 'price', 'basis', 'date'];
    for (const name of needed.filter((column) => !columns.includes(column))) {
      faults.push({ line: rows[0]?.line ?? 1, message: `expected a column ${name}` });
    }
  }
  const holdings = faults.length > 0 ? [] : body.map((row) => holdingOf(row, columns, before, faults));
  if (faults.length > 0) {
    return { faults: faults.slice(0, 12) };
  }
  return { holdings };
}

function holdingOf({ line, cells }: Row, columns: readonly (string | undefined)[], before: string, faults: Fault[]): Holding {
  const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
  const fault = (message: string): void => {
    faults.push({ line, message });
  };
  const amount = (name: string, least: number): number => {
    const value = numberOf(cell(name));
    if (value === null || value < least || value > 1e10 || (least === 0 && name !== 'basis' && value === 0)) {
      fault(`${name}: ${quoted(cell(name))}: expected ${name === 'shares' ? 'a number' : 'dollars'} ${name === 'basis' ? 'of zero or more' : 'above zero'}`);
    }
    return value ?? 0;
  };
  const name = cell('symbol');
  if (name === '' || name.length > 40) {
    fault(`symbol: ${quoted(name)}: expected 1 to 40 characters`);
  }
  const value = columns.includes('value') && (cell('value') !== '' || !columns.includes('shares')) ? amount('value', 0) : amount('shares', 0) * amount('price', 0);
  const basis = amount('basis', 0);
  const acquired = dateOf(cell('date'));
  if (acquired === null) {
    fault(`date: ${quoted(cell('date'))}: expected a date such as 2015-03-02`);
  } else if (acquired >= before || acquired < '1950-01-01') {
    fault(`date: ${acquired}: expected a day from 1950 to before ${before}`);
  }
  return { name, value, basis, acquired: acquired ?? before };
}

/** The simulated stock that a holding's name stands for, each name its own. */
function standIns(names: readonly string[]): Map<string, string> {
  const all = new Map<string, string>();
  for (const name of names) {
    if (!all.has(name)) {
      all.set(name, `S${String(all.size + 1).padStart(3, '0')}`);
    }
  }
  return all;
}

/** The configuration with these holdings; `prices` are those of the stand-ins on the first day. */
export function withHoldings(config: Config, holdings: readonly Holding[], prices: ReadonlyMap<string, number>): Config {
  const symbols = standIns(holdings.map(({ name }) => name));
  const lots: Lot[] = holdings.map(({ name, value, basis, acquired }) => {
    const symbol = symbols.get(name) ?? 'S001';
    const quantity = Math.max(0.001, Number((value / (prices.get(symbol) ?? 80)).toFixed(3)));
    return { symbol, quantity, basis, acquired };
  });
  const lists = Object.fromEntries([...symbols].map(([name, symbol]) => [name, [symbol]]));
  return { ...config, household: { ...config.household, lots }, lists };
}

export const symbolsFor = (holdings: readonly Holding[]): string[] => [...standIns(holdings.map(({ name }) => name)).values()];

/** What a lot is called: the name that it came with, or its stand-in. */
export function nameOf(config: Config, symbol: string): string {
  const list = Object.entries(config.lists ?? {}).find(([, symbols]) => symbols.length === 1 && symbols[0] === symbol);
  return list?.[0] ?? symbol;
}
