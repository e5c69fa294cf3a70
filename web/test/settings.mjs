// Tests without a browser how the page reads settings from outside and writes its own. Uses the modules as
// Vite serves them, and the core that checks every configuration before the page applies it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';

import init, { Simulator, what_if_config } from '../../wasm/npm/pkg/unisleeve_wasm.js';
import { broken, full } from './broken.mjs';
import { check, Tally } from './tally.mjs';

const here = import.meta.dirname;
await init({ module_or_path: readFileSync(join(here, '../../wasm/npm/pkg/unisleeve_wasm_bg.wasm')) });
const server = await createServer({
  root: join(here, '..'),
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false },
});
const load = (path) => server.ssrLoadModule(`/src/${path}`);
const [
  read,
  link,
  fields,
  plan,
  gifts,
  holdings,
  restrictions,
  told,
  words,
  figures,
  policy,
  caseOf,
  path,
  states,
] = await Promise.all(
  [
    'state/read.ts',
    'state/link.ts',
    'state/fields.ts',
    'state/plan.ts',
    'state/gifts.ts',
    'state/holdings.ts',
    'state/restrictions.ts',
    'view/told.ts',
    'view/words.ts',
    'view/figures.ts',
    'state/policy.ts',
    'state/case.ts',
    'state/path.ts',
    'state/states.ts',
  ].map(load),
);
const tally = new Tally();

/** Applies settings as the page does. */
function taken(text) {
  const config = read.configOf(read.jsonOf(text));
  new Simulator(JSON.stringify(config)).free();
  return config;
}

/** Everything that drawing the inputs and saving the case needs from settings. */
async function drawn(config) {
  const state = { config, age: 57 };
  for (const field of fields.FIELDS) {
    const value = fields.fieldValue(field, state);
    told.worded(field, value);
    fields.typed(field, state, fields.shown(field, value));
  }
  plan.withPlan(config, plan.planOf(config));
  (config.household.gifts ?? []).map(gifts.rowOf).map((row) => gifts.giftOf(row, config));
  (config.household.gifts ?? []).map(told.giftWords);
  config.household.flows.map(told.flowWords);
  (config.household.lots ?? []).map(({ symbol }) => holdings.nameOf(config, symbol));
  (config.household.accounts ?? []).map(({ kind, cash }) => `${kind} ${cash}`);
  config.policy.map(
    ({ name, weight, asset_class, fund }) =>
      `${name.charAt(0)}${asset_class.charAt(0)}${fund.charAt(0)}${weight.toFixed(2)}`,
  );
  policy.withWeight(config, 0, 0.5);
  restrictions.LISTS.map((list) => restrictions.instructed(config, list, []));
  holdings.withoutHoldings(restrictions.renamed(config, config));
  for (const [key, value] of link.differences(config, caseOf.openingCase())) {
    told.toldOf(key, [[config, value]]);
  }
  const years = config.simulation.scenario.years;
  check(years > 0 && years <= 60, `${years} years`);
  const all = [...config.household.flows, ...(config.household.gifts ?? [])];
  check(
    all.every(
      ({ from, to }) => /^(19|2[012])\d\d-/.test(from) && (to == null || /^(19|2[012])\d\d-/.test(to)),
    ),
    'a date beyond the calendar',
  );
  const fragment = await link.fragmentOf(state, true).catch((error) => error.message);
  if (!fragment.startsWith('The link would')) {
    const back = (await link.stateOf(fragment)) ?? state;
    // A null key and an omitted key mean the same.
    const other = link.differences(back.config, config).filter(([, value]) => value !== null);
    check(other.length === 0, `the link brings ${JSON.stringify(other)}`);
  }
}

const isSentence = (message) =>
  message.length > 10 &&
  message.length < 4_200 &&
  /expected|missing field|unknown field|contradicts|not JSON|too much|damaged|longer/.test(message);

await tally.test(
  'a key that is missing, of another type or huge is refused by a sentence or can be drawn',
  async () => {
    const base = full(caseOf.openingCase());
    taken(JSON.stringify(base));
    const wrong = [];
    let [refused, accepted] = [0, 0];
    for (const { name, path, config } of broken(base)) {
      try {
        const good = taken(JSON.stringify(config));
        accepted += 1;
        await drawn(good);
      } catch (error) {
        refused += 1;
        const keys = path.filter((key) => typeof key === 'string').slice(-2);
        const names =
          keys.some((key) => error.message.includes(key)) ||
          /history|names|years|start|weights|class/.test(error.message);
        if (error.constructor.name !== 'Error' || !isSentence(error.message) || !names) {
          wrong.push(`${name}: ${error.constructor.name}: ${error.message.slice(0, 200)}`);
        }
      }
    }
    check(wrong.length === 0, `${wrong.length}:\n${wrong.slice(0, 20).join('\n')}`);
    check(refused > 500 && accepted > 200, `${refused} refused, ${accepted} accepted`);
    return `${refused} refused, ${accepted} drawn`;
  },
);

