// All measures in tables.

import type { ArmSummary, SimulationSummary, Study } from 'unisleeve';

import { csv, download } from '../charts/csv';
import { dollars } from '../format/money';
import { count, percent } from '../format/number';
import type { Cell } from '../format/unit';
import { isSummed } from '../run/summed';
import type { Config } from '../state/config';
import { table } from './difference';
import { setupName } from './setups';

const ROWS: readonly (readonly [
  name: string,
  unit: 'money' | 'rate' | 'number',
  read: (arm: ArmSummary) => number | null,
])[] = [
  ['Wealth, tax due taken off', 'money', (a) => a.wealth_before_liquidation],
  ['Wealth, everything sold and taxed', 'money', (a) => a.wealth_after_liquidation],
  ['Taxes paid', 'money', (a) => a.taxes_paid],
  ['Losses harvested', 'money', (a) => a.losses_harvested],
  ['Gains realized', 'money', (a) => a.gains_realized],
  ['Losses washed', 'money', (a) => a.losses_washed],
  ['Trading cost', 'money', (a) => a.trading_cost],
  ['Management fees paid', 'money', (a) => a.fees_paid],
  ['Return before tax, a year', 'rate', (a) => a.pre_tax_return],
  ['Turnover, a year', 'rate', (a) => a.turnover],
  ['Tracking error, realized', 'rate', (a) => a.tracking_error_ex_post],
  ['Tracking error, expected', 'rate', (a) => a.tracking_error_ex_ante],
  ['Orders', 'number', (a) => a.orders],
];

const SPREADS = [
  ['gain', 'UMA less SMA, dollars after tax, all of it', 'money'],
  ['tax_alpha', 'Tax alpha before liquidation, a year', 'rate'],
  ['tax_alpha_after_liquidation', 'Tax alpha after liquidation, a year', 'rate'],
] as const;

const WORDS: Record<'money' | 'rate' | 'number', (x: number | null) => string> = {
  money: dollars,
  rate: (x) => percent(x, 3),
  number: (x) => count(x, 1),
};

/** The actions of the shadow portfolio. */
export const SHADOW =
  'Shadow: the same policy in funds, which are brought back to their weights whatever the tax. Stocks that came along stay, unsold but for cash and restrictions.';

const ENDINGS = [
  ['liquidated', 'everything sold at the end'],
  ['kept', 'nothing sold at the end'],
] as const;

interface MeasuresProps {
  study: Study;
  summary: SimulationSummary | null;
}

export function Measures({ study, summary }: MeasuresProps) {
  const { arms, arm_order } = study.summary;
  return (
    <>
      {summary &&
        isSummed(summary) &&
        ENDINGS.map(([ending, title]) => (
          <Grid
            key={ending}
            title={`What one manager is worth, ${title}`}
            caption="UMA less SMA, means over all futures. Tax, fees and trading costs are the setup effect; asset classes and names are other holdings, not a merit of a setup."
            file={`difference-${ending}`}
            {...table(summary, ending, study.summary.config as Config)}
          />
        ))}
      {summary && (
        <Grid
          title="Differences over all futures"
          caption="Taken future by future, with other holdings and luck in them. The interval is that of the mean, at 95%."
          file="differences"
          columns={['Measure', 'Mean', 'From', 'To', '5th', '25th', 'Median', '75th', '95th', 'UMA ahead']}
          rows={SPREADS.flatMap(([key, name, unit]) => {
            const s = summary[key];
            if (s === null) {
              return [];
            }
            const w = WORDS[unit];
            const p = s.percentiles;
            return [
              [
                name,
                w(s.mean),
                w(s.interval?.[0] ?? null),
                w(s.interval?.[1] ?? null),
                ...[p[0], p[2], p[3], p[4], p[6]].map(w),
                `${Math.round(s.ahead * 100)}%`,
              ],
            ];
          })}
        />
      )}
      <Grid
        title="Measures of this future"
        caption={SHADOW}
        file="measures"
        columns={['Measure', ...arm_order.map((arm) => setupName(arm, study.summary.config))]}
        rows={ROWS.map(([name, unit, read]) => [
          name,
          ...arm_order.map((arm) => WORDS[unit](arms[arm] ? read(arms[arm]) : null)),
        ])}
      />
      <Grid
        title="Drift from the policy"
        caption="How far asset classes were from their weights when both looked, and after they had acted."
        file="drift"
        columns={['Asset class', 'UMA, mean', 'UMA, largest', 'SMA, mean', 'SMA, largest']}
        rows={(arms.uma?.drift ?? []).map((row, i) => {
          const other = arms.sma?.drift[i];
          return [
            row.asset_class,
            ...[
              row.average_left,
              row.largest_found,
              other?.average_left ?? null,
              other?.largest_found ?? null,
            ].map(WORDS.rate),
          ];
        })}
      />
    </>
  );
}

interface GridProps {
  title: string;
  caption: string;
  file: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** Columns of text. */
  words?: readonly string[];
  /**
   * The file's content where it differs from the display: numbers at full precision, with column names of
   * their own.
   */
  data?: readonly (readonly Cell[])[];
  head?: readonly string[];
  level?: 3 | 4;
  /** Whether the table scrolls in its own box. */
  tall?: boolean;
}

/** A table that is shown at once, with its file. */
export function Grid({
  title,
  caption,
  file,
  columns,
  rows,
  words = [],
  data = rows,
  head = columns,
  level = 3,
  tall = false,
}: GridProps) {
  const Heading = `h${level}` as const;
  const kind = (i: number): string | undefined => (words.includes(columns[i] ?? '') ? 'words' : undefined);
  return (
    <figure class="grid">
      <figcaption>
        <Heading class="c-title">{title}</Heading>
        <p class="c-caption">{caption}</p>
      </figcaption>
      <div class={`scroll ${tall ? 'tall' : ''}`} tabIndex={0} role="group" aria-label={title}>
        <table>
          <thead>
            <tr>
              {columns.map((name, i) =>
                name === '' ? (
                  <td key={i} />
                ) : (
                  <th key={name} scope="col" class={kind(i)}>
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, r) => (
              <tr key={r}>
                {row.map((text, i) =>
                  i === 0 ? (
                    <th key={i} scope="row">
                      {text}
                    </th>
                  ) : (
                    <td key={i} class={kind(i)}>
                      {text}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button
        type="button"
        class="c-save"
        aria-label={`CSV: ${title}`}
        onClick={() => download(`${file}.csv`, csv([head, ...data]))}
      >
        CSV
      </button>
    </figure>
  );
}
