// Each input changes its own setting and nothing else.

import { check } from '../tally.mjs';
import { answered, config, fact, fragment, LIMIT, QUICK, settled, topic } from './visit.mjs';

const at = (from, path) => path.split('.').reduce((value, key) => value?.[key], from);

/** Field, typed text, key, value in the configuration. */
const TYPED = [
  ['takenOut', '95,000', 'household.flows.1.amount', -95_000],
  ['paidIn', '10k', 'household.flows.0.amount', 10_000],
  ['cash', '$2.5m', 'household.cash', 2_500_000],
  ['years', '3', 'simulation.scenario.years', 3],
  ['income', '250,000', 'tax.outside.ordinary_taxable', 250_000],
  ['magi', '300,000', 'tax.outside.magi', 300_000],
  ['outsideLong', '50,000', 'tax.outside.net_long', 50_000],
  ['gainsBudget', '40,000', 'tax.gains_budget', 40_000],
  ['names', '30', 'simulation.scenario.names', 30],
  ['subset', '15', 'policy.0.subset', 15],
  ['positionCap', '5', 'restrictions.position_cap', 0.05],
  ['riskAversion', '50', 'trading.risk_aversion', 50],
  ['cashBuffer', '2', 'trading.cash_buffer', 0.02],
  ['band', '3', 'trading.band', 0.03],
  ['feeUma', '0.4', 'fees.uma', 0.004],
  ['stockReturn', '8', 'simulation.scenario.classes.0.expected_return', 0.08],
  ['paths', '15', 'simulation.paths', 15],
  ['seed', '7', 'seed', 7],
  ['charityShare', '20', 'ending.charity_share', 0.2],
];