await tally.test('values beyond their bounds are refused with key, value and bounds', () => {
  const base = full(caseOf.openingCase());
  const said = (key, value) => {
    try {
      taken(JSON.stringify(path.set(base, key, value)));
    } catch (error) {
      return error.message;
    }
    throw new Error(`${key} = ${value} is accepted`);
  };
  for (const [key, value, expected] of [
    [
      'simulation.scenario.years',
      1e6,
      'simulation.scenario.years: 1000000: expected a number above 0 and up to 60',
    ],
    ['simulation.scenario.names', 1e6, 'simulation.scenario.names: 1000000: expected 20 to 1000'],
    ['simulation.scenario.sectors', 1e6, 'simulation.scenario.sectors: 1000000: expected 1 to 30'],
    ['simulation.scenario.history', 1e6, 'simulation.scenario.history: 1000000: expected 21 to 5000'],
    ['simulation.paths', 1e6, 'simulation.paths: 1000000: expected 1 to 100000'],
    [
      'simulation.scenario.step',
      'hourly',
      'simulation.scenario.step: `hourly`, expected one of daily, weekly, monthly',
    ],
    [
      'household.flows.0.from',
      '9999-01-01',
      'household.flows[0].from: 9999-01-01: expected a date from 1900 to 2200',
    ],
    [
      'household.gifts.0.to',
      '9999-01-01',
      'household.gifts[0].to: 9999-01-01: expected a date from 1900 to 2200',
    ],
    [
      'household.lots.0.acquired',
      '0001-01-01',
      'household.lots[0].acquired: 0001-01-01: expected a date from 1900 to 2200',
    ],
    [
      'household.cash',
      1e15,
      'household.cash: expected a number of at most 1,000,000,000,000 in magnitude, found 1000000000000000',
    ],
    [
      'household.accounts',
      Array.from({ length: 101 }, (_, i) => ({ name: `a${i}`, kind: 'ira' })),
      'household.accounts: 101 entries: expected at most 100',
    ],
    ['household.flows', [{}], 'household.flows[0]: missing field `amount`'],
  ]) {
    const message = said(key, value);
    check(message.includes(expected), `${key}: ${message}`);
  }
  // All faults are reported at once, wherever the core checks them.
  const two = path.set(path.set(base, 'simulation.scenario.names', 5), 'trading.spread_bps', -1);
  const message = said('simulation.paths', 0);
  check(message.includes('simulation.paths: 0'), message);
  try {
    taken(JSON.stringify(path.set(two, 'simulation.paths', 0)));
  } catch (error) {
    check(error.message.split('\n').length === 3, error.message);
  }
});

await tally.test('a link that reaches beyond a list, or into a value, is refused at once', async () => {
  const { fragment } = await import('./browser/visit.mjs');
  for (const changes of [
    [['policy.4294967294.weight', 1]],
    [['policy.length', 4e9]],
    [['household.flows.100000000.amount', 1]],
    [['household.lots.-1', 1]],
    [['seed.x', 1]],
    [['household.cash.0', 1]],
    [['constructor.prototype', 1]],
    [['#state', 'XX']],
    [['#age', 1e9]],
    [['simulation.scenario.years', null]],
  ]) {
    let message = '';
    try {
      const { config } = await link.stateOf(fragment(changes));
      new Simulator(JSON.stringify(config)).free();
      await drawn(config);
    } catch (error) {
      message = error.message;
      check(
        error.constructor.name === 'Error' && isSentence(message),
        `${JSON.stringify(changes)}: ${message}`,
      );
    }
    check(message !== '' || changes[0][1] === null, `${JSON.stringify(changes)} is accepted`);
  }
});

await tally.test('the page opens from the core\u2019s own what-if case, key by key', () => {
  const [page, core] = [caseOf.whatIf, what_if_config()];
  const said = (value) => JSON.stringify(value);
  // The page's file leaves out what is empty in the core's.
  const isEmpty = (value) => value === null || ['{}', '[]', 'false'].includes(said(value));
  const keys = [...link.differences(page, core), ...link.differences(core, page)].map(([key]) => key);
  const wrong = [...new Set(keys)]
    .map((key) => [key, path.get(page, key), path.get(core, key)])
    .filter(([, mine, its]) => !(mine === undefined && isEmpty(its)))
    .map(([key, mine, its]) => `${key}: ${said(mine)}, in the core ${said(its)}`);
  check(wrong.length === 0, wrong.join('\n'));
  // And the core reads both as the same settings.
  const [a, b] = [page, core].map((config) => {
    const simulator = new Simulator(JSON.stringify(config));
    const { config_hash } = simulator.summary();
    simulator.free();
    return config_hash;
  });
  check(a === b, `${a}, in the core ${b}`);
});

