// Securities that must not be held or sold, by name. A holding's own name means its simulated stock. Some
// names match nothing.

import type { Unmatched } from 'unisleeve';

import type { Config } from './config';
import { nameOf } from './holdings';

/** Configuration keys that list names. */
export const LISTS = ['exclude', 'exclude_sectors', 'exclude_lists', 'do_not_sell'] as const;
export type List = (typeof LISTS)[number];

/**
 * The symbol of a typed name: the symbol of the holding with that name, ignoring case, or else the text
 * itself.
 */
export function symbolOf(config: Config, typed: string): string {
  const list = Object.entries(config.lists ?? {}).find(
    ([name, symbols]) => symbols.length === 1 && name.toLowerCase() === typed.toLowerCase(),
  );
  return list?.[1][0] ?? typed;
}

/** Names of a list that match nothing in the latest figures. */
export function unmatchedIn(config: Config, list: List, unmatched: readonly Unmatched[]): string[] {
  const names = new Set(
    unmatched.filter(({ key }) => key.startsWith(`restrictions.${list}[`)).map(({ name }) => name),
  );
  return (config.restrictions?.[list] ?? []).filter((name) => names.has(name));
}

/** Sentences about the names of a list that match nothing. */
export function unmatchedWords(config: Config, list: List, unmatched: readonly Unmatched[]): string[] {
  const names = unmatchedIn(config, list, unmatched);
  const held = names.filter((name) => symbolOf(config, name) !== name);
  const others = names.filter((name) => !held.includes(name));
  return [
    ...(others.length > 0
      ? [`${others.join(', ')}: nothing in this market matches, so the figures have no such restriction.`]
      : []),
    ...held.map(
      (name) =>
        `${name}: nothing in this market matches: the holding ${name} stands as ${symbolOf(config, name)}; enter it again.`,
    ),
  ];
}

/** Whether a symbol exists only in the simulation, because no transferred holding has that name. */
export const isMadeUp = (config: Config, symbol: string): boolean =>
  config.simulation.bootstrap_block == null && nameOf(config, symbol) === symbol;

/**
 * A list as instructions: names that a manager knows, names that match nothing, and the number of names that
 * exist only in the simulation.
 */
export function instructed(
  config: Config,
  list: List,
  unmatched: readonly Unmatched[],
): { names: string[]; idle: string[]; madeUp: number } {
  const idle = unmatchedIn(config, list, unmatched);
  const applied = (config.restrictions?.[list] ?? []).filter((name) => !idle.includes(name));
  const areSymbols = list === 'exclude' || list === 'do_not_sell';
  const real = applied.filter((name) => !areSymbols || !isMadeUp(config, name));
  return {
    names: real.map((name) => (areSymbols ? nameOf(config, name) : name)),
    idle,
    madeUp: applied.length - real.length,
  };
}

/**
 * Updates restrictions after the holdings changed. A restriction follows the holding's name, whichever stock
 * stands for it now.
 */
export function renamed(before: Config, after: Config): Config {
  if (!before.restrictions) {
    return after;
  }
  const restrictions = { ...before.restrictions };
  for (const list of ['exclude', 'do_not_sell'] as const) {
    const symbols = restrictions[list];
    if (symbols) {
      restrictions[list] = symbols.map((symbol) => symbolOf(after, nameOf(before, symbol)));
    }
  }
  return { ...after, restrictions };
}
