// Holdings from brokers' files: valid ones, invalid ones, and the file that the page itself offers.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';

import { check } from '../tally.mjs';
import { answered, config, dist, fact, pictures, settled, topic } from './visit.mjs';

const fixture = (name) => readFileSync(join(import.meta.dirname, '../../../core/import/src/fixtures', name));
const LOTS = fixture('lots.csv').toString();

/** Chooses a file. */
const choose = (page, name, content) =>
  page.setInputFiles('.drop input[type=file]', {
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(content),
  });

const said = (page) => page.textContent('.review [role=status]');

/** Chooses a file and waits for its contents. */
async function review(page, name, content) {
  await choose(page, name, content);
  await page.waitForSelector('.review');
  return said(page);
}

/** The page's message for a refused file. */
async function refused(page, name, content) {
  await choose(page, name, content);
  await page.waitForSelector('#broker-fault .fault');
  const sentence = await page.textContent('#broker-fault');
  check((await page.$('.review')) === null, `${name} is offered`);
  return sentence;
}

/** Imports the contents. Resolves to the configuration. */
async function take(page, button) {
  const before = await fact(page, 'Its settings');
  await page.click(`.review >> text=${button}`);
  await page.waitForSelector('.review', { state: 'detached' });
  await answered(page, before);
  return config(page);
}

