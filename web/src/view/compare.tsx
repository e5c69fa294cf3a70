// A against B: any two cases, side by side.

import type { SimulationSummary } from 'unisleeve';

import { Lines } from '../charts/lines';
import { YearBars } from '../charts/year-bars';
import { about, signedAbout } from '../format/money';
import { percent } from '../format/number';
import type { Answer } from '../run/runner';
import { differences } from '../state/link';
import type { Json } from '../state/path';
import { between, rowsOf } from './difference';
import { armOf, byYear } from './figures';
import { HeadlineBlock } from './headline';
import { Grid } from './measures';
import { setupName } from './setups';
import { toldOf } from './told';

interface CompareProps {
  a: Answer | null;
  b: Answer;
  pin: () => void;
  swap: () => void;
}

export function Compare({ a, b, pin, swap }: CompareProps) {
  if (!a) {
    return (
      <section class="blank">
        <h2>Compare two cases</h2>
        <p>
          Keep the present case as A, then change what you like: B follows every change, and both stand beside
          each other.
        </p>
        <button type="button" class="primary" onClick={pin}>
          Keep this case as A
        </button>
      </section>
    );
  }
  const from = new Map(differences(a.config as unknown as Json, b.config as unknown as Json));
  const to = differences(b.config as unknown as Json, a.config as unknown as Json);
  const [sa, sb] = [a.summary, b.summary];
  const years =
    sa && sb
      ? byYear(
          sa.averages[0] &&
            sb.averages[0] &&
            sa.averages[0].taxes_by_year.length > sb.averages[0].taxes_by_year.length
            ? sa
            : sb,
          'taxes_by_year',
        ).years
      : [];
  const median = (s: typeof sa, arm: string) =>
    s?.fans.find((f) => f.arm === arm)?.by_year.map((row) => row[3]) ?? [];
  return (
    <>
      <p class="buttons">
        <button type="button" onClick={pin}>
          Keep the present case as A
        </button>
        <button type="button" onClick={swap}>
          Exchange A and B
        </button>
      </p>
      <div class="pair cases">
        <div>
          <p class="case-name">A</p>
          <HeadlineBlock answer={a} label="Result of A" />
        </div>
        <div>
          <p class="case-name">B, the present case</p>
          <HeadlineBlock answer={b} label="Result of B" />
        </div>
      </div>
      {to.length === 0 ? (
        <p class="note">A and B are the same so far: change an input.</p>
      ) : (
        <Grid
          title="What differs"
          caption="Inputs, with their keys in the configuration."
          file="settings-that-differ"
          columns={['Input', 'A', 'B', 'Key']}
          rows={to.slice(0, 60).map(([path, value]) => [
            ...toldOf(path, [
              [a.config, from.get(path) ?? null],
              [b.config, value],
            ]),
            path,
          ])}
        />
      )}
      {sa && sb && (
        <>
          <Grid
            title="Side by side"
            caption="Over all futures of each case."
            file="side-by-side"
            columns={['Measure', 'A', 'B']}
            rows={[
              ['Futures', String(sa.paths), String(sb.paths)],
              ...effects(a, b),
              [
                'UMA, median left when all is sold',
                about(armOf(sa, 'uma')?.endings[1]?.[3] ?? 0),
                about(armOf(sb, 'uma')?.endings[1]?.[3] ?? 0),
              ],
              [
                'SMA, median left when all is sold',
                about(armOf(sa, 'sma')?.endings[1]?.[3] ?? 0),
                about(armOf(sb, 'sma')?.endings[1]?.[3] ?? 0),
              ],
              ['Tracking error, UMA', percent(sa.tracking_error[0], 2), percent(sb.tracking_error[0], 2)],
              ['Tracking error, SMA', percent(sa.tracking_error[1], 2), percent(sb.tracking_error[1], 2)],
            ]}
          />
          <Lines
            title="Median wealth after tax"
            caption="Both cases, both setups."
            file="medians"
            unit="money"
            zero
            x={years}
            series={[
              { name: 'A, UMA', tone: 'ink', values: median(sa, 'uma') },
              { name: 'A, SMA', tone: 'shadow', dashed: true, values: median(sa, 'sma') },
              { name: 'B, UMA', tone: 'uma', values: median(sb, 'uma') },
              { name: 'B, SMA', tone: 'sma', dashed: true, values: median(sb, 'sma') },
            ]}
          />
          <Taxes {...{ sa, sb }} />
        </>
      )}
    </>
  );
}

/** The setup effect against each kind of separate managers, in both cases. */
function effects(a: Answer, b: Answer): string[][] {
  const cell = ({ summary }: Answer, arm: string): string => {
    const row = summary ? rowsOf(summary, 'liquidated').find(({ against }) => against === arm) : undefined;
    return row
      ? `${signedAbout(row.setup.mean)}${row.setup_interval ? ` (${between(row.setup_interval)})` : ''}`
      : '\u2013';
  };
  return ['sma_best', 'sma', 'sma_typical'].map((arm) => [
    `Setup effect against ${setupName(arm, b.config)}, 95% interval`,
    cell(a, arm),
    cell(b, arm),
  ]);
}

/** Side by side on one axis. */
function Taxes({ sa, sb }: { sa: SimulationSummary; sb: SimulationSummary }) {
  const [a, b] = [byYear(sa, 'taxes_by_year'), byYear(sb, 'taxes_by_year')];
  return (
    <div class="pair">
      <YearBars
        title="A: tax by year"
        caption="Mean over futures."
        file="taxes-a"
        {...a}
        beside={[...b.uma, ...b.sma]}
      />
      <YearBars
        title="B: tax by year"
        caption="Mean over futures."
        file="taxes-b"
        {...b}
        beside={[...a.uma, ...a.sma]}
      />
    </div>
  );
}
