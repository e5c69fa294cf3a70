// Every input of the page: its configuration key, how it is read and written, and its help text.

import { count } from '../format/number';
import { dateOf, numberOf, quoted, typedNumber } from '../format/typed';
import { AGE, RETIREMENT } from './case';
import { type Config, isDirect } from './config';
import { get, set } from './path';
import { planOf, withPlan } from './plan';
import { STATES } from './states';

/** How a value is typed and displayed. */
export type Kind = 'dollars' | 'percent' | 'number' | 'whole' | 'choice' | 'date' | 'switch';

export type Group = 'plan' | 'gifts' | 'tax' | 'direct' | 'trading' | 'fees' | 'market' | 'accounts';

export interface State {
  config: Config;
  age: number;
}

export interface Field {
  id: string;
  group: Group;
  /** Path of the key. The core's faults at or below it are shown here. */
  key: string;
  label: string;
  unit: string;
  help: string;
  /** Origin of the default. */
  origin: string;
  kind: Kind;
  min?: number;
  max?: number;
  step?: number;
  slider?: boolean;
  options?: readonly (readonly [value: string, label: string])[];
  /** Replaces reading the value at the key. */
  read?: (state: State) => unknown;
  write?: (state: State, value: unknown) => State;
  /** Meaning of an empty field, for fields that may be empty. The key is then omitted. */
  empty?: string;
}

const config = (state: State, next: Config): State => ({ ...state, config: next });

const plan = (key: 'paidIn' | 'takenOut') => ({
  read: (s: State) => planOf(s.config)[key],
  write: (s: State, value: unknown) => config(s, withPlan(s.config, { [key]: value as number })),
});

const EXAMPLE = 'Default: the opening case, a made-up couple.';
const CORE = 'Default of the core.';

/** Expected return of an asset class. A file may have it at another index, or not at all. */
const classReturn = (wanted: string) => ({
  read: ({ config: { simulation } }: State) =>
    simulation.scenario.classes.find(({ name }) => name === wanted)?.expected_return,
  write: (s: State, value: unknown) => {
    const at = s.config.simulation.scenario.classes.findIndex(({ name }) => name === wanted);
    return at < 0 ? s : config(s, set(s.config, `simulation.scenario.classes.${at}.expected_return`, value));
  },
});

