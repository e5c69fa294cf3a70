// Malicious or broken links and files: the page shows a message and keeps working.

import { broken, full } from '../broken.mjs';
import { check } from '../tally.mjs';
import { config, fragment, QUICK, settled } from './visit.mjs';

const LINKS = {
  'cut off': () => fragment(QUICK).slice(0, 30),
  'not base64': () => '#v1.%%%%',
  'of another version': () => '#v9.abc',
  'too long': () => `#v1.${'A'.repeat(5000)}`,
  'that inflates to much': () => fragment(`[["seed","${'0'.repeat(900_000)}"]]`),
  'nested deeply': () => fragment(`[["policy",${'['.repeat(200)}${']'.repeat(200)}]]`),
  'of wrong types': () =>
    fragment([
      ['household.flows', 'many'],
      ['policy', 7],
    ]),
  'with __proto__': () => fragment('[["__proto__.polluted",1]]'),
  'with __proto__ inside': () => fragment('[["household",{"__proto__":{"polluted":1}}]]'),
  'that is no list': () => fragment('{"a":1}'),
  'without a policy': () => fragment([['policy', []], ...QUICK]),
  'of a million years': () =>
    fragment([
      ['simulation.scenario.years', 1e6],
      ['simulation.scenario.names', 1e6],
      ['simulation.paths', 1e6],
    ]),
  'with a flow of nothing': () => fragment([['household.flows', [{}]]]),
  'with a flow in the year 9999': () =>
    fragment([['household.flows', [{ amount: 1, every: 'year', from: '9999-01-01' }]]]),
  'with an asset class of nothing': () => fragment([['simulation.scenario.classes', [{}]]]),
  'with an unknown key': () => fragment([['household.pets', 2]]),
  'that reaches beyond a list': () => fragment([['policy.4294967294.weight', 1]]),
};

const FILES = {
  'no JSON': 'hello',
  'a list': '[1,2,3]',
  'nothing in it': '{}',
  'wrong types': '{"household":{"cash":"<script>alert(1)</script>"},"policy":[],"simulation":{}}',
  'an unknown key': null,
};

export async function hostile(visit, tally) {
  const page = await visit.open();
  await settled(page);
  for (const [name, link] of Object.entries(LINKS)) {
    await tally.test(`a link ${name}`, async () => {
      const other = await visit.open({ hash: link() });
      await other.waitForSelector('.warning');
      const message = await other.textContent('.warning');
      check(message.length > 20 && message.length < 400, message);
      check((await other.evaluate(() => ({}).polluted)) === undefined, 'a prototype was reached');
      check(/expected|damaged|version|longer|too much|deeply|field/.test(message), message);
      // Another case is computed, and its inputs still work.
      await other.waitForSelector('.headline .claim');
      await other.fill('#takenOut', '70,000');
      check((await other.inputValue('#takenOut-slider')) === '70000', 'the inputs are dead');
      await other.context().close();
      return message.trim();
    });
  }

  await tally.test('settings that cannot be used', async () => {
    await page.click('#tab-research');
    const good = await page.inputValue('#settings');
    const said = [];
    for (const [name, text] of Object.entries(FILES)) {
      await page.fill('#settings', text ?? good.replace('"seed"', '"sed": 1, "seed"'));
      await page.click('text=Use these settings');
      if (text === null) {
        await page.waitForFunction(() =>
          /unknown field/.test(document.querySelector('.problems').textContent),
        );
      } else {
        const message = await page.textContent('#settings-fault');
        check(message.includes('expected') || message.includes('not JSON'), `${name}: ${message}`);
        said.push(message);
      }
    }
    await page.fill('#settings', good);
    await page.click('text=Use these settings');
    await settled(page);
    return said.join(' | ');
  });

  await tally.test('a file with one thing wrong leaves a message and a working page', async () => {
    const good = await config(page);
    await page.click('#tab-research');
    // A sample of the list that is tested in full without a browser.
    const all = [...broken(full(good))];
    const chosen = all.filter((_, i) => i % 131 === 0);
    let refused = 0;
    for (const { name, config: wrong } of chosen) {
      await page.fill('#settings', JSON.stringify(wrong));
      await page.click('text=Use these settings');
      await page.waitForFunction(
        () =>
          document.querySelector('#settings-fault').textContent.trim() !== '' ||
          document.querySelector('.primary[disabled]'),
      );
      const message = (await page.textContent('#settings-fault')).trim();
      refused += message === '' ? 0 : 1;
      check(message === '' || message.length > 15, `${name}: ${message}`);
      check(await page.isVisible('#takenOut'), `${name}: the page is gone`);
    }
    check(!(await page.textContent('.problems')).includes('back at its opening case'), 'the page fell');
    await page.click('text=Share and save');
    const before = await page.inputValue('#settings');
    await page.setInputFiles('.take input[type=file]', {
      name: 'wrong.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify({ ...good, household: { ...good.household, flows: [{}] } })),
    });
    await page.waitForFunction(() =>
      /missing field `amount`/.test(document.querySelector('.take [role=alert]').textContent),
    );
    await page.click('[aria-label=Close]');
    check((await page.inputValue('#settings')) === before, 'a file that was refused was taken');
    await page.fill('#settings', JSON.stringify(good));
    await page.click('text=Use these settings');
    await settled(page);
    return `${chosen.length} files, ${refused} of them refused`;
  });

  await tally.test('names stay text', async () => {
    const now = JSON.parse(await page.inputValue('#settings'));
    now.lists = { '<img src=x onerror="window.hit=1">': ['S001'] };
    now.policy[0].name = '<script>window.hit=1</script>';
    await page.fill('#settings', JSON.stringify(now));
    await page.click('text=Use these settings');
    await page.waitForFunction(() => document.querySelector('.holdings table').textContent.includes('<img'));
    check((await page.evaluate(() => window.hit)) === undefined, 'a name ran');
  });
  await page.context().close();
}
