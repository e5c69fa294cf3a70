// What is printed: a proposal of two pages, or a page of instructions. On the screen they are not shown.

import type { ComponentChildren } from 'preact';

import { Endings } from '../charts/endings';
import { WealthFan } from '../charts/wealth-fan';
import { YearBars } from '../charts/year-bars';
import type { Answer } from '../run/runner';
import { FIELDS, type State, valueOf } from '../state/fields';
import { nameOf } from '../state/holdings';
import { byYear, endings, fan } from '../view/figures';
import { headlineFor } from '../view/headline';
import { flowWords, giftWords, worded } from '../view/told';
import { count, dollars, percent } from '../view/words';

const LIMITS = [
  'Simulated markets, not forecasts: expected returns, volatilities and correlations are assumptions, and simulated stocks are made up.',
  'A holding stands as a simulated stock of its size; what its company may do by itself is not known.',
  'Income outside the portfolio and the law of the tax year stay as they are in every year; state tax is one flat rate.',
  'Both setups see the same futures, so their difference has less chance in it than either one’s wealth.',
  'Not investment, tax or legal advice.',
];

const SHOWN = ['takenOut', 'retirement', 'paidIn', 'cash', 'years', 'status', 'income', 'magi', 'stateRate', 'outsideLong', 'outsideShort', 'names', 'riskAversion', 'cadence', 'band', 'cashBuffer', 'feeUma', 'feeAdvisor', 'feeDirect', 'stockReturn', 'stockVolatility', 'preset'];

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

const tidy = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function Policy({ state }: { state: State }) {
  return <Facts rows={state.config.policy.map((sleeve) => [tidy(sleeve.name), percent(sleeve.weight, 1)] as const)} />;
}

function Lots({ state }: { state: State }) {
  const lots = state.config.household.lots ?? [];
  return lots.length === 0 ? (
    <p>None.</p>
  ) : (
    <Facts rows={lots.map((lot, i) => [`${i + 1}. ${nameOf(state.config, lot.symbol)}`, `${count(lot.quantity)} shares as ${lot.symbol}, basis ${dollars(lot.basis)}, bought ${lot.acquired}`] as const)} />
  );
}

/** Money in and out, and shares given away. */
function Moves({ state }: { state: State }) {
  const { flows, gifts = [] } = state.config.household;
  const rows = [
    ...flows.map((flow) => [flow.amount < 0 ? 'Out' : 'In', flowWords(flow)] as const),
    ...gifts.map((gift) => ['Gift in kind', giftWords(gift)] as const),
  ];
  return rows.length === 0 ? <p>None.</p> : <Facts rows={rows.map(([name, value], i) => [`${i + 1}. ${name}`, value] as const)} />;
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
  const { winner, claim, figure, spread, caveat, source } = headlineFor(answer);
  return (
    <div class="sheet proposal">
      <section class="leaf">
        <p class="mark">Unisleeve · proposal</p>
        <h1>
          {winner !== 'none' && `${winner.toUpperCase()} `}
          {claim}
        </h1>
        <p class="sheet-figure">
          <b>{figure}</b> {spread}
        </p>
        <p>{caveat}</p>
        {source && <p>{source}</p>}
        <p class="help">
          UMA, a unified managed account: one manager runs the whole portfolio. SMA, a separately managed account: a specialist runs only the direct index,
          beside funds that an advisor runs.
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
            <YearBars title="Tax each year" caption="Mean over futures." file="taxes" level={2} {...byYear(summary, 'taxes_by_year')} />
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
              ...SHOWN.flatMap((id) => FIELDS.filter((f) => f.id === id)).map((field) => [field.id === 'riskAversion' ? 'Risk aversion' : field.group === 'fees' ? `Fee, ${field.label}` : field.label, worded(field, valueOf(field, state))] as const),
              ...(state.config.household.gifts ?? []).map((gift) => ['Gift in kind', giftWords(gift)] as const),
            ]}
          />
        </div>
        <h2>Assumptions and limits</h2>
        <ul class="two">
          {[...LIMITS, ...summary.assumptions].map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

export function Instructions({ state, answer }: SheetProps) {
  const { config } = state;
  const { restrictions = {}, trading, tax } = config;
  const list = (names: readonly string[] | undefined): string => (names && names.length > 0 ? names.map((s) => nameOf(config, s)).join(', ') : 'none');
  const field = (id: string): string => FIELDS.filter((f) => f.id === id).map((f) => worded(f, valueOf(f, state))).join('');
  return (
    <div class="sheet instructions">
      <section class="leaf">
        <p class="mark">Unisleeve · instructions to the manager, copy to compliance</p>
        <h1>Policy, restrictions, budgets</h1>
        <div class="columns">
          <div>
            <h2>Policy weights</h2>
            <Policy state={state} />
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
            <Facts
              rows={[
                ['Not to hold', list(restrictions.exclude)],
                ['Sectors not to hold', list(restrictions.exclude_sectors)],
                ['Not to sell', list(restrictions.do_not_sell)],
                ['Most in one stock', field('positionCap')],
              ]}
            />
          </div>
          <div>
            <h2>Budgets</h2>
            <Facts
              rows={[
                ['Net gains a year', tax.gains_budget == null ? 'no limit' : dollars(tax.gains_budget)],
                ['Tracking error, UMA', percent(answer.summary?.tracking_error[0] ?? answer.study.summary.arms['uma']?.tracking_error_ex_post, 2)],
                ['Tracking error, SMA', percent(answer.summary?.tracking_error[1] ?? answer.study.summary.arms['sma']?.tracking_error_ex_post, 2)],
              ]}
            />
            <h2>Cash and gifts</h2>
            <Moves state={state} />
            <h2>Holdings that come along</h2>
            <Lots state={state} />
            <h2>Tax</h2>
            <Facts rows={[['Filing status', field('status')], ['State rate', field('stateRate')], ['Law of', String(tax.year)], ['Wash sales', 'thirty days either way, all accounts of the household']]} />
          </div>
        </div>
        <Facts
          rows={[
            ['Version', answer.study.summary.version],
            ['Settings, SHA-256', <code>{answer.summary?.config_hash ?? answer.study.summary.config_hash}</code>],
          ]}
        />
        <p class="signature">Manager, date</p>
        <p class="signature">Compliance, date</p>
      </section>
    </div>
  );
}