export const FIELDS: readonly Field[] = [
  {
    id: 'takenOut',
    group: 'plan',
    key: 'household.flows',
    label: 'Needed each year',
    unit: 'dollars a year',
    kind: 'dollars',
    slider: true,
    min: 0,
    max: 250_000,
    step: 5_000,
    help: 'Taken out of the portfolio every January from retirement on.',
    origin: EXAMPLE,
    ...plan('takenOut'),
  },
  {
    id: 'retirement',
    group: 'plan',
    key: 'household.flows',
    label: 'From age',
    unit: 'years',
    kind: 'whole',
    slider: true,
    min: 30,
    max: 90,
    step: 1,
    help: 'Age at which paying in ends and taking out begins.',
    origin: `Default ${RETIREMENT}: the opening case.`,
    read: (s) => s.age + planOf(s.config).yearsUntil,
    write: (s, value) =>
      config(s, withPlan(s.config, { yearsUntil: Math.max(0, (value as number) - s.age) })),
  },
  {
    id: 'paidIn',
    group: 'plan',
    key: 'household.flows',
    label: 'Saved each year until then',
    unit: 'dollars a year',
    kind: 'dollars',
    min: 0,
    max: 10_000_000,
    help: 'Paid in every January until retirement.',
    origin: EXAMPLE,
    ...plan('paidIn'),
  },
  {
    id: 'cash',
    group: 'plan',
    key: 'household.cash',
    label: 'Taxable cash to invest',
    unit: 'dollars',
    kind: 'dollars',
    slider: true,
    min: 0,
    max: 10_000_000,
    step: 20_000,
    help: 'Invested on the first day; holdings that come along are listed below.',
    origin: EXAMPLE,
  },
  {
    id: 'age',
    group: 'plan',
    key: 'age',
    label: 'Age today',
    unit: 'years',
    kind: 'whole',
    min: 18,
    max: 90,
    help: 'Of the older of a couple. Only dates of flows depend on it.',
    origin: `Default ${AGE}: the opening case.`,
    read: (s) => s.age,
    write: (s, value) => {
      const retirement = s.age + planOf(s.config).yearsUntil;
      const years = Math.max(0, retirement - (value as number));
      return { ...s, age: value as number, config: withPlan(s.config, { yearsUntil: years }) };
    },
  },
  {
    id: 'years',
    group: 'plan',
    key: 'simulation.scenario.years',
    label: 'Years looked ahead',
    unit: 'years',
    kind: 'whole',
    slider: true,
    min: 1,
    max: 40,
    step: 1,
    help: 'Length of each future. Twice the years take twice as long to compute.',
    origin: EXAMPLE,
  },
  {
    id: 'charityShare',
    group: 'gifts',
    key: 'ending.charity_share',
    label: 'To charity at the end',
    unit: '% of what is left',
    kind: 'percent',
    min: 0,
    max: 100,
    help: 'For \u201cGive a part away\u201d among the endings: lots with the most gain go, and the deduction counts. Nothing before the end changes.',
    origin: 'Default 10%.',
  },
  {
    id: 'status',
    group: 'tax',
    key: 'tax.status',
    label: 'Filing status',
    unit: '',
    kind: 'choice',
    help: 'Brackets and thresholds follow from it.',
    origin: EXAMPLE,
    options: [
      ['joint', 'Married, filing jointly'],
      ['single', 'Single'],
      ['head', 'Head of household'],
      ['separate', 'Married, filing separately'],
    ],
  },
  {
    id: 'income',
    group: 'tax',
    key: 'tax.outside.ordinary_taxable',
    label: 'Taxable income outside',
    unit: 'dollars a year',
    kind: 'dollars',
    slider: true,
    min: 0,
    max: 2_000_000,
    step: 10_000,
    help: 'After deductions, without the portfolio. The same in every year, also in retirement.',
    origin: EXAMPLE,
    write: (s, value) => {
      // Most households deduct little beyond the standard deduction, so both incomes move together until the
      // other is set by itself.
      const gap = s.config.tax.outside.magi ?? 0;
      const before = s.config.tax.outside.ordinary_taxable ?? 0;
      const next = set(s.config, 'tax.outside.ordinary_taxable', value);
      return config(
        s,
        set(next, 'tax.outside.magi', Math.max(0, (value as number) + Math.max(0, gap - before))),
      );
    },
  },
  {
    id: 'magi',
    group: 'tax',
    key: 'tax.outside.magi',
    label: 'Modified adjusted gross income',
    unit: 'dollars a year',
    kind: 'dollars',
    min: 0,
    max: 1e8,
    help: 'Before deductions; the 3.8% tax on investment income and state tax depend on it.',
    origin: 'Default: taxable income and a standard deduction of some $30,000.',
  },
  {
    id: 'state',
    group: 'tax',
    key: 'tax.outside.state',
    label: 'State',
    unit: '',
    kind: 'choice',
    help: 'State tax follows this state\u2019s own rules. New York City adds the city\u2019s tax to the state\u2019s; other city and county taxes are left out.',
    origin: EXAMPLE,
    options: [['', 'Another rate'], ...STATES],
    // The core takes a state or a flat rate, not both.
    write: (s, value) =>
      config(
        s,
        value === ''
          ? set(s.config, 'tax.outside.state', undefined)
          : set(set(s.config, 'tax.outside.state', value), 'tax.outside.state_rate', 0),
      ),
  },
  {
    id: 'stateRate',
    group: 'tax',
    key: 'tax.outside.state_rate',
    label: 'State income tax',
    unit: '% of all taxable income',
    kind: 'percent',
    min: 0,
    max: 20,
    help: 'One flat rate instead of a state\u2019s rules, on income and gains alike.',
    origin: 'Default 0%.',
    write: (s, value) =>
      config(s, set(set(s.config, 'tax.outside.state', undefined), 'tax.outside.state_rate', value)),
  },
  {
    id: 'outsideLong',
    group: 'tax',
    key: 'tax.outside.net_long',
    label: 'Long-term gains elsewhere',
    unit: 'dollars a year',
    kind: 'dollars',
    min: -1e8,
    max: 1e8,
    help: 'Net gain from elsewhere each year, which losses harvested here can offset. Losses negative.',
    origin: 'Default: none.',
  },
  {
    id: 'outsideShort',
    group: 'tax',
    key: 'tax.outside.net_short',
    label: 'Short-term gains elsewhere',
    unit: 'dollars a year',
    kind: 'dollars',
    min: -1e8,
    max: 1e8,
    help: 'The same for gains on what was held a year or less, taxed like income.',
    origin: 'Default: none.',
  },
  {
    id: 'gainsBudget',
    group: 'tax',
    key: 'tax.gains_budget',
    label: 'Gains budget',
    unit: 'dollars a year',
    kind: 'dollars',
    min: 0,
    max: 1e9,
    empty: 'no limit',
    help: 'Net gain that may be realized in a year beyond what cash needs: paces the way out of a concentrated holding.',
    origin: 'Default: no limit.',
  },
  {
    id: 'names',
    group: 'direct',
    key: 'simulation.scenario.names',
    label: 'Stocks in the index',
    unit: 'names',
    kind: 'whole',
    slider: true,
    min: 20,
    max: 500,
    step: 10,
    help: 'The direct index holds them one by one. More names take longer to compute.',
    origin: 'Default 100: enough for harvesting, quick in a browser.',
  },
  {
    id: 'subset',
    group: 'direct',
    key: 'policy.0.subset',
    label: 'Model of the largest stocks',
    unit: 'names',
    kind: 'whole',
    min: 1,
    max: 500,
    empty: 'none',
    help: 'A model delivered to a UMA may hold only so many of the index\u2019s largest stocks. The replay of real history (Research) then runs it as a third setup; the futures never do.',
    origin: 'Default: none.',
    read: (s) => s.config.policy.find(isDirect)?.subset,
    write: (s, value) => {
      const at = s.config.policy.findIndex(isDirect);
      return at < 0 ? s : config(s, set(s.config, `policy.${at}.subset`, value));
    },
  },
  {
    id: 'positionCap',
    group: 'direct',
    key: 'restrictions.position_cap',
    label: 'Most in one stock',
    unit: '% of the portfolio',
    kind: 'percent',
    min: 0,
    max: 100,
    empty: 'no limit',
    help: 'No stock is bought beyond it.',
    origin: 'Default: no limit.',
  },
  {
    id: 'riskAversion',
    group: 'trading',
    key: 'trading.risk_aversion',
    label: 'Tax against tracking error',
    unit: 'risk aversion',
    kind: 'number',
    slider: true,
    min: 5,
    max: 125,
    step: 5,
    help: 'To the left: defer more tax and drift further from the policy. To the right: stay close and pay.',
    origin: 'Default 25: dollars of cost paid to remove half a unit of variance.',
  },
  {
    id: 'cadence',
    group: 'trading',
    key: 'trading.cadence',
    label: 'Rebalancing',
    unit: '',
    kind: 'choice',
    help: 'When both setups look at the portfolio.',
    origin: CORE,
    options: [
      ['monthly', 'Monthly'],
      ['quarterly', 'Quarterly'],
      ['yearly', 'Yearly'],
      ['never', 'Only when it drifts'],
    ],
  },
  {
    id: 'trigger',
    group: 'trading',
    key: 'trading.trigger',
    label: 'Also when drifted by',
    unit: '% of the portfolio',
    kind: 'percent',
    min: 0,
    max: 100,
    empty: 'off',
    help: 'An asset class this far from its weight is brought back outside the calendar.',
    origin: 'Default: off.',
  },
  {
    id: 'cashBuffer',
    group: 'trading',
    key: 'trading.cash_buffer',
    label: 'Cash buffer',
    unit: '% of the portfolio',
    kind: 'percent',
    min: 0,
    max: 50,
    help: 'Kept in cash after each rebalancing.',
    origin: CORE,
  },
  {
    id: 'band',
    group: 'trading',
    key: 'trading.band',
    label: 'Drift band',
    unit: '% of the portfolio',
    kind: 'percent',
    min: 0,
    max: 50,
    help: 'How far an asset class may drift before money is moved for it.',
    origin: CORE,
  },
  {
    id: 'practice',
    group: 'trading',
    key: 'sma.practice',
    label: 'Practice of the separate managers',
    unit: '',
    kind: 'choice',
    help: 'How the SMA of the settings works. The best and the typical SMA stand beside it whatever is chosen.',
    origin: 'Default: diligent.',
    options: [
      ['best', 'Best: sees every lot, money moves at once'],
      ['diligent', 'Diligent: tax-aware, quarterly, with notice'],
      ['typical', 'Typical: by the calendar, without regard to tax'],
    ],
    read: (s) => s.config.sma?.practice ?? 'diligent',
    write: (s, value) => config(s, set(s.config, 'sma.practice', value === 'diligent' ? undefined : value)),
  },
  {
    id: 'lag',
    group: 'trading',
    key: 'sma.lag',
    label: 'Lag of the SMA manager',
    unit: 'trading days',
    kind: 'whole',
    min: 0,
    max: 60,
    help: 'How long money asked of the specialist takes to arrive after its trade.',
    origin: 'Default: as the practice has it.',
    empty: 'as the practice has it',
  },
  {
    id: 'spread',
    group: 'trading',
    key: 'trading.spread_bps',
    label: 'Bid\u2013ask spread',
    unit: 'basis points',
    kind: 'number',
    min: 0,
    max: 500,
    help: 'Half of it is paid on each trade.',
    origin: CORE,
  },
  {
    id: 'feeUma',
    group: 'fees',
    key: 'fees.uma',
    label: 'UMA manager',
    unit: '% a year of everything',
    kind: 'percent',
    min: 0,
    max: 5,
    empty: '0',
    help: 'One fee for the whole portfolio.',
    origin: 'Default 0: mechanics alone are compared.',
  },
  {
    id: 'feeAdvisor',
    group: 'fees',
    key: 'fees.advisor',
    label: 'SMA: advisor',
    unit: '% a year of everything',
    kind: 'percent',
    min: 0,
    max: 5,
    empty: '0',
    help: 'On the whole portfolio.',
    origin: 'Default 0.',
  },
  {
    id: 'feeDirect',
    group: 'fees',
    key: 'fees.direct_index',
    label: 'SMA: specialist',
    unit: '% a year of the direct index',
    kind: 'percent',
    min: 0,
    max: 5,
    empty: '0',
    help: 'On the direct index alone, beside the advisor\u2019s.',
    origin: 'Default 0.',
  },
  {
    id: 'stockReturn',
    group: 'market',
    key: 'simulation.scenario.classes.0.expected_return',
    label: 'Expected return of stocks',
    unit: '% a year',
    kind: 'percent',
    min: -20,
    max: 30,
    help: 'An assumption: the mean of one year.',
    origin:
      'Default 6.9%: compounds at 5.3%, PGIM Quantitative Solutions\u2019 forecast for ten years (4th quarter of 2025).',
  },
  {
    id: 'stockVolatility',
    group: 'market',
    key: 'simulation.scenario.classes.0.volatility',
    label: 'Volatility of stocks',
    unit: '% a year',
    kind: 'percent',
    min: 1,
    max: 80,
    help: 'More volatility, more losses to harvest.',
    origin: 'Default 17.2%: the S&P 500 of 2013 to 2021.',
  },
  {
    id: 'internationalReturn',
    group: 'market',
    key: 'simulation.scenario.classes.1.expected_return',
    label: 'Expected return of international stocks',
    unit: '% a year',
    kind: 'percent',
    min: -20,
    max: 30,
    help: 'An assumption: the mean of one year.',
    origin:
      'Default 8.8%: compounds at 7.1%, PGIM Quantitative Solutions\u2019 forecast for ten years (4th quarter of 2025).',
    ...classReturn('international stocks'),
  },
  {
    id: 'bondReturn',
    group: 'market',
    key: 'simulation.scenario.classes.2.expected_return',
    label: 'Expected return of bonds',
    unit: '% a year',
    kind: 'percent',
    min: -10,
    max: 20,
    help: 'Interest, taxed like income.',
    origin:
      'Default 4.7%: compounds at 4.6%, PGIM Quantitative Solutions\u2019 forecast for ten years (4th quarter of 2025).',
    ...classReturn('bonds'),
  },
  {
    id: 'preset',
    group: 'market',
    key: 'simulation.preset',
    label: 'Scenario',
    unit: '',
    kind: 'choice',
    help: 'A named market on top of these figures.',
    origin: CORE,
    options: [
      ['', 'As set here'],
      ['calm bull', 'Calm bull market'],
      ['lost decade', 'Lost decade'],
      ['2008', 'A crash like 2008'],
      ['high dispersion', 'High dispersion'],
      ['mega-cap run', 'Mega-cap run'],
      ['inflation shock', 'Inflation shock'],
      ['as_earned', 'Returns as earned from 2007 to 2025'],
    ],
    read: (s) => s.config.simulation.preset ?? '',
    write: (s, value) => config(s, set(s.config, 'simulation.preset', value === '' ? undefined : value)),
  },
  {
    id: 'bootstrap',
    group: 'market',
    key: 'simulation.bootstrap_block',
    label: 'Draw from real history',
    unit: 'sessions a block',
    kind: 'number',
    min: 1,
    max: 2000,
    empty: 'off: the market model',
    help: 'Futures made of blocks of real days. Needs a policy of the symbols of that history: use a file.',
    origin: 'Default: off.',
    // Only the market model knows its own risk.
    write: (s, value) =>
      config(
        s,
        set(
          set(s.config, 'simulation.bootstrap_block', value),
          'risk.source',
          value === undefined ? 'scenario' : 'estimated',
        ),
      ),
  },
  {
    id: 'paths',
    group: 'market',
    key: 'simulation.paths',
    label: 'Futures',
    unit: 'futures',
    kind: 'whole',
    min: 10,
    max: 2_000,
    help: 'More futures, narrower spreads of chance, longer waiting.',
    origin: CORE,
  },
  {
    id: 'seed',
    group: 'market',
    key: 'seed',
    label: 'Seed',
    unit: 'whole number',
    kind: 'whole',
    min: 0,
    max: 9_007_199_254_740_991,
    help: 'Another seed, other futures. The same seed gives the same figures to the last bit.',
    origin: CORE,
  },
];

