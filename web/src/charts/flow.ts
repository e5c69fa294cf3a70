// One cash flow, and the edits it allows.

import { signedMoney } from '../format/money';
import { clamp } from './size';

export type Every = 'year' | 'month' | 'once';

export interface Flow {
  /** Dollars each time: positive into the portfolio, negative out of it. */
  amount: number;
  every: Every;
  /** First and last year, both included. `once` happens in `from`. */
  from: number;
  to: number;
}

export type Part = 'amount' | 'from' | 'to' | 'all';

/** First and last year of the plan. */
export type Span = readonly [number, number];

export const lastYear = ({ every, from, to }: Flow): number => (every === 'once' ? from : to);

/** Dollars in a year that the flow covers. */
export const yearly = ({ amount, every }: Flow): number => (every === 'month' ? 12 * amount : amount);

export const during = (flow: Flow, year: number): number =>
  year >= flow.from && year <= lastYear(flow) ? yearly(flow) : 0;

const EACH = { year: ' a year', month: ' a month', once: ' once' } as const;

export const amountWords = ({ amount, every }: Flow): string => `${signedMoney(amount)}${EACH[every]}`;

export const words = (flow: Flow): string =>
  `${amountWords(flow)}, ${flow.from}${flow.every === 'once' ? '' : ` to ${flow.to}`}`;

/** Dollar amounts as people type them: `150,000`, `$150k`, `1.5m`. */
export function dollarsOf(text: string): number | null {
  const [, digits, size] = /^\$?([\d,]*\.?\d+)\s*([km]?)$/i.exec(text.trim()) ?? [];
  return digits === undefined
    ? null
    : Number(digits.replaceAll(',', '')) * (size === '' ? 1 : /k/i.test(size ?? '') ? 1e3 : 1e6);
}

/** The step of an arrow key: one unit of the second digit. */
export const keyStep = (amount: number): number =>
  10 ** Math.floor(Math.log10(Math.max(Math.abs(amount), 100))) / 10;

/** The flow with one part moved by a number of years or dollars, limited to the plan. */
export function moved(flow: Flow, part: Part, by: number, [first, last]: Span): Flow {
  const end = lastYear(flow);
  switch (part) {
    case 'amount':
      return { ...flow, amount: flow.amount + by };
    case 'from':
      return flow.every === 'once'
        ? moved(flow, 'all', by, [first, last])
        : { ...flow, from: clamp(flow.from + by, first, end) };
    case 'to':
      return { ...flow, to: clamp(flow.to + by, flow.from, last) };
    case 'all': {
      const shift = clamp(by, Math.min(first - flow.from, 0), Math.max(last - end, 0));
      return { ...flow, from: flow.from + shift, to: end + shift };
    }
  }
}