const fieldOf = (wanted) => fields.FIELDS.find(({ id }) => id === wanted);
const entered = (state, id, text) => fields.typed(fieldOf(id), state, text).state;
const opening = () => ({ config: caseOf.openingCase(), age: 57 });
const linked = async (changes) => {
  const { fragment } = await import('./browser/visit.mjs');
  return link.stateOf(fragment(changes));
};

await tally.test('every state that is picked stays picked, also in a link', async () => {
  for (const [code, name] of [...states.STATES, ['']]) {
    const picked = entered(opening(), 'state', code);
    check(
      fields.fieldValue(fieldOf('state'), picked) === (code || undefined),
      `${code} became ${fields.fieldValue(fieldOf('state'), picked)}`,
    );
    const older = entered(picked, 'age', '60');
    const back = (await link.stateOf(await link.fragmentOf(older, true))) ?? older;
    const { state, state_rate } = back.config.tax.outside;
    check(state === (code || undefined) && state_rate === 0, `a link brings ${state}, ${state_rate}`);
    const simulator = new Simulator(JSON.stringify(back.config));
    const rules = simulator.summary().assumptions.find((text) => text.startsWith('State tax follows'));
    simulator.free();
    check(
      code === '' ? rules === undefined : rules.startsWith(`State tax follows the rules of ${name}: `),
      `${code}: ${rules}`,
    );
    const short = told.stateRules([rules ?? '']);
    check(!short.includes('$10,000 of gain') && (code === '' || short.includes(' 2026 ')), short);
  }
  check(states.STATES.length === 52, `${states.STATES.length} states`);
  return `${states.STATES.length} states`;
});

await tally.test('a state and a flat rate replace each other', async () => {
  const rates = ({ config }) => config.tax.outside;
  const flat = entered(entered(opening(), 'state', ''), 'stateRate', '1.25');
  check(!('state' in rates(flat)) && rates(flat).state_rate === 0.0125, JSON.stringify(rates(flat)));
  const back = await link.stateOf(await link.fragmentOf(flat, true));
  check(!('state' in rates(back)) && rates(back).state_rate === 0.0125, JSON.stringify(rates(back)));
  const texas = entered(flat, 'state', 'TX');
  check(rates(texas).state === 'TX' && rates(texas).state_rate === 0, JSON.stringify(rates(texas)));
  const other = entered(texas, 'stateRate', '3');
  check(!('state' in rates(other)) && rates(other).state_rate === 0.03, JSON.stringify(rates(other)));
  // Files may have the letters in any case.
  check(
    taken(JSON.stringify(path.set(opening().config, 'tax.outside.state', 'nyc'))).tax.outside.state === 'NYC',
    'nyc stays in small letters',
  );
});

await tally.test('links and files with a flat rate for each state keep their rate', async () => {
  const rate = 'tax.outside.state_rate';
  for (const [changes, state, flat] of [
    [[[rate, 0.093]], undefined, 0.093],
    [
      [
        [rate, 0.093],
        ['#state', 'CA'],
      ],
      undefined,
      0.093,
    ],
    [
      [
        ['#state', 'TX'],
        [rate, 0],
      ],
      undefined,
      0,
    ],
    [
      [
        [rate, 0.0125],
        ['#state', ''],
      ],
      undefined,
      0.0125,
    ],
    [[['#state', 'IL']], 'IL', 0],
    [[['#state', '']], 'IL', 0],
    [[['tax.outside.state', 'NYC']], 'NYC', 0],
  ]) {
    const { config } = await linked(changes);
    new Simulator(JSON.stringify(config)).free();
    const { outside } = config.tax;
    check(
      outside.state === state && outside.state_rate === flat,
      `${JSON.stringify(changes)}: ${JSON.stringify(outside)}`,
    );
  }
  const file = caseOf.openingCase();
  delete file.tax.outside.state;
  file.tax.outside.state_rate = 0.0495;
  const { outside } = taken(JSON.stringify(file)).tax;
  check(!('state' in outside) && outside.state_rate === 0.0495, JSON.stringify(outside));
});

