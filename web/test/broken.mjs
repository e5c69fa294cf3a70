// Settings with one fault: each key of a full configuration missing, of another type, or huge. Node and the
// browser share the list.

const isGroup = (value) => typeof value === 'object' && value !== null;

/** Adds what the opening case lacks, so that every kind of row appears once, and makes it fast to run. */
export function full(opening) {
  const config = structuredClone(opening);
  Object.assign(config.household, {
    accounts: [{ name: 'IRA', kind: 'ira', cash: 50_000 }],
    gifts: [{ amount: 5_000, every: 'year', from: '2028-01-05', to: '2028-12-31' }],
    closings: [{ account: 'IRA', date: '2028-06-30', how: 'cash' }],
  });
  config.household.lots[0].keep = false;
  Object.assign(config, {
    restrictions: {
      exclude: ['S004'],
      exclude_sectors: ['Energy'],
      exclude_lists: ['Former employer'],
      do_not_sell: ['S002'],
      position_cap: 0.1,
    },
    changes: [{ date: '2028-01-04', restrictions: { exclude: ['S005'] } }],
    fees: { uma: 0.004, advisor: 0.002, direct_index: 0.003 },
    identical: [['USX', 'USY']],
    workload: { minutes_per_task: 5 },
  });
  config.policy[0].subset = 10;
  config.trading.trigger = 0.05;
  config.tax.gains_budget = 10_000;
  Object.assign(config.simulation, { paths: 12, preset: 'base' });
  Object.assign(config.simulation.scenario, {
    years: 2,
    names: 20,
    history: 61,
    periods: [
      {
        from: 0,
        years: 1,
        returns: [{ class: 'bonds', annual: 0.02 }],
        fixed: false,
        volatility: 1,
        specific: 1,
      },
    ],
  });
  return config;
}

/** Every key path in a configuration. Lists contribute their first row. */
function paths(value, before = []) {
  const keys = Array.isArray(value)
    ? value.length > 0
      ? [0]
      : []
    : isGroup(value)
      ? Object.keys(value)
      : [];
  return keys.flatMap((key) => [[...before, key], ...paths(value[key], [...before, key])]);
}

const WRONG = [
  null,
  true,
  'x',
  '',
  '9999-99-99',
  '0001-01-01',
  '60000-01-01',
  -1,
  0.5,
  7,
  1e6,
  1e15,
  1e300,
  -1e300,
  [],
  [[]],
  [{}],
  {},
  { x: 1 },
];

/** `{ name, config }` for each key of `base` and each kind of fault. */
export function* broken(base) {
  const changed = (path, change) => {
    const config = structuredClone(base);
    const parent = path.slice(0, -1).reduce((at, key) => at[key], config);
    change(parent, path.at(-1));
    return config;
  };
  for (const path of paths(base)) {
    const name = path.join('.');
    yield {
      name: `${name} missing`,
      path,
      config: changed(path, (parent, key) =>
        Array.isArray(parent) ? parent.splice(key, 1) : delete parent[key],
      ),
    };
    for (const value of WRONG) {
      yield {
        name: `${name} = ${JSON.stringify(value)}`,
        path,
        config: changed(path, (parent, key) => (parent[key] = value)),
      };
    }
    yield {
      name: `a key beside ${name}`,
      path,
      config: changed(path, (parent) =>
        Array.isArray(parent) ? parent.push('x') : Object.assign(parent, { beside: 1 }),
      ),
    };
  }
}