export async function inputs(visit, tally) {
  const page = await visit.open();
  const opening = await settled(page);
  for (const name of [
    'Household',
    'Holdings',
    'Gifts',
    'Taxes',
    'Policy and index',
    'Trading and fees',
    'Market',
  ]) {
    await topic(page, name);
  }

  await tally.test('each input changes its key', async () => {
    for (const [id, text] of TYPED) {
      await page.fill(`#${id}`, text);
    }
    await page.selectOption('#status', 'single');
    await page.selectOption('#cadence', 'quarterly');
    await page.selectOption('#preset', '2008');
    const now = await config(page);
    const wrong = TYPED.filter(([, , key, value]) => at(now, key) !== value).map(
      ([id, , key, value]) => `${id}: ${key} is ${JSON.stringify(at(now, key))}, expected ${value}`,
    );
    check(wrong.length === 0, wrong.join('; '));
    check(
      now.tax.status === 'single' && now.trading.cadence === 'quarterly' && now.simulation.preset === '2008',
      'a choice did not arrive',
    );
    const hash = await settled(page, opening);
    return `${TYPED.length + 3} inputs, settings ${hash.slice(0, 12)}`;
  });

  await tally.test('a state has its rules, and only another rate is entered', async () => {
    check((await page.$('#stateRate')) === null, 'a flat rate beside a state');
    for (const [code, wanted] of [
      [
        'CA',
        /^Short-term gains \d+\.\d\d%, long-term gains \d+\.\d\d% on the next \$10,000, after California/,
      ],
      ['TX', /^No tax on the next \$10,000 of gains, short-term or long-term, under Texas/],
    ]) {
      await page.selectOption('#state', code);
      await page.waitForFunction(
        ([source]) => new RegExp(source).test(document.querySelector('#stateTax').textContent),
        [wanted.source],
        { timeout: LIMIT },
      );
      const { outside } = (await config(page)).tax;
      check(outside.state === code && outside.state_rate === 0, JSON.stringify(outside));
    }
    const rules = await page.textContent('#stateTax-help');
    check(rules.startsWith('State tax follows the rules of Texas: '), rules);
    await page.selectOption('#state', '');
    await page.fill('#stateRate', '9.3');
    const { outside } = (await config(page)).tax;
    check(!('state' in outside) && outside.state_rate === 0.093, JSON.stringify(outside));
    // A mistyped rate does not outlast its field.
    await page.fill('#stateRate', '93');
    await page.selectOption('#state', 'NYC');
    await page.waitForSelector('text=last settings that could be used', { state: 'detached' });
  });

  await tally.test('a state that is picked stays picked', async () => {
    for (const code of ['TX', 'NYC', 'DC', 'MS', 'NC', 'IL', '', 'MI', '']) {
      await page.selectOption('#state', code);
      check(
        (await page.inputValue('#state')) === code,
        `${code} became “${await page.inputValue('#state')}”`,
      );
    }
  });

  await tally.test('restrictions that match nothing are told at their field', async () => {
    await page.fill('#exclude', 'S003, MO, former employer');
    await page.fill('#exclude_sectors', 'Tobacco, Energy');
    await page.waitForFunction(() =>
      /^MO: nothing in this market/.test(document.querySelector('#exclude-fault').textContent.trim()),
    );
    await page.waitForFunction(() =>
      /^Tobacco: nothing in this market/.test(
        document.querySelector('#exclude_sectors-fault').textContent.trim(),
      ),
    );
    const { restrictions } = await config(page);
    check(
      JSON.stringify(restrictions.exclude) === '["S003","MO","S001"]',
      JSON.stringify(restrictions.exclude),
    );
    await page.locator('#exclude').blur();
    check(
      (await page.inputValue('#exclude')) === 'S003, MO, Former employer',
      await page.inputValue('#exclude'),
    );
    check(
      (await page.textContent('footer')).includes('match nothing in this market'),
      'the notes say nothing',
    );
    for (const id of ['exclude', 'exclude_sectors']) {
      await page.fill(`#${id}`, '');
      await page.waitForFunction(
        (name) => document.querySelector(`#${name}-fault`).textContent.trim() === '',
        id,
      );
    }
  });

  await tally.test('figures are called what they are', async () => {
    await page.waitForSelector('.progress[data-phase=done]');
    check(
      (await page.textContent('.worst text')).startsWith('Mean of the worst tenth'),
      await page.textContent('.worst text'),
    );
    check(
      /fees are [+\u2212]\u2060?\$/.test(await page.textContent('.caveat')),
      await page.textContent('.caveat'),
    );
    await page.click('#tab-research');
    const measures = await page
      .locator('figure', { has: page.getByRole('heading', { name: 'Measures of this future' }) })
      .textContent();
    check(
      measures.includes('Stocks that came along stay') && measures.includes('Management fees paid'),
      measures,
    );
    check(
      (await page.locator('figure', { hasText: 'Management fees' }).count()) > 0,
      'fees are no line of the difference',
    );
    await page.click('#tab-prospect');
  });

  await tally.test('weights add up whatever is moved, and a model file sets them', async () => {
    await page.focus('#weight-0');
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press('ArrowRight');
    }
    const { policy } = await config(page);
    const sum = policy.reduce((all, { weight }) => all + weight, 0);
    check(
      policy[0].weight === 0.5 && Math.abs(sum - 1) < 1e-12,
      JSON.stringify(policy.map(({ weight }) => weight)),
    );
    await topic(page, 'Policy and index');
    const model = (text) =>
      page.setInputFiles('.policy input[type=file]', {
        name: 'model.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(text),
      });
    await model('name,weight\nUS stocks,60\nbonds,30\nreal estate,10\n');
    await page.waitForFunction(() => document.querySelectorAll('.weight').length === 3);
    check((await config(page)).policy[2].fund === 'REIT', 'no real estate fund');
    await topic(page, 'Policy and index');
    await model('gold,50\nbonds,60\n');
    await page.waitForFunction(() =>
      /gold.*expected one of/.test(document.querySelector('.policy .fault').textContent),
    );
  });

  await tally.test('gifts are written as rows, change the figures, and go', async () => {
    check((await config(page)).household.gifts === undefined, 'there is a gift from the start');
    await topic(page, 'Gifts');
    const before = await fact(page, 'Its settings');
    await page.click('text=+ Gift');
    await page.fill('#gift-0-amount', '15k');
    await page.click('text=+ Gift');
    await page.selectOption('#gift-1-every', 'once');
    check(!(await page.isVisible('#gift-1-to')), 'a single gift has a last day');
    await page.fill('#gift-1-from', '6/15/2028');
    const { gifts } = (await config(page)).household;
    const wanted = [
      { amount: 15_000, every: 'year', from: '2028-01-05' },
      { amount: 10_000, every: 'once', from: '2028-06-15' },
    ];
    check(JSON.stringify(gifts) === JSON.stringify(wanted), JSON.stringify(gifts));
    await answered(page, before);
    for (const [id, text, message] of [
      ['gift-0-amount', '-5', 'above zero'],
      ['gift-0-to', '2020-01-01', 'after the first'],
      ['gift-1-from', 'soon', 'expected a date'],
      ['gift-1-from', '2099-01-01', 'end of the futures'],
    ]) {
      const good = await page.inputValue(`#${id}`);
      await page.fill(`#${id}`, text);
      const said = await page.textContent(`#${id.replace(/-\w+$/, '')}-fault`);
      check(said.includes(message), `${id} given “${text}”: “${said}”`);
      check((await page.getAttribute(`#${id}`, 'aria-invalid')) === 'true', `${id} is not marked`);
      check(
        await page.isVisible('text=last settings that could be used'),
        'the figures are not said to be old',
      );
      await page.fill(`#${id}`, good);
      check(
        !(await page.isVisible('text=last settings that could be used')),
        `the figures are still said to be old after ${id}`,
      );
    }
    await page.click('[aria-label="Remove gift 1"]');
    check((await config(page)).household.gifts.length === 1, 'the gift is still there');
    await page.click('[aria-label="Remove gift 1"]');
    check((await config(page)).household.gifts === undefined, 'an empty list is left');
  });

  await tally.test('bad input gets a message at its field, and the page goes on', async () => {
    await topic(page, 'Taxes');
    for (const [id, text] of [
      ['income', 'lots'],
      ['income', '-5'],
      ['income', ''],
      ['stateRate', '93'],
      ['seed', '1.5'],
    ]) {
      await page.fill(`#${id}`, text);
      const message = (await page.textContent(`#${id}-fault`)).trim();
      check(message.includes('expected'), `${id} given “${text}”: “${message}”`);
      check((await page.getAttribute(`#${id}`, 'aria-invalid')) === 'true', `${id} is not marked`);
      check(
        await page.isVisible('text=last settings that could be used'),
        'the figures are not said to be old',
      );
      await page.fill(`#${id}`, '0');
      check((await page.textContent(`#${id}-fault`)).trim() === '', 'the message stays');
    }
  });

  await tally.test('what the core refuses is said at its field', async () => {
    await page.fill('#paths', '12');
    await page.waitForSelector('.progress[data-phase=done]');
    const before = await fact(page, 'Its settings');
    await page.click('#tab-research');
    const now = JSON.parse(await page.inputValue('#settings'));
    now.tax.outside.state_rate = 3;
    await page.fill('#settings', JSON.stringify(now));
    await page.click('text=Use these settings');
    await page.waitForFunction(() =>
      /expected a fraction/.test(document.querySelector('#stateRate-fault').textContent),
    );
    check((await fact(page, 'Its settings')) === before, 'the figures changed');
    const said = await page.textContent('#stateRate-fault');
    // Also beside a state, where no rate is entered.
    await page.selectOption('#state', 'IL');
    Object.assign(now.tax.outside, { state: 'IL', state_rate: 0.05 });
    await page.fill('#settings', JSON.stringify(now));
    await page.click('text=Use these settings');
    await page.waitForFunction(() =>
      /a rate or a state/.test(document.querySelector('#stateRate-fault').textContent),
    );
    await page.click('#tab-prospect');
    return said;
  });

  await tally.test('going back gives the same opening case again', async () => {
    await page.goto(visit.server.address + fragment([...QUICK, ['seed', 1]]));
    await answered(page, opening);
    await page.goto(visit.server.address + fragment(QUICK));
    check((await settled(page, null).catch(() => '')) !== '', 'not settled');
    await page.waitForFunction(
      (hash) => document.querySelector('[data-fact="Its settings"]')?.textContent === hash,
      opening,
      { timeout: LIMIT },
    );
  });

  await tally.test('a run can be stopped and taken up again', async () => {
    await page.goto(visit.server.address + fragment([...QUICK, ['simulation.paths', 400]]));
    await page.waitForFunction(() =>
      /^\d+ of 400/.test(document.querySelector('.progress-words').textContent),
    );
    const began = performance.now();
    await page.click('.progress >> text=Stop');
    await page.waitForSelector('.progress[data-phase=stopped]');
    const took = performance.now() - began;
    // Waits long enough for further futures, if any were still running. Figures and text must not change.
    const stands = () => page.textContent('.headline');
    const stopped = await stands();
    await page.waitForTimeout(1_500);
    check((await stands()) === stopped, 'the figures change after a stop');
    check(
      (await page.textContent('.progress-words')) === 'Stopped',
      await page.textContent('.progress-words'),
    );
    await page.click('.progress >> text=Go on');
    await page.waitForFunction(() =>
      /^\d+ of 400/.test(document.querySelector('.progress-words').textContent),
    );
    check((await page.$('.progress[data-phase=many]')) !== null, 'it does not go on');
    // Stops also during the search for equal tracking error.
    await page.fill('#takenOut', '70,000');
    await page.waitForSelector('.progress[data-phase=many]');
    await page.fill('#takenOut', '75,000');
    await page.waitForFunction(() => document.querySelector('.progress').dataset.phase === 'many');
    await page.click('.progress >> text=Stop');
    await page.waitForSelector('.progress[data-phase=stopped]');
    return `stopped after ${took.toFixed(0)} ms`;
  });

  await tally.test('a model of the largest stocks runs in real history', async () => {
    await page.goto(visit.server.address + fragment([...QUICK, ['policy.0.subset', 5]]));
    await page.waitForFunction(() => document.querySelector('#subset')?.value === '5');
    await page.click('#tab-research');
    const part = page.getByRole('region', { name: 'Real history' });
    check((await part.textContent()).includes('holds only 5 of the twenty'), 'not announced');
    const began = performance.now();
    await part.getByRole('button', { name: 'Replay it' }).click();
    const columns = await part
      .getByRole('group', { name: 'Measures of this future' })
      .locator('thead')
      .textContent();
    check(/subset|largest/.test(columns), columns);
    await page.goto(visit.server.address + fragment([...QUICK, ['simulation.paths', 400]]));
    await page.click('#tab-prospect');
    await page.click('.progress >> text=Stop');
    await page.waitForSelector('.progress[data-phase=stopped]');
    return `replayed in ${((performance.now() - began) / 1000).toFixed(1)} s`;
  });

  await tally.test('a sweep and a list of futures stop the fan, and its progress says so', async () => {
    await page.click('#tab-research');
    for (const [section, ask] of [
      ['Tax alpha against tracking error', /^Compute/],
      ['Every future', /^List/],
    ]) {
      await page.click('.progress >> text=Go on');
      await page.waitForFunction(() =>
        /^\d+ of 400/.test(document.querySelector('.progress-words').textContent),
      );
      const part = page.getByRole('region', { name: section });
      await part.getByRole('button', { name: ask }).click();
      await page.waitForSelector('.progress[data-phase=stopped]');
      await part.getByRole('button', { name: /^Stop at [1-9]/ }).click();
      await part.getByRole('button', { name: ask }).waitFor();
      check((await part.locator('.fault').textContent()).trim() === '', 'a fault is told');
    }
  });
  await page.context().close();
}