await tally.test('what a state takes of a further gain is told in plain words', () => {
  const words = (state, state_short, state_long) => told.stateRates({ state, state_short, state_long });
  const after = 'own brackets, deductions and exclusions';
  for (const [found, wanted] of [
    [
      words('CA', 0.093, 0.093),
      `Short-term gains 9.30%, long-term gains 9.30% on the next $10,000, after California\u2019s ${after}`,
    ],
    [
      words('DC', 0.0925, 0.0925),
      `Short-term gains 9.25%, long-term gains 9.25% on the next $10,000, after the District of Columbia\u2019s ${after}`,
    ],
    [
      words('TX', 0, 0),
      'No tax on the next $10,000 of gains, short-term or long-term, under Texas\u2019s own rules',
    ],
    [words(null, 0, 0), ''],
  ]) {
    check(found === wanted, found);
  }
});

await tally.test('a holding is restricted by its own name, and what matches nothing is told', () => {
  const config = caseOf.openingCase();
  check(restrictions.symbolOf(config, 'former employer') === 'S001', 'the holding has no symbol');
  const asked = path.set(config, 'restrictions', {
    exclude: ['S001', 'S004', 'MO'],
    exclude_sectors: ['Energy', 'Tobacco'],
  });
  const unmatched = [
    { key: 'restrictions.exclude[2]', name: 'MO' },
    { key: 'restrictions.exclude_sectors[1]', name: 'Tobacco' },
  ];
  const { names, idle, madeUp } = restrictions.instructed(asked, 'exclude', unmatched);
  check(
    JSON.stringify([names, idle, madeUp]) === '[["Former employer"],["MO"],1]',
    JSON.stringify([names, idle, madeUp]),
  );
  check(
    restrictions
      .unmatchedWords(asked, 'exclude_sectors', unmatched)[0]
      .startsWith('Tobacco: nothing in this market'),
    'Tobacco is not told',
  );
  const named = path.set(config, 'restrictions', { exclude: ['Former employer'] });
  const said = restrictions.unmatchedWords(named, 'exclude', [
    { key: 'restrictions.exclude[0]', name: 'Former employer' },
  ]);
  check(said.length === 1 && said[0].includes('stands as S001'), said.join());
  // Another holding takes the stand-in. The restriction must not pass to it.
  const next = restrictions.renamed(
    asked,
    holdings.withHoldings(
      asked,
      [{ name: 'KO', value: 1_000, basis: 500, acquired: '2020-01-02' }],
      new Map(),
    ),
  );
  check(
    next.lists.KO[0] === 'S001' &&
      JSON.stringify(next.restrictions.exclude) === '["Former employer","S004","MO"]',
    JSON.stringify(next.restrictions),
  );
});

await tally.test('fees are a line of their own, and what remains is without them', () => {
  const split = Object.fromEntries(
    ['harvest', 'deferral', 'character', 'income', 'carried', 'household'].map((key) => [
      key,
      { dollars: 0, rate: 0 },
    ]),
  );
  const arm = (wealth, fees) => ({
    wealth_after_liquidation: wealth,
    tax_alpha_split: split,
    fees_paid: fees / 2,
    fees_at_end: fees,
  });
  const study = (uma, sma) => ({ summary: { arms: { uma, sma } } });
  const { steps } = figures.mechanisms(study(arm(900, 150), arm(1_000, 50)));
  const of = (name) => steps.find((step) => step.name === name)?.dollars;
  check(of('Management fees') === -100 && Math.abs(of('Everything else')) < 1e-9, JSON.stringify(steps));
  check(
    figures
      .mechanisms(study(arm(900, 0), arm(1_000, 0)))
      .steps.every(({ name }) => name !== 'Management fees'),
    'a line without fees',
  );
  const dollars = (mean) => ({ mean, worst_tenth: -500 });
  const rows = [
    { against: 'sma_best', mean: 100, verdict_code: 'no_measurable_benefit' },
    { against: 'sma', mean: 1_234, verdict_code: 'not_separable' },
  ].map(({ mean, ...rest }) => ({
    ...rest,
    ending: 'liquidated',
    verdict: 'Between -$5 and $9.',
    setup: dollars(mean),
    tax: dollars(mean + 600),
    fees: dollars(-600),
    costs: dollars(0),
    setup_interval: [-5, 9],
  }));
  const headline = (paths) =>
    words.headlineFor({
      config: { simulation: { paths: 200 } },
      summary: { paths, difference: rows, start: '2027-01-04', end: '2037-01-04' },
    });
  const plain = ({ claim, figure, caveat }) => `${claim} ${figure} ${caveat}`.replaceAll('\u2060', '');
  const said = plain(headline(20));
  check(said.startsWith('Between \u2212$5 and $9. +$1,200 Of it, tax is +$1,800, fees are \u2212$600'), said);
  check(headline(20).side === 'open', 'an effect that is not separable takes a side');
  // What may still change its sign is not told.
  check(!/\$/.test(plain(headline(19))), plain(headline(19)));
});

await server.close();
tally.end();
