// Links and files that mean harm, or are only broken: a message and a working page.

import { check } from '../tally.mjs';
import { QUICK, fragment, settled } from './visit.mjs';

const LINKS = {
  'cut off': () => fragment(QUICK).slice(0, 30),
  'not base64': () => '#v1.%%%%',
  'of another version': () => '#v9.abc',
  'too long': () => `#v1.${'A'.repeat(5000)}`,
  'that inflates to much': () => fragment(`[["seed","${'0'.repeat(900_000)}"]]`),
  'nested deeply': () => fragment(`[["policy",${'['.repeat(200)}${']'.repeat(200)}]]`),
  'of wrong types': () => fragment([['household.flows', 'many'], ['policy', 7]]),
  'with __proto__': () => fragment('[["__proto__.polluted",1]]'),
  'with __proto__ inside': () => fragment('[["household",{"__proto__":{"polluted":1}}]]'),
  'that is no list': () => fragment('{"a":1}'),
  'without a policy': () => fragment([['policy', []], ...QUICK]),
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
      if (name === 'cut off') {
        await other.waitForSelector('.headline .figure');
      }
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
        await page.waitForFunction(() => /unknown field/.test(document.querySelector('.problems').textContent));
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
