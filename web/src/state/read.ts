// Reads settings from a file, a link or a text box. None of it is trusted: this file checks the form, and the
// core checks every key and value (`Runner.check`) before the page applies them.

import { count } from '../format/number';
import { whatIf } from './case';
import type { Config } from './config';
import { FORBIDDEN, type Json } from './path';

const MOST_BYTES = 1_000_000;
const DEEPEST = 12;
const MOST_ROWS = 2_000;

/** Parses JSON of limited size and depth, and refuses keys that reach a prototype. Throws a sentence. */
export function jsonOf(text: string): Json {
  if (text.length > MOST_BYTES) {
    throw new Error(`The text has ${count(text.length)} characters: expected at most 1,000,000.`);
  }
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new Error(
      `This is not JSON: ${error instanceof Error ? error.message.slice(0, 120) : 'it cannot be read'}.`,
    );
  }
  check(value, '', 0);
  return value;
}

/** A value as quoted in a message. */
export const told = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}\u2026` : text;
};

function check(value: Json, path: string, depth: number): void {
  if (depth > DEEPEST) {
    throw new Error(`${path.slice(0, 60)}\u2026: nested too deeply: expected at most ${DEEPEST} levels.`);
  }
  // A number with a huge exponent parses as infinite.
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`${path || 'The settings'}: ${value}: expected a finite number.`);
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  const keys = Object.keys(value);
  if (keys.length > MOST_ROWS) {
    throw new Error(`${path || 'The settings'}: ${count(keys.length)} entries: expected at most 2,000.`);
  }
  for (const key of keys) {
    if (FORBIDDEN.has(key)) {
      throw new Error(`${path ? `${path}.` : ''}${key}: expected another key.`);
    }
    check((value as Record<string, Json>)[key] as Json, path ? `${path}.${key}` : key, depth + 1);
  }
}

const word = (value: unknown): string =>
  Array.isArray(value)
    ? 'a list'
    : value === null
      ? 'nothing'
      : typeof value === 'object'
        ? 'a group'
        : `a ${typeof value}`;

/** Checks that types match the example's. Keys that the example lacks are left to the core. */
function like(value: Json | undefined, example: unknown, path: string): void {
  // Optional keys may be null; the core knows which keys are optional.
  const isLeaf = typeof example !== 'object';
  if (value === undefined || (value === null && isLeaf) || example === null || example === undefined) {
    return;
  }
  if (word(value) !== word(example)) {
    throw new Error(`${path}: ${told(value)}: expected ${word(example)}.`);
  }
  if (Array.isArray(value) && Array.isArray(example)) {
    for (const [i, row] of value.entries()) {
      like(row, example[0], `${path}[${i}]`);
    }
    return;
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, below] of Object.entries(example as Record<string, unknown>)) {
      like((value as Record<string, Json>)[key], below, path ? `${path}.${key}` : key);
    }
  }
}

/** Keys that the page reads and the what-if household lacks. */
const EXAMPLE = {
  ...whatIf,
  household: {
    ...whatIf.household,
    lots: [{ symbol: '', quantity: 0, basis: 0, acquired: '' }],
    accounts: [{ name: '', kind: '', cash: 0 }],
    gifts: [{ amount: 0, every: '', from: '', to: '' }],
  },
  restrictions: { exclude: [''], exclude_sectors: [''], exclude_lists: [''], do_not_sell: [''] },
  fees: { uma: 0, advisor: 0, direct_index: 0 },
  tax: { ...whatIf.tax, outside: { ...whatIf.tax.outside, state: '' } },
};

// The core's defaults for omitted keys, where they differ from the what-if household.
const RISK = { source: 'estimated' };
const SCENARIO = { names: 500, step: 'daily', years: 10 };
const SLEEVE = { name: '', weight: 0, fund: '', asset_class: '' };

function filled(value: Json | undefined, from: unknown): Json {
  if (value === undefined) {
    return structuredClone(from) as Json;
  }
  if (
    value === null ||
    typeof value !== 'object' ||
    Array.isArray(value) ||
    typeof from !== 'object' ||
    from === null
  ) {
    return value;
  }
  const all: Record<string, Json> = { ...value };
  for (const [key, below] of Object.entries(from)) {
    all[key] = filled(all[key], below);
  }
  return all;
}

/** Converts files saved before `band` moved from `sma` to `trading`, where it applies to every arm. */
function bandMoved(value: Record<string, Json>): Record<string, Json> {
  const { sma, trading } = value;
  if (word(sma) !== 'a group' || !('band' in (sma as object))) {
    return value;
  }
  const { band, ...rest } = sma as Record<string, Json>;
  const moved = word(trading) === 'a group' ? { band, ...(trading as object) } : { band };
  return { ...value, sma: rest, trading: moved as Json };
}

/** Converts JSON to a configuration that the page can show. Throws a sentence. */
export function configOf(from: Json): Config {
  if (typeof from !== 'object' || from === null || Array.isArray(from)) {
    throw new Error(`The settings are ${word(from)}: expected a group of keys, as in a file saved here.`);
  }
  const value = bandMoved(from);
  for (const key of ['household', 'policy', 'simulation'] as const) {
    if (!(key in value)) {
      throw new Error(`${key}: expected this section: the file does not hold a household and its futures.`);
    }
  }
  like(value, EXAMPLE, '');
  const lists = value.lists;
  if (lists !== undefined) {
    if (
      word(lists) !== 'a group' ||
      Object.values(lists as object).some(
        (list) => !Array.isArray(list) || list.some((s) => typeof s !== 'string'),
      )
    ) {
      throw new Error(`lists: ${told(lists)}: expected lists of symbols.`);
    }
  }
  const base = {
    ...whatIf,
    household: { ...whatIf.household, flows: [] },
    risk: { ...whatIf.risk, ...RISK },
    simulation: { ...whatIf.simulation, scenario: { ...whatIf.simulation.scenario, ...SCENARIO } },
  };
  const config = filled(value, base) as unknown as Config;
  const { state } = config.tax.outside;
  return {
    ...config,
    policy: config.policy.map((sleeve) => ({ ...SLEEVE, ...sleeve })),
    // The core reads the letters in any case.
    tax: state
      ? { ...config.tax, outside: { ...config.tax.outside, state: state.toUpperCase() } }
      : config.tax,
  };
}
