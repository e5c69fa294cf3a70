// Groups the lots that the core traded on a day into orders, and says why each was placed.

import type { Study, Trades } from 'unisleeve';

import { capital } from '../format/text';

export interface Order {
  day: number;
  arm: string;
  account: string;
  isTaxed: boolean;
  symbol: string;
  /** Bought or sold. Corporate actions, transfers and gifts are not orders. */
  side: 'bought' | 'sold' | 'other';
  /** The main cause, in the command's words. */
  cause: string;
  shares: number;
  dollars: number;
  cost: number;
  /** Gains recognized, after the wash-sale rule. */
  short: number;
  long: number;
  washed: number;
  /** The optimizer's costs, as fractions of the manager's value. Null where nothing was optimized. */
  priced: { tax: number; risk: number; targets: number } | null;
}

/**
 * An arm's orders of one day, or of all days. Lots with the same account, sleeve, security, side and reason
 * form one order.
 */
export function ordersOf(study: Study, arm: string, day: number | null): Order[] {
  const trades = study.trades[arm];
  const found = new Map<string, Order>();
  for (let i = 0; trades !== undefined && i < trades.day.length; i++) {
    const of = (column: keyof Trades): number => trades[column][i] ?? 0;
    if (day !== null && of('day') !== day) {
      continue;
    }
    const key = PARTS.map(of).join();
    const order = found.get(key) ?? started(study, arm, of);
    found.set(key, order);
    order.shares += of('shares');
    order.dollars += of('amount');
    order.cost += of('cost');
    order[of('term') === 1 ? 'short' : 'long'] += of('recognized');
    order.washed += of('disallowed');
  }
  return [...found.values()];
}

/** Columns that are equal for all lots of an order. */
const PARTS = ['day', 'account', 'sleeve', 'security', 'side', 'cause', 'tax', 'risk', 'targets'] as const;

/** An order without its lots. */
function started(study: Study, arm: string, of: (column: keyof Trades) => number): Order {
  const account = study.summary.accounts[of('account')];
  const [side, tax, risk, targets] = [of('side'), of('tax'), of('risk'), of('targets')];
  // -1 marks a sale that no optimization asked for.
  const isWeighed = side <= 1 && !(tax === 0 && risk === 0 && (targets === 0 || targets === -1));
  return {
    day: of('day'),
    arm,
    account: account?.account ?? '',
    isTaxed: (account?.kind ?? 'taxable') === 'taxable',
    symbol: study.symbols[of('security')] ?? '',
    side: side === 0 ? 'bought' : side === 1 ? 'sold' : 'other',
    cause: study.causes[of('cause')] ?? '',
    ...{ shares: 0, dollars: 0, cost: 0, short: 0, long: 0, washed: 0 },
    priced: isWeighed ? { tax, risk, targets } : null,
  };
}

/** Days on which one of the arms traded, ascending, and the day with the largest losses. */
export function tradingDays(study: Study, arms: readonly string[]): { days: number[]; busiest: number } {
  const losses = new Map<number, number>();
  for (const arm of arms) {
    const { day, side, recognized } = study.trades[arm] ?? { day: [], side: [], recognized: [] };
    for (const [i, on] of day.entries()) {
      if ((side[i] ?? 0) <= 1) {
        losses.set(on, (losses.get(on) ?? 0) + Math.min(0, recognized[i] ?? 0));
      }
    }
  }
  const days = [...losses.keys()].sort((a, b) => a - b);
  const lost = (day: number): number => losses.get(day) ?? 0;
  return { days, busiest: days.reduce((best, day) => (lost(day) < lost(best) ? day : best), days[0] ?? 0) };
}

/** Explains each cause for a purchase and for a sale. A sale that saves tax is explained by its result. */
const CLAUSES: Record<string, readonly [bought: string, sold: string]> = {
  'tax saved': ['bought as it lowers tax', 'sold at a loss, which lowers tax'],
  'risk removed': ['bought to follow the policy more closely', 'sold to follow the policy more closely'],
  'cash and sleeve targets': [
    'bought to put money to work where it is wanted',
    'sold to raise money that is wanted elsewhere',
  ],
  'policy weights': ['bought to keep all weights in line', 'sold to keep all weights in line'],
  'cash needed': ['', 'sold outright as cash was short'],
  'excluded name': ['', 'sold as a restriction does not allow it'],
  'account closed': ['', 'left with its account'],
  'paid out': ['', 'its prices ended, so the last close was paid'],
  'handed out': ['', 'came from another company and was sold the same day'],
  split: ['', 'other shares of the same value'],
  'spin-off': ['', 'shares of a new company, with a part of the basis'],
  'what the company did': ['', 'a merger, or capital paid back'],
  'brought along': ['', 'a holding from before'],
  'given away': ['', 'a gift'],
};

/** `Tax saved: sold at a loss, which lowers tax.` */
export function why({ cause, side, short, long, washed }: Order): string {
  const [bought, sold] = CLAUSES[cause] ?? ['', ''];
  const gains = short + long - washed;
  const clause =
    side === 'bought'
      ? bought
      : cause === 'tax saved' && gains >= 0
        ? 'sold now, as its tax would cost more later'
        : sold;
  const wash =
    washed > 0.5
      ? ` ${washed >= -gains - 0.5 ? 'All' : `${Math.round((washed / -gains) * 100)}%`} of the loss is washed.`
      : '';
  return `${capital(cause)}${clause && `: ${clause}`}.${wash}`;
}

/** Totals of a day. */
export function totals(orders: readonly Order[]) {
  const sum = (of: (order: Order) => number, side?: Order['side']): number =>
    orders
      .filter((order) => side === undefined || order.side === side)
      .reduce((all, order) => all + of(order), 0);
  const taxed = (order: Order, dollars: number): number => (order.isTaxed ? dollars : 0);
  return {
    orders: orders.filter(({ side }) => side !== 'other').length,
    sold: sum(({ dollars }) => dollars, 'sold'),
    bought: sum(({ dollars }) => dollars, 'bought'),
    short: sum((order) => taxed(order, order.short)),
    long: sum((order) => taxed(order, order.long)),
    washed: sum((order) => taxed(order, order.washed)),
    cost: sum(({ cost }) => cost),
  };
}

export interface Both {
  symbol: string;
  /** Dollars, negative for a sale. */
  uma: number;
  sma: number;
  umaOrders: Order[];
  smaOrders: Order[];
}

const signed = ({ side, dollars }: Order): number =>
  side === 'sold' ? -dollars : side === 'bought' ? dollars : 0;

/** Two arms' orders by security, those that differ most first. */
export function sideBySide(uma: readonly Order[], sma: readonly Order[]): Both[] {
  const rows = new Map<string, Both>();
  for (const order of [...uma, ...sma]) {
    const row = rows.get(order.symbol) ?? {
      symbol: order.symbol,
      uma: 0,
      sma: 0,
      umaOrders: [],
      smaOrders: [],
    };
    rows.set(order.symbol, row);
    const arm = order.arm === 'uma' ? 'uma' : 'sma';
    row[arm] += signed(order);
    row[`${arm}Orders`].push(order);
  }
  return [...rows.values()].sort((a, b) => Math.abs(b.uma - b.sma) - Math.abs(a.uma - a.sma));
}
