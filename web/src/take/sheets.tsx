// Printed output: a two-page proposal, or a page of instructions. Hidden on the screen.

import type { ComponentChildren } from 'preact';
import type { Unmatched } from 'unisleeve';

import { Endings } from '../charts/endings';
import { WealthFan } from '../charts/wealth-fan';
import { YearBars } from '../charts/year-bars';
import { dollars } from '../format/money';
import { count, percent } from '../format/number';
import { capital } from '../format/text';
import type { Answer } from '../run/runner';
import type { Config } from '../state/config';
import { FIELDS, fieldValue, type State } from '../state/fields';
import { nameOf } from '../state/holdings';
import { instructed, isMadeUp } from '../state/restrictions';
import { byYear, endings, fan } from '../view/figures';
import { Three } from '../view/headline';
import { flowWords, giftWords, stateRates, worded } from '../view/told';
import { headlineFor } from '../view/words';

const limits = ({ tax, household }: Config): string[] => [
  'Simulated markets, not forecasts: expected returns, volatilities and correlations are assumptions, and simulated stocks are made up.',
  'A holding stands as a simulated stock of its size; what its company may do by itself is not known.',
  ...((household.outside_income ?? []).length === 0
    ? ['Income from outside the portfolio stays the same in every year.']
    : []),
  ...(tax.outside.state
    ? []
    : [`State tax is a flat rate of ${percent(tax.outside.state_rate)} on all taxable income.`]),
  'Both setups see the same futures, so their difference has less chance in it than either one’s wealth.',
  'Not investment, tax or legal advice.',
];

/** State tax of the figures: by the state's rules, or the flat rate. */
const stateTax = ({ config, study }: Answer): string =>
  config.tax.outside.state
    ? stateRates(study.summary.tax_inputs)
    : `${percent(config.tax.outside.state_rate)} of all taxable income`;

const SHOWN = [
  'takenOut',
  'retirement',
  'paidIn',
  'cash',
  'years',
  'status',
  'income',
  'magi',
  'state',
  'stateRate',
  'outsideLong',
  'outsideShort',
  'names',
  'riskAversion',
  'cadence',
  'band',
  'cashBuffer',
  'feeUma',
  'feeAdvisor',
  'feeDirect',
  'stockReturn',
  'stockVolatility',
  'preset',
];

