// What one manager is worth: UMA less each setup with separate managers, over all futures.

import type { DifferenceRow, Ending, Paired, SimulationSummary, Verdict } from 'unisleeve';

import { signedAbout } from '../format/money';
import { count, percent } from '../format/number';
import type { Config } from '../state/config';
import { setupName } from './setups';

export type Row = DifferenceRow<Paired>;

/** The side that a verdict is on; open where nothing is certain. */
export type Side = 'uma' | 'sma' | 'open';

/** Fewer futures than this give no answer, unless fewer were asked for. */
export const FEWEST = 20;

const ORDER = ['sma_best', 'sma', 'sma_typical'];

export const isEnough = (summary: SimulationSummary, all: number): boolean =>
  summary.paths >= Math.min(FEWEST, all);

/** The rows of an ending: best, as configured, typical. */
export const rowsOf = (summary: SimulationSummary, ending: Ending): Row[] =>
  ORDER.flatMap((arm) => summary.difference.filter((r) => r.against === arm && r.ending === ending));

/** The row that stands for all where one figure must do: the SMA of the settings, or else the best that ran. */
export function middleRow(summary: SimulationSummary): Row | undefined {
  const rows = rowsOf(summary, 'liquidated');
  return rows.find(({ against }) => against === 'sma') ?? rows[0];
}

export function sideOf(verdict: Verdict): Side {
  return verdict === 'benefit' ? 'uma' : verdict === 'cost' ? 'sma' : 'open';
}

/** A verdict in a few words. */
export const VERDICTS: Record<Verdict, string> = {
  benefit: 'worth more',
  cost: 'worth less',
  no_measurable_benefit: 'no measurable benefit',
  not_separable: 'not separable from other holdings',
  one_path: '',
};

export const between = ([low, high]: readonly [number, number] | number[]): string =>
  `${signedAbout(low ?? 0)} to ${signedAbout(high ?? 0)}`;

const PARTS = [
  ['setup', 'Setup effect'],
  ['tax', '\u2026 tax'],
  ['fees', '\u2026 fees'],
  ['costs', '\u2026 trading costs'],
  ['cash', 'Idle cash'],
  ['classes', 'Asset classes'],
  ['names', 'Names'],
  ['unpaid', 'Not paid out'],
  ['total', 'Total'],
  ['risk', 'Risk, beside the total'],
] as const;

/** The table of an ending: names of the columns, and a row for each part. Means over the futures, dollars. */
export function table(
  summary: SimulationSummary,
  ending: Ending,
  config: Config,
): { columns: string[]; rows: string[][] } {
  const found = rowsOf(summary, ending);
  const line = (name: string, of: (row: Row) => string): string[] => [name, ...found.map(of)];
  const shown = PARTS.filter(([key]) => key !== 'unpaid' || found.some((r) => r.unpaid.mean !== 0));
  const rows = shown.flatMap(([key, name]) => {
    const row = line(name, (r) => signedAbout(r[key].mean));
    return key === 'setup'
      ? [
          row,
          line('\u2026 95% interval', ({ setup_interval: i }) => (i ? between(i) : '\u2013')),
          line(
            '\u2026 basis points a year',
            (r) => `${r.bp_a_year.mean > 0 ? '+' : ''}${count(r.bp_a_year.mean, 1)}`,
          ),
          line('\u2026 above zero', (r) => percent(r.setup.ahead, 0)),
          line('\u2026 mean of the worst tenth', (r) => signedAbout(r.setup.worst_tenth)),
        ]
      : [row];
  });
  return { columns: ['Dollars', ...found.map((r) => setupName(r.against, config))], rows };
}
