// The table behind the chart, and the same as files.

import { save } from './save';
import { count, day, dollars, percent } from './format';
import type { Answer } from './messages';
import type { ArmSummary } from './summary';

type Unit = 'dollars' | 'rate' | 'number';

interface Row {
  name: string;
  unit: Unit;
  of: (arm: ArmSummary) => number | null;
}

const ROWS: Row[] = [
  { name: 'Wealth after tax, nothing sold', unit: 'dollars', of: (a) => a.wealth_before_liquidation },
  { name: 'Wealth after tax, all sold', unit: 'dollars', of: (a) => a.wealth_after_liquidation },
  { name: 'Holdings and cash', unit: 'dollars', of: (a) => a.final_value },
  { name: 'Tax accrued, not yet paid', unit: 'dollars', of: (a) => a.accrued_tax },
  { name: 'Taxes paid less savings', unit: 'dollars', of: (a) => a.taxes_paid },
  { name: 'Losses harvested', unit: 'dollars', of: (a) => a.losses_harvested },
  { name: 'Gains realized', unit: 'dollars', of: (a) => a.gains_realized },
  { name: 'Losses disallowed as wash sales', unit: 'dollars', of: (a) => a.losses_washed },
  { name: 'Losses carried forward at the end', unit: 'dollars', of: (a) => a.carry_short + a.carry_long },
  { name: 'Trading cost', unit: 'dollars', of: (a) => a.trading_cost },
  { name: 'Return before tax, a year', unit: 'rate', of: (a) => a.pre_tax_return },
  { name: 'Tax alpha a year, nothing sold', unit: 'rate', of: (a) => a.tax_alpha_before_liquidation },
  { name: 'Tax alpha a year, all sold', unit: 'rate', of: (a) => a.tax_alpha_after_liquidation },
  { name: 'Tracking error a year, realised', unit: 'rate', of: (a) => a.tracking_error_ex_post },
  { name: 'Tracking error a year, forecast', unit: 'rate', of: (a) => a.tracking_error_ex_ante },
  { name: 'Turnover a year', unit: 'rate', of: (a) => a.turnover },
  { name: 'Orders', unit: 'number', of: (a) => a.orders },
  { name: 'Transfers between managers', unit: 'number', of: (a) => a.transfers },
  { name: 'Risk aversion', unit: 'number', of: (a) => a.risk_aversion },
];

const ARMS: Record<string, string> = {
  uma: 'UMA',
  sma: 'SMA',
  funds: 'Funds only',
  shadow: 'Shadow',
  uma_equal_gamma: 'UMA at SMA’s risk aversion',
};

const armName = (arm: string): string => ARMS[arm] ?? arm;

function show(x: number | null, unit: Unit): string {
  if (x === null) {
    return '–';
  }
  switch (unit) {
    case 'dollars':
      return dollars(x);
    case 'rate':
      return percent(x);
    case 'number':
      return Number.isInteger(x) ? count(x) : x.toFixed(1);
  }
}

/** The last session of each year. */
function yearEnds(days: Int32Array): number[] {
  const years = Array.from(days, (d) => day(d).slice(0, 4));
  return years.flatMap((year, i) => (years[i + 1] === year ? [] : [i]));
}

function csv(rows: (string | number | null)[][]): string {
  const cell = (x: string | number | null): string => {
    const text = x === null ? '' : String(x);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

function figuresCsv({ summary }: Answer): string {
  const arms = summary.arm_order;
  const rows = ROWS.map(({ name, unit, of }) => [
    name,
    unit === 'rate' ? 'fraction' : unit,
    ...arms.map((arm) => {
      const figures = summary.arms[arm];
      return figures ? of(figures) : null;
    }),
  ]);
  return csv([['figure', 'unit', ...arms], ...rows, ['result_hash', 'sha256', summary.result_hash]]);
}

function wealthCsv({ summary, days, wealth }: Answer): string {
  const arms = summary.arm_order;
  const rows = Array.from(days, (d, i) => [day(d), ...arms.map((arm) => wealth[arm]?.[i] ?? null)]);
  return csv([['date', ...arms], ...rows]);
}

export function Figures({ answer }: { answer: Answer }) {
  const { summary, days, wealth } = answer;
  const drawn = ['uma', 'sma', 'shadow'];
  return (
    <details class="figures">
      <summary>All figures</summary>
      {/* A wide table scrolls by itself; with the keyboard too. */}
      <div class="scroll" tabIndex={0} role="region" aria-label="Figures by arm">
        <table>
          <caption>Figures by arm, {summary.start} to {summary.end}</caption>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              {summary.arm_order.map((arm) => (
                <th scope="col" key={arm}>
                  {armName(arm)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROWS.map(({ name, unit, of }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {summary.arm_order.map((arm) => {
                  const figures = summary.arms[arm];
                  return <td key={arm}>{show(figures ? of(figures) : null, unit)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Wealth by year">
        <table>
          <caption>Wealth after tax at the end of each year, dollars</caption>
          <thead>
            <tr>
              <th scope="col">Date</th>
              {drawn.map((arm) => (
                <th scope="col" key={arm}>
                  {armName(arm)}
                </th>
              ))}
              <th scope="col">UMA less SMA</th>
            </tr>
          </thead>
          <tbody>
            {yearEnds(days).map((i) => {
              const value = (arm: string): number => wealth[arm]?.[i] ?? 0;
              return (
                <tr key={i}>
                  <th scope="row">{day(days[i] ?? 0)}</th>
                  {drawn.map((arm) => (
                    <td key={arm}>{dollars(value(arm))}</td>
                  ))}
                  <td>{dollars(value('uma') - value('sma'))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="buttons">
        <button type="button" onClick={() => save('unisleeve-figures.csv', 'text/csv', figuresCsv(answer))}>
          Download figures (CSV)
        </button>
        <button type="button" onClick={() => save('unisleeve-wealth.csv', 'text/csv', wealthCsv(answer))}>
          Download daily wealth (CSV)
        </button>
      </p>
    </details>
  );
}
