// Reasons for trades, and the charts of tracking error and drift.

import { readFileSync } from 'node:fs';

import { check } from '../tally.mjs';
import { settled } from './visit.mjs';

const PANEL = '.why >> nth=0';

/** The table under a heading: its header and rows as text. */
const table = (page, title) =>
  page.evaluate((wanted) => {
    const figure = [...document.querySelectorAll('figure.grid')].find((one) =>
      one.querySelector('.c-title')?.textContent.startsWith(wanted),
    );
    const cells = (row) => [...row.children].map((cell) => cell.textContent);
    return (
      figure && {
        head: cells(figure.querySelector('thead tr')),
        rows: [...figure.querySelectorAll('tbody tr')].map(cells),
      }
    );
  }, title);

const day = (page) => page.textContent(`${PANEL} >> .c-reading-head`);
const dollars = (text) => Number(text.replace('\u2212', '-').replace(/[$,]/g, ''));

async function saved(page, label) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(label)]);
  return readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
}

export async function trades(visit, tally) {
  const page = await visit.open();
  await settled(page);
  await page.click('#tab-research');

  await tally.test('a day’s orders say what was done and why, and add up to the day', async () => {
    for (const [arm, name] of [
      ['UMA', 'UMA'],
      ['SMA', 'SMA'],
      ['Shadow', 'Shadow'],
    ]) {
      await page.click(`${PANEL} >> .c-choice label:has-text("${arm}") >> nth=-1`);
      const { head, rows } = await table(page, `Orders of ${name}`);
      const sums = (await table(page, 'The day in sum')).rows;
      check(
        rows.length > 0 && sums[0][1] === String(rows.filter((row) => row[1] !== 'No order').length),
        `${arm}: ${sums[0]} of ${rows.length}`,
      );
      for (const [line, side] of [
        [1, 'Sold'],
        [2, 'Bought'],
      ]) {
        const sum = rows.filter((row) => row[1] === side).reduce((all, row) => all + dollars(row[2]), 0);
        check(
          Math.abs(sum - dollars(sums[line][1])) <= rows.length,
          `${arm}, ${side}: ${sum} and ${sums[line][1]}`,
        );
      }
      const why = head.indexOf('Why');
      check(
        rows.every((row) => /^[A-Z][a-z -]+[:.]/.test(row[why])),
        rows.map((row) => row[why]).find((text) => !/^[A-Z][a-z -]+[:.]/.test(text)),
      );
    }
    await page.click(`${PANEL} >> .c-choice label:has-text("UMA") >> nth=1`);
    const { rows } = await table(page, 'Orders of UMA');
    const harvested = rows.filter((row) => row[3].startsWith('Tax saved: sold at a loss'));
    check(
      harvested.length > 0 &&
        harvested.every((row) => row[1] === 'Sold' && `${row[4]}${row[5]}${row[3]}`.match(/\u2212|washed/)),
      'no loss on the day with most losses',
    );
    return `${await day(page)}: ${rows.length} orders of UMA, ${harvested.length} for tax`;
  });

  await tally.test(
    'arrow keys go from day to day, buttons too, and the day stays when the arm changes',
    async () => {
      const slider = `${PANEL} >> input[type=range]`;
      await page.focus(slider);
      await page.keyboard.press('Home');
      const first = await day(page);
      check(
        await page.isDisabled('[aria-label="Earlier day of trading"] >> nth=0'),
        'there is a day before the first',
      );
      await page.keyboard.press('ArrowRight');
      const second = await day(page);
      check(second > first, `${first}, ${second}`);
      await page.click('[aria-label="Later day of trading"] >> nth=0');
      const third = await day(page);
      check(third > second, `${second}, ${third}`);
      check(
        (await page.getAttribute(slider, 'aria-valuetext')).startsWith(third),
        'the slider says another day',
      );
      await page.click(`${PANEL} >> .c-choice label:has-text("UMA and SMA")`);
      check((await day(page)) === third, `${await day(page)} instead of ${third}`);
      await page.focus(slider);
      await page.keyboard.press('End');
      check(
        await page.isDisabled('[aria-label="Later day of trading"] >> nth=0'),
        'there is a day after the last',
      );
      return `${first}, ${second}, ${third}`;
    },
  );

  await tally.test('UMA and SMA stand side by side, the largest differences first', async () => {
    const { rows } = await table(page, 'What each did');
    const apart = rows.map((row) =>
      Math.abs(
        (dollars(row[1].replace(/^–$/, '0').replace('+', '').replace('k', 'e3').replace('m', 'e6')) || 0) -
          (dollars(row[2].replace(/^–$/, '0').replace('+', '').replace('k', 'e3').replace('m', 'e6')) || 0),
      ),
    );
    check(
      apart.every((x, i) => i === 0 || x <= apart[i - 1] * 1.02 + 200),
      apart.join(),
    );
    const said = await page.textContent(`${PANEL} >> .why-both`);
    check(said.startsWith(rows.length === 1 ? 'One security' : `${rows.length} securities`), said);
    return said;
  });

  await tally.test('orders can be saved, of a day and of all days', async () => {
    const one = await saved(page, `${PANEL} >> [aria-label="CSV: What each did"]`);
    const all = await saved(page, `${PANEL} >> text=CSV of all days`);
    const days = new Set(all.slice(1).map((row) => row[0]));
    check(
      all[0].join().startsWith('Date,Arm,Account,Security,Side,Shares,Dollars') && days.size > 5,
      all[0].join(),
    );
    const wanted = one[1][0];
    check(
      JSON.stringify(one.slice(1)) === JSON.stringify([...all.filter((row) => row[0] === wanted)]),
      'the day is not the same in both',
    );
    return `${all.length - 1} orders of ${days.size} days`;
  });

  await tally.test('tracking error and drift are drawn by session', async () => {
    const rows = await saved(page, '[aria-label="CSV: Tracking error over time"]');
    check(
      rows[0].join() === 'Date,UMA,SMA,Shadow' &&
        rows.length > 20 &&
        rows.slice(1).every((row) => row.slice(1).every((x) => x > 0 && x < 0.2)),
      rows[1].join(),
    );
    const classes = await page.$$eval('.pair select >> nth=0', (selects) =>
      [...selects[0].options].map(({ value }) => value),
    );
    const last = [];
    for (const one of classes) {
      await page.selectOption('.pair select >> nth=0', one);
      const drift = await saved(page, '[aria-label="CSV: Drift over time"]');
      check(
        drift.length === rows.length &&
          drift.slice(1).every((row) => row.slice(1).every((x) => Math.abs(x) < 0.3)),
        `${one}: ${drift[1]}`,
      );
      last.push(Number(drift.at(-1)[1]));
    }
    check(classes.length > 1, classes.join());
    const years = await saved(page, '[aria-label="CSV: Tracking error by year"]');
    check(years.length === 3 && years[0][0] === 'Year', years.join('; '));
    return `${classes.join(', ')}: UMA ends ${last.map((x) => `${(x * 100).toFixed(2)}%`).join(', ')}`;
  });

  await tally.test('the mean of the futures’ steps leads from SMA to UMA', async () => {
    await page.click('text=List the futures one by one');
    await page.waitForSelector('.c-title:has-text("mean of 12 futures")');
    const label = await page.getAttribute('section[aria-label="Every future"] .c-falls', 'aria-label');
    const steps = await saved(page, '[aria-label^="CSV: Where the difference comes from, mean"]');
    const [sma, uma] = [Number(steps[1][2]), Number(steps.at(-1)[2])];
    const sum = steps.slice(2, -1).reduce((all, row) => all + Number(row[1]), 0);
    check(Math.abs(uma - sma - sum) < 0.01, `${sma} + ${sum} is not ${uma}`);
    return label.slice(0, 60);
  });
  await page.context().close();
}