function Facts({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Policy({ state }: { state: State }) {
  return (
    <Facts
      rows={state.config.policy.map((sleeve) => [capital(sleeve.name), percent(sleeve.weight, 1)] as const)}
    />
  );
}

/**
 * A holding under its own name shows no share count, because the configuration holds the share count of the
 * simulated stock that stands for it.
 */
function Lots({ state: { config } }: { state: State }) {
  const lots = config.household.lots ?? [];
  return lots.length === 0 ? (
    <p>None.</p>
  ) : (
    <Facts
      rows={lots.map(({ symbol, quantity, basis, acquired }, i) => {
        const name = nameOf(config, symbol);
        const shares = name === symbol ? `${count(quantity)} shares, ` : '';
        return [`${i + 1}. ${name}`, `${shares}basis ${dollars(basis)}, bought ${acquired}`] as const;
      })}
    />
  );
}

/** Cash flows, and gifts of shares. */
function Moves({ state }: { state: State }) {
  const { flows, gifts = [] } = state.config.household;
  const rows = [
    ...flows.map((flow) => [flow.amount < 0 ? 'Out' : 'In', flowWords(flow)] as const),
    ...gifts.map((gift) => ['Gift in kind', giftWords(gift)] as const),
  ];
  return rows.length === 0 ? (
    <p>None.</p>
  ) : (
    <Facts rows={rows.map(([name, value], i) => [`${i + 1}. ${name}`, value] as const)} />
  );
}

interface SheetProps {
  state: State;
  answer: Answer;
}

export function Proposal({ state, answer }: SheetProps) {
  const { summary, config } = answer;
  if (!summary) {
    return null;
  }
  const { side, claim, figure, spread, caveat } = headlineFor(answer);
  return (
    <div class="sheet proposal">
      <section class="leaf">
        <p class="mark">Unisleeve · proposal</p>
        <h1>{claim}</h1>
        <p class="sheet-figure">
          <b class={side}>{figure}</b> {spread} {caveat}
        </p>
        <Three answer={answer} />
        <p class="help">
          UMA, a unified managed account: one manager runs the whole portfolio. SMA, a separately managed
          account: a specialist runs only the direct index, beside funds that an advisor runs.
        </p>
        <WealthFan {...fan(summary, config, state.age)} level={2} />
        <div class="columns">
          <div>
            <h2>Policy</h2>
            <Policy state={state} />
          </div>
          <div>
            <h2>Holdings that come along</h2>
            <Lots state={state} />
          </div>
        </div>
      </section>
      <section class="leaf">
        <div class="columns">
          <div>
            <YearBars
              title="Tax each year"
              caption="Mean over futures."
              file="taxes"
              level={2}
              {...byYear(summary, 'taxes_by_year')}
            />
            <h2>To repeat this</h2>
            <Facts
              rows={[
                ['Version', summary.version],
                ['Seed', String(summary.seed)],
                ['Futures', `${summary.paths}${answer.isWhole ? '' : ' so far'}`],
                ['Settings, SHA-256', <code>{summary.config_hash}</code>],
                ['Figures, SHA-256', <code>{summary.hash}</code>],
              ]}
            />
          </div>
          <Endings endings={endings(summary)} level={2} />
        </div>
        <h2>The household</h2>
        <div class="wide">
          <Facts
            rows={[
              ...SHOWN.filter((id) => id !== 'state' || state.config.tax.outside.state)
                .flatMap((id) => FIELDS.filter((f) => f.id === id))
                .map(
                  (field) =>
                    [
                      field.id === 'riskAversion'
                        ? 'Risk aversion'
                        : field.group === 'fees'
                          ? `Fee, ${field.label}`
                          : field.label,
                      field.id === 'stateRate' ? stateTax(answer) : worded(field, fieldValue(field, state)),
                    ] as const,
                ),
              ...(state.config.household.gifts ?? []).map(
                (gift) => ['Gift in kind', giftWords(gift)] as const,
              ),
            ]}
          />
        </div>
        <h2>Assumptions and limits</h2>
        <ul class="two">
          {[...limits(config), ...summary.assumptions].map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/**
 * Holdings by their original names. Share counts are left out because they are of simulated stocks, and
 * made-up stocks are left out because nobody can trade them.
 */
function Named({ config }: { config: Config }) {
  const lots = config.household.lots ?? [];
  const named = lots.filter(({ symbol }) => !isMadeUp(config, symbol));
  return (
    <>
      {named.length === 0 ? (
        <p>None.</p>
      ) : (
        <Facts
          rows={named.map(
            ({ symbol, basis, acquired }, i) =>
              [`${i + 1}. ${nameOf(config, symbol)}`, `basis ${dollars(basis)}, bought ${acquired}`] as const,
          )}
        />
      )}
      {named.length < lots.length && (
        <p>{`${lots.length - named.length} of the simulation’s own, made up, left out.`}</p>
      )}
    </>
  );
}

const RESTRICTED = [
  ['exclude', 'Not to hold'],
  ['exclude_sectors', 'Sectors not to hold'],
  ['exclude_lists', 'Lists not to hold'],
  ['do_not_sell', 'Not to sell'],
] as const;

/** Restrictions that the figures apply, and separately those that match nothing in the figures' market. */
function Restricted({
  config,
  unmatched,
  cap,
}: {
  config: Config;
  unmatched: readonly Unmatched[];
  cap: string;
}) {
  const lists = RESTRICTED.map(([key, title]) => ({ key, title, ...instructed(config, key, unmatched) }));
  const idle = lists.filter((list) => list.idle.length > 0);
  const madeUp = lists.reduce((sum, list) => sum + list.madeUp, 0);
  return (
    <>
      <Facts
        rows={[
          ...lists
            .filter(({ key, names }) => key !== 'exclude_lists' || names.length > 0)
            .map(({ title, names }) => [title, names.length > 0 ? names.join(', ') : 'none'] as const),
          ['Most in one stock', cap],
        ]}
      />
      {madeUp > 0 && (
        <p>{`${madeUp === 1 ? '1 restriction' : `${madeUp} restrictions`} on made-up stocks of the simulation left out.`}</p>
      )}
      {idle.length > 0 && (
        <>
          <h2>Asked for, not applied</h2>
          <p>Nothing in the simulated market matches: the figures count no such restriction.</p>
          <Facts rows={idle.map((list) => [list.title, list.idle.join(', ')] as const)} />
        </>
      )}
    </>
  );
}

export function Instructions({ state, answer }: SheetProps) {
  // Uses the settings that the figures belong to. Later edits are not computed yet.
  const { config } = answer;
  const settled = { ...state, config };
  const { trading, tax } = config;
  const unmatched = answer.study.summary.unmatched_restrictions ?? [];
  const field = (id: string): string =>
    FIELDS.filter((f) => f.id === id)
      .map((f) => worded(f, fieldValue(f, settled)))
      .join('');
  return (
    <div class="sheet instructions">
      <section class="leaf">
        <p class="mark">Unisleeve · instructions to the manager, copy to compliance</p>
        <h1>Policy, restrictions, budgets</h1>
        <div class="columns">
          <div>
            <h2>Policy weights</h2>
            <Policy state={settled} />
            <h2>Rebalancing</h2>
            <Facts
              rows={[
                ['Cadence', field('cadence')],
                ['Drift band', field('band')],
                ['Drift trigger', field('trigger')],
                ['Cash buffer', field('cashBuffer')],
                ['Risk aversion', String(trading.risk_aversion)],
              ]}
            />
            <h2>Restrictions</h2>
            <Restricted config={config} unmatched={unmatched} cap={field('positionCap')} />
          </div>
          <div>
            <h2>Budgets</h2>
            <Facts
              rows={[
                ['Net gains a year', tax.gains_budget == null ? 'no limit' : dollars(tax.gains_budget)],
                [
                  'Tracking error, UMA',
                  percent(
                    answer.summary?.tracking_error[0] ??
                      answer.study.summary.arms.uma?.tracking_error_ex_post,
                    2,
                  ),
                ],
                [
                  'Tracking error, SMA',
                  percent(
                    answer.summary?.tracking_error[1] ??
                      answer.study.summary.arms.sma?.tracking_error_ex_post,
                    2,
                  ),
                ],
              ]}
            />
            <h2>Cash and gifts</h2>
            <Moves state={settled} />
            <h2>Holdings that come along</h2>
            <Named config={config} />
            <h2>Tax</h2>
            <Facts
              rows={[
                ['Filing status', field('status')],
                ...(tax.outside.state ? [['State', field('state')] as const] : []),
                ['State income tax', stateTax(answer)],
                ['Law of', String(tax.year)],
                ['Wash sales', 'thirty days either way, all accounts of the household'],
              ]}
            />
          </div>
        </div>
        <Facts
          rows={[
            ['Version', answer.study.summary.version],
            [
              'Settings, SHA-256',
              <code>{answer.summary?.config_hash ?? answer.study.summary.config_hash}</code>,
            ],
          ]}
        />
        <p class="signature">Manager, date</p>
        <p class="signature">Compliance, date</p>
      </section>
    </div>
  );
}