export async function brokers(visit, tally) {
  const page = await visit.open();
  const fetched = [];
  page.on('request', (request) => fetched.push(request.url()));
  await settled(page);
  await topic(page, 'Holdings');

  await tally.test('the importers are fetched with the first file, and only then', async () => {
    const count = () => fetched.filter((url) => /import/.test(url)).length;
    check(count() === 0, fetched.join(', '));
    await review(page, 'lots.csv', LOTS);
    check(count() === 2, fetched.join(', '));
    const before = await config(page);
    await page.click('.review >> text=Cancel');
    check((await page.$('.review')) === null, 'it stays after Cancel');
    check(JSON.stringify(await config(page)) === JSON.stringify(before), 'Cancel changes the settings');
  });

  await tally.test('Schwab positions: a day for all, cash, and what is left out', async () => {
    const words = await review(page, 'schwab.csv', fixture('schwab_positions.csv'));
    check(words.includes('Schwab positions: 2 lots in 2 positions, $12,346 of cash.'), words);
    const all = await page.textContent('.review');
    check(all.includes('Left out: bonds (1 row).') && all.includes('no date for 2 lots'), all);
    await page.fill('.review .field input', 'soon');
    await page.click('.review >> text=Replace the holdings');
    check((await page.textContent('.review')).includes('“soon”: expected a day'), 'a bad day is taken');
    await page.fill('.review .field input', '3/2/2019');
    await page.check('.review >> text=Set the cash');
    const { household, lists } = await take(page, 'Replace the holdings');
    const [one, two] = household.lots;
    check(household.lots.length === 2 && household.cash === 12_345.67, JSON.stringify(household));
    check(
      one.symbol === 'S001' && one.basis === 24_000 && one.acquired === '2019-03-02' && two.basis === 5100.25,
      JSON.stringify(household.lots),
    );
    check(lists.QQA[0] === 'S001' && lists['ZED.B'][0] === 'S002', JSON.stringify(lists));
    await settled(page);
  });

  await tally.test(
    'Fidelity positions come beside what is there, without the retirement account',
    async () => {
      const words = await review(page, 'fidelity.csv', fixture('fidelity_positions.csv'));
      check(words.includes('Fidelity positions: 3 lots in 2 positions, $2,500 of cash.'), words);
      check(!(await page.isChecked('.review >> text=X00000002 ROTH IRA')), 'a retirement account has a tick');
      const { household, lists } = await take(page, 'Add to the holdings');
      check(
        household.lots.map(({ symbol }) => symbol).join() === 'S001,S002,S001,S002',
        JSON.stringify(household.lots),
      );
      check(
        household.lots[2].basis === 9000 && Object.keys(lists).length === 2,
        JSON.stringify([household.lots, lists]),
      );
      await settled(page);
    },
  );

  for (const [name, price] of [
    ['flex.xml', '$60'],
    ['flex.csv', '61.50'],
  ]) {
    await tally.test(`IBKR ${name}: dates from the file, prices by hand`, async () => {
      const words = await review(page, name, fixture(name));
      check(words.includes('IBKR Flex statement: 2 lots in 2 positions.'), words);
      await page.click('.review >> text=Replace the holdings');
      check(
        (await page.textContent('.review')).includes('Price of QQA, ZED.B: expected dollars a share'),
        'no price is asked for',
      );
      await page.fill('[aria-label="Price of QQA"]', price);
      await page.uncheck('.review tbody >> text=ZED.B');
      const { household } = await take(page, 'Replace the holdings');
      const [lot] = household.lots;
      // The holding period began before the purchase.
      check(
        household.lots.length === 1 && lot.basis === 2100.1234 && lot.acquired === '2025-01-09',
        JSON.stringify(household.lots),
      );
      await settled(page);
    });
  }

  await tally.test('the sample comes back as it went', async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Sample of lots')]);
    const text = readFileSync(await file.path(), 'utf8');
    check(text === LOTS, text);
    const words = await review(page, file.suggestedFilename(), text);
    check(words.includes('a table of lots: 4 lots in 3 positions, $25,000 of cash.'), words);
    const { violations } = await new AxeBuilder({ page }).include('.drop').analyze();
    check(violations.length === 0, violations.map((v) => v.id).join(', '));
    await page.locator('.drop').screenshot({ path: join(pictures, 'broker-file.png') });
    const { household } = await take(page, 'Replace the holdings');
    const lots = household.lots.map(({ symbol, basis, acquired }) => `${symbol} ${basis} ${acquired}`);
    check(
      lots.join() ===
        'S001 24000 2016-05-02,S001 17500 2026-03-16,S002 31500 2015-09-14,S003 58000 2021-03-08',
      lots.join(),
    );
    const [one, two] = household.lots;
    check(Math.abs(one.quantity / two.quantity - 12) < 0.01, `${one.quantity} and ${two.quantity}`);
    await settled(page);
  });

  await tally.test('bad rows are named with their line, and the others are offered', async () => {
    const rows = [
      'J,QQA,ten,1,2020-01-02,5',
      'J,QQA,1,1,2099-01-02,5',
      'J,<b>,1,1,2020-01-02,5',
      'J,QQA,1,1,13/40/2020,5',
      'J,QQA,1',
    ];
    const words = await review(page, 'mixed.csv', `${LOTS}${rows.join('\n')}\n`);
    check(words.includes('4 lots in 3 positions') && words.includes('5 faults'), words);
    const all = await page.textContent('.review');
    for (const part of [
      'mixed.csv, line 7: quantity: ten: expected a number of shares',
      'mixed.csv, line 8: bought 2099-01-02: expected a day from 1950',
      'mixed.csv, line 9: symbol: <b>: expected a ticker',
      'mixed.csv, line 10: acquired: 13/40/2020: expected a date',
      'mixed.csv, line 11: 3 fields: expected 6',
    ]) {
      check(all.includes(part), `no “${part}” in ${all}`);
    }
    await page.click('.review >> text=Cancel');
  });

  await tally.test('more names than the page takes: the largest have a tick', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `N${i},10,1000,2020-01-02,${1000 + i}`);
    await review(page, 'many.csv', `symbol,quantity,basis,acquired,value\n${rows.join('\n')}\n`);
    check((await page.locator('.review tbody input:checked').count()) === 40, 'not 40');
    check(
      (await page.textContent('.review')).includes('20 positions without a tick stay out'),
      await page.textContent('.review'),
    );
    // This case has 20 names in total.
    await page.click('.review >> text=Replace the holdings');
    await page.waitForSelector('#broker-fault .fault');
    check(
      (await page.textContent('#broker-fault')).includes('40 names: expected at most 20.'),
      await page.textContent('#broker-fault'),
    );
    await page.click('.review >> text=Cancel');
  });

  await tally.test('a file that is none of them gets one sentence', async () => {
    const bad = {
      'empty.csv': ['', 'empty.csv is empty'],
      'picture.png': [
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0xff]),
        'picture.png, line 1: not UTF-8',
      ],
      'book.xlsx': ['PK\x03\x04\0\0', 'book.xlsx holds NUL characters'],
      'page.html': [
        '<!doctype html><html><body>Log in</body></html>',
        'page.html is a web page: expected positions',
      ],
      'wide.csv': [Buffer.from(`\ufeff${LOTS}`, 'utf16le'), 'wide.csv is UTF-16'],
      'latin.csv': [
        Buffer.from('symbol,quantity,basis\nQQA,1,2\nCAFÉ,1,2\n', 'latin1'),
        'latin.csv, line 3: not UTF-8',
      ],
      'sold.csv': [
        fixture('schwab.csv'),
        'sold.csv lists lots that were sold, and none that is held: export Positions',
      ],
      'index.csv': [fixture('ishares.csv'), 'index.csv lists the members of an index'],
      'cut.xml': [fixture('flex.xml').subarray(0, 900), 'cut.xml, line '],
      'text.txt': ['Dear client', 'text.txt is not known'],
      'huge.csv': [Buffer.alloc(4_000_001, 'a'), 'huge.csv has 4,000,001 bytes: expected at most 4,000,000.'],
    };
    for (const [name, [content, part]] of Object.entries(bad)) {
      const sentence = await refused(page, name, content);
      check(sentence.startsWith(part) && sentence.length < 300, `${name}: ${sentence}`);
    }
    const words = await review(page, 'lots.csv', LOTS);
    check(words.includes('4 lots'), 'no good file comes after the bad ones');
    await page.click('.review >> text=Cancel');
    return `${Object.keys(bad).length} kinds`;
  });

  await tally.test('a file can be dropped', async () => {
    const drop = (texts) =>
      page.evaluate((all) => {
        const dataTransfer = new DataTransfer();
        for (const text of all) {
          dataTransfer.items.add(new File([text], 'dropped.csv'));
        }
        document
          .querySelector('.drop')
          .dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      }, texts);
    await drop([LOTS, LOTS]);
    await page.waitForFunction(() =>
      /2 files: expected one/.test(document.querySelector('#broker-fault').textContent),
    );
    await drop([LOTS]);
    await page.waitForSelector('.review');
    check((await said(page)).includes('4 lots'), await said(page));
  });
  await page.context().close();

  await tally.test('the page in one file reads them too', async () => {
    const other = await visit.open({ address: pathToFileURL(join(dist, 'unisleeve.html')).href });
    await settled(other);
    await topic(other, 'Holdings');
    const words = await review(other, 'flex.xml', fixture('flex.xml'));
    check(words.includes('IBKR Flex statement: 2 lots'), words);
    check(
      (await refused(other, 'page.html', '<html></html>')).includes('is a web page'),
      'a web page is taken',
    );
    await other.context().close();
  });
}
