// Settings as text, where they are shown but not editable.

import type { Flow, Gift, Summary } from 'unisleeve';

import { dollars } from '../format/money';
import { count, percent } from '../format/number';
import type { Config } from '../state/config';
import { FIELDS, type Field, shown } from '../state/fields';
import { nameOf } from '../state/holdings';
import { stateName } from '../state/states';

/** Units that may follow a number. */
const COUNTED = new Set(['years', 'names', 'sessions', 'futures', 'basis points']);

/** A field's value with its unit: `$80,000 a year`, `2% of the portfolio`. */
export function worded(field: Field, value: unknown): string {
  if (field.kind === 'choice') {
    return field.options?.find(([v]) => v === (value ?? ''))?.[1] ?? String(value ?? '');
  }
  const text = shown(field, value) || (field.empty ?? '');
  if (!/^-?\d/.test(text)) {
    return text;
  }
  if (field.kind === 'dollars') {
    return `${text.startsWith('-') ? '\u2212' : ''}$${text.replace('-', '')}${field.unit.replace('dollars', '')}`;
  }
  if (field.kind === 'percent') {
    return text + field.unit;
  }
  return COUNTED.has(field.unit) ? `${text} ${field.unit}` : text;
}

const when = ({ every, from, to }: Flow | Gift): string =>
  every === 'once' ? `on ${from}` : `each ${every} from ${from}${to ? ` to ${to}` : ''}`;

export const flowWords = (flow: Flow): string => `${dollars(Math.abs(flow.amount))} ${when(flow)}`;
export const giftWords = (gift: Gift): string => `${dollars(gift.amount)} ${when(gift)}`;

/** What the state of a run takes of the next $10,000 of gain. Empty without a state. */
export function stateRates({ state, state_short, state_long }: Summary['tax_inputs']): string {
  if (state === null) {
    return '';
  }
  const name = stateName(state);
  return state_short === 0 && state_long === 0
    ? `No tax on the next $10,000 of gains, short-term or long-term, under ${name}\u2019s own rules`
    : `Short-term gains ${percent(state_short)}, long-term gains ${percent(state_long)} on the next $10,000, after ${name}\u2019s own brackets, deductions and exclusions`;
}

/** What a state's tax rests on and assumes, from a run's assumptions. The rates stand elsewhere. */
export const stateRules = (assumptions: readonly string[]): string =>
  assumptions
    .find((sentence) => sentence.startsWith('State tax follows the rules of '))
    ?.replace(/ A further \$10,000 of gain pays .*? in the first year\./, '') ?? '';

const LISTS: Record<string, readonly [name: string, words: (config: Config) => string[]]> = {
  'household.flows': [
    'Cash in and out',
    ({ household }) => household.flows.map((flow) => `${flow.amount < 0 ? 'out' : 'in'} ${flowWords(flow)}`),
  ],
  'household.gifts': ['Gifts', ({ household }) => (household.gifts ?? []).map(giftWords)],
  'household.lots': [
    'Holdings',
    (config) =>
      (config.household.lots ?? []).map(
        ({ symbol, quantity }) => `${count(quantity)} ${nameOf(config, symbol)}`,
      ),
  ],
};

/** The label of a configuration key and its values in several cases. The key itself where no input has it. */
export function toldOf(
  key: string,
  values: readonly (readonly [config: Config, value: unknown])[],
): [name: string, ...values: string[]] {
  const list = LISTS[key];
  if (list) {
    return [list[0], ...values.map(([config]) => list[1](config).join('; ') || 'none')];
  }
  const field = FIELDS.find((one) => one.key === key && !one.read);
  return field
    ? [field.label, ...values.map(([, value]) => worded(field, value))]
    : [key, ...values.map(([, value]) => plain(value))];
}

const plain = (value: unknown): string => {
  const text = value === null ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}\u2026` : text;
};
