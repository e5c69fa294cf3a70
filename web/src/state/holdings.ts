// Transferred holdings. A simulated market has no real companies, so a simulated stock of the same value
// stands for each holding. The holding's own name is kept as the name of a list in the configuration, which
// the command ignores.

import type { LegacyLot } from 'unisleeve';

import { dateOf, numberOf, quoted } from '../format/typed';
import type { Config } from './config';
import { type Row, rowsOf } from './table';

export interface Holding {
  name: string;
  /** Market value today, in dollars. */
  value: number;
  basis: number;
  acquired: string;
}

export interface Fault {
  line: number;
  message: string;
}

/** Largest number of names among the holdings. */
export const MOST_NAMES = 40;

const COLUMNS = ['symbol', 'value', 'basis', 'date'] as const;
const KNOWN: Record<string, string> = {
  symbol: 'symbol',
  name: 'symbol',
  ticker: 'symbol',
  value: 'value',
  amount: 'value',
  'market value': 'value',
  shares: 'shares',
  quantity: 'shares',
  price: 'price',
  basis: 'basis',
  cost: 'basis',
  'cost basis': 'basis',
  date: 'date',
  acquired: 'date',
  bought: 'date',
};

export const SAMPLE = `symbol,shares,price,basis,date
NVDA,1200,180.00,24000,2016-05-02
MSFT,300,500.00,31500,2015-09-14
JNJ,400,150.00,58000,2021-03-08
`;

/** Reads holdings. Returns all of them, or every fault. */
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
    const needed = columns.includes('value')
      ? ['symbol', 'basis', 'date']
      : ['symbol', 'shares', 'price', 'basis', 'date'];
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

function holdingOf(
  { line, cells }: Row,
  columns: readonly (string | undefined)[],
  before: string,
  faults: Fault[],
): Holding {
  const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
  const fault = (message: string): void => {
    faults.push({ line, message });
  };
  const amount = (name: string, least: number): number => {
    const value = numberOf(cell(name));
    if (value === null || value < least || value > 1e10 || (least === 0 && name !== 'basis' && value === 0)) {
      fault(
        `${name}: ${quoted(cell(name))}: expected ${name === 'shares' ? 'a number' : 'dollars'} ${name === 'basis' ? 'of zero or more' : 'above zero'}`,
      );
    }
    return value ?? 0;
  };
  const name = cell('symbol');
  if (name === '' || name.length > 40) {
    fault(`symbol: ${quoted(name)}: expected 1 to 40 characters`);
  }
  const value =
    columns.includes('value') && (cell('value') !== '' || !columns.includes('shares'))
      ? amount('value', 0)
      : amount('shares', 0) * amount('price', 0);
  const basis = amount('basis', 0);
  const acquired = dateOf(cell('date'));
  if (acquired === null) {
    fault(`date: ${quoted(cell('date'))}: expected a date such as 2015-03-02`);
  } else if (acquired >= before || acquired < '1950-01-01') {
    fault(`date: ${acquired}: expected a day from 1950 to before ${before}`);
  }
  return { name, value, basis, acquired: acquired ?? before };
}

/**
 * The simulated stock that stands for each name. A name that a kept holding already has keeps its stock; any
 * other name takes the next free one.
 */
function standIns(holdings: readonly Holding[], kept: Config | null): Map<string, string> {
  const used = new Set(kept?.household.lots?.map(({ symbol }) => symbol));
  const all = new Map<string, string>();
  let last = 0;
  for (const { name } of holdings) {
    if (all.has(name)) {
      continue;
    }
    let symbol = kept?.lists?.[name]?.find((one, _, list) => list.length === 1 && used.has(one));
    while (symbol === undefined) {
      last++;
      const free = `S${String(last).padStart(3, '0')}`;
      symbol = used.has(free) ? undefined : free;
    }
    all.set(name, symbol);
  }
  return all;
}

/**
 * The configuration with these holdings, as replacements or additions. `prices` are the stand-ins' prices on
 * the first day.
 */
export function withHoldings(
  config: Config,
  holdings: readonly Holding[],
  prices: ReadonlyMap<string, number>,
  isAdded = false,
): Config {
  const symbols = standIns(holdings, isAdded ? config : null);
  const lots: LegacyLot[] = holdings.map(({ name, value, basis, acquired }) => {
    const symbol = symbols.get(name) ?? 'S001';
    const quantity = Math.max(0.001, Number((value / (prices.get(symbol) ?? 80)).toFixed(3)));
    return { symbol, quantity, basis, acquired };
  });
  const lists = Object.fromEntries([...symbols].map(([name, symbol]) => [name, [symbol]]));
  const { household } = config;
  return isAdded
    ? {
        ...config,
        household: { ...household, lots: [...(household.lots ?? []), ...lots] },
        lists: { ...config.lists, ...lists },
      }
    : { ...config, household: { ...household, lots }, lists };
}

/** The configuration without holdings. */
export const withoutHoldings = (config: Config): Config => ({
  ...config,
  household: { ...config.household, lots: [] },
  lists: {},
});

/** Stand-ins of these holdings. Throws a sentence when there would be too many names. */
export function symbolsFor(holdings: readonly Holding[], config: Config, isAdded = false): string[] {
  const symbols = [...standIns(holdings, isAdded ? config : null).values()];
  const all = new Set([
    ...symbols,
    ...((isAdded && config.household.lots) || []).map(({ symbol }) => symbol),
  ]);
  const most = Math.min(config.simulation.scenario.names, MOST_NAMES);
  if (all.size > most) {
    throw new Error(`${all.size} names: expected at most ${most}.`);
  }
  return symbols;
}

/** Display name of a lot: its original name, or else its stand-in's symbol. */
export function nameOf(config: Config, symbol: string): string {
  const list = Object.entries(config.lists ?? {}).find(
    ([, symbols]) => symbols.length === 1 && symbols[0] === symbol,
  );
  return list?.[0] ?? symbol;
}