export const fieldsOf = (group: Group): Field[] => FIELDS.filter((field) => field.group === group);

export function fieldValue(field: Field, state: State): unknown {
  return field.read ? field.read(state) : get(state.config, field.key);
}

const trimmed = (x: number): string => String(Number(x.toPrecision(12)));

/** A value as text for its field. */
export function shown(field: Field, value: unknown): string {
  if (value === undefined || value === null) {
    return '';
  }
  if (typeof value !== 'number') {
    return String(value);
  }
  if (field.kind === 'percent') {
    return trimmed(value * 100);
  }
  return field.kind === 'dollars' ? typedNumber(value, 2) : trimmed(value);
}

const bound = (field: Field, x: number): string => {
  const text = field.kind === 'dollars' ? `$${count(Math.abs(x), 3)}` : trimmed(x);
  return field.kind === 'dollars' && x < 0 ? `\u2212${text}` : field.kind === 'percent' ? `${text}%` : text;
};

/** The state with the typed value, or the fault. */
export function typed(field: Field, state: State, text: string): { state: State } | { fault: string } {
  const write = (value: unknown): { state: State } => ({
    state: field.write ? field.write(state, value) : config(state, set(state.config, field.key, value)),
  });
  if (field.kind === 'choice') {
    return write(text);
  }
  if (field.empty !== undefined && text.trim() === '') {
    return write(undefined);
  }
  if (field.kind === 'date') {
    const date = dateOf(text);
    return date === null ? { fault: `${quoted(text)}: expected a date such as 2027-01-04.` } : write(date);
  }
  const value = numberOf(text);
  const { min = -Infinity, max = Infinity } = field;
  if (
    value === null ||
    value < min ||
    value > max ||
    (field.kind === 'whole' && !Number.isSafeInteger(value))
  ) {
    const what =
      field.kind === 'whole' ? 'a whole number' : field.kind === 'dollars' ? 'dollars' : 'a number';
    return { fault: `${quoted(text)}: expected ${what} from ${bound(field, min)} to ${bound(field, max)}.` };
  }
  return write(field.kind === 'percent' ? Number((value / 100).toPrecision(12)) : value);
}
