// Names of the setups.

import type { Config } from 'unisleeve';

const NAMES: Record<string, string> = {
  uma: 'UMA',
  sma_best: 'SMA, best',
  sma_typical: 'SMA, typical',
  shadow: 'Shadow',
  funds: 'Funds',
  fund_pairs: 'Fund pairs',
  uma_equal_te: 'UMA, SMA\u2019s tracking error',
  uma_subset: 'UMA, largest stocks only',
};

/** How separate managers of each kind work. */
export const HABITS: Record<string, string> = {
  best: 'see every lot, money moves at once',
  diligent: 'tax-aware, quarterly, with notice',
  typical: 'by the calendar, without regard to tax',
};

/** The name of an arm where its habits do not matter. */
export const shortName = (arm: string): string => (arm === 'sma' ? 'SMA' : (NAMES[arm] ?? arm));

/** Keys of `sma` that change no habit. */
const NO_HABIT = new Set(['band']);

/** The separate managers of the settings are diligent, unless a key changes a habit. */
function isDiligent({ sma = {} }: Pick<Config, 'sma'>): boolean {
  return Object.entries(sma).every(
    ([key, value]) => value == null || NO_HABIT.has(key) || (key === 'practice' && value === 'diligent'),
  );
}

/** How an arm works. Empty where keys of `sma` change its habits. */
export function habitsOf(arm: string, config: Pick<Config, 'sma'>): string {
  const practice = arm === 'sma' ? (isDiligent(config) ? 'diligent' : '') : arm.replace('sma_', '');
  return HABITS[practice] ?? '';
}

/** The name of an arm. An arm without a name keeps its name in files. */
export function setupName(arm: string, config: Pick<Config, 'sma'>): string {
  if (arm === 'sma') {
    return isDiligent(config) ? 'SMA, diligent' : 'SMA, as configured';
  }
  return shortName(arm);
}
