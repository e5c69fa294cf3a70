// Links, files, printing, the single-file page, and offline use.

import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { serving, simulated } from '../native.mjs';
import { check } from '../tally.mjs';
import { answered, config, dist, fact, pictures, settled, topic } from './visit.mjs';

const GOOD =
  'symbol,shares,price,basis,date\nNVDA,1200,180,24000,2016-05-02\n"Smith & Sons, ""A""",10,90,500,3/8/2021\n';

export async function takeAway(visit, tally) {
  const page = await visit.open();
  await settled(page);

  await tally.test('holdings come in, and bad rows are named', async () => {
    await topic(page, 'Holdings');
    await page.fill(
      '#holdings-text',
      'NVDA,1000\n,5,x,2015-01-01\nKO,1000,500,2099-01-01\n<img src=x onerror=alert(1)>,-1,1,1/1/2015',
    );
    await page.click('text=Use these holdings');
    const faults = await page.textContent('#holdings-faults');
    for (const wanted of ['Row 1: basis', 'Row 2: symbol', 'Row 3: date: 2099-01-01', 'Row 4: value']) {
      check(faults.includes(wanted), `no “${wanted}” in ${faults}`);
    }
    const before = await fact(page, 'Its settings');
    await page.fill('#holdings-text', GOOD);
    await page.click('text=Use these holdings');
    await answered(page, before);
    check(
      (await page.textContent('.holdings table')).includes('Smith & Sons, "A" as S002'),
      await page.textContent('.holdings table'),
    );
    const { household, lists } = await config(page);
    check(
      household.lots.length === 2 && household.lots[1].acquired === '2021-03-08' && lists.NVDA[0] === 'S001',
      JSON.stringify(household.lots),
    );
    await settled(page);
    return `NVDA as ${household.lots[0].quantity} shares of S001`;
  });

  await tally.test('a link brings the same case, without holdings unless asked for', async () => {
    await topic(page, 'Household');
    await page.fill('#age', '45');
    await topic(page, 'Gifts');
    await page.click('text=+ Gift');
    await page.fill('#takenOut', '90,000');
    const hash = await settled(page, await fact(page, 'Its settings'));
    await page.click('text=Share and save');
    await page.waitForFunction(() => document.querySelector('#link').value.includes('#v1.'));
    const bare = await page.inputValue('#link');
    await page.check('.take .check input');
    await page.waitForFunction((old) => document.querySelector('#link').value !== old, bare);
    const full = await page.inputValue('#link');
    await page.click('[aria-label=Close]');
    check(bare.split('#')[1].length <= 2000 && full.split('#')[1].length <= 2000, 'too long');
    const open = async (link) => {
      const other = await visit.open({ hash: `#${link.split('#')[1]}` });
      const found = await settled(other);
      const text = JSON.stringify(await config(other));
      const age = await other.inputValue('#age');
      await other.context().close();
      return { found, text, age };
    };
    const same = await open(full);
    check(same.found === hash, 'another configuration came');
    check(same.age === '45' && /"gifts":\[\{"amount":10000/.test(same.text), `age ${same.age}, or no gift`);
    const without = await open(bare);
    check(!without.text.includes('NVDA') && without.text.includes('-90000'), 'holdings are in the link');
    return `${bare.split('#')[1].length} and ${full.split('#')[1].length} characters`;
  });

  await tally.test('what is saved runs natively to the same figures', async () => {
    await page.click('text=Share and save');
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Save settings')]);
    await page.click('[aria-label=Close]');
    const text = readFileSync(await file.path(), 'utf8');
    const expected = simulated(text);
    check(expected.config_hash === (await fact(page, 'Settings')), 'hash of the settings');
    check(
      expected.hash === (await fact(page, '12 futures')),
      `figures ${await fact(page, '12 futures')}, natively ${expected.hash}`,
    );
    const saved = join(pictures, 'settings.json');
    writeFileSync(saved, text.replace('"seed": 0', '"seed": 3'));
    const before = await fact(page, 'Its settings');
    await page.click('text=Share and save');
    await page.setInputFiles('.take input[type=file]', saved);
    await answered(page, before);
    check((await config(page)).seed === 3, 'the file was not taken');
    return expected.hash.slice(0, 12);
  });

  await tally.test('every table can be saved', async () => {
    await settled(page);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.click('[aria-label^="CSV: What may be left"]'),
    ]);
    const text = readFileSync(await file.path(), 'utf8');
    check(text.split('\r\n').length === 4, text);
    return file.suggestedFilename();
  });

  for (const [name, pages] of [
    ['proposal', 2],
    ['instructions', 1],
  ]) {
    await tally.test(`the ${name} is printed on ${pages === 1 ? 'one page' : 'two pages'}`, async () => {
      if (name === 'instructions') {
        await topic(page, 'Policy and index');
        await page.fill('#exclude', 'nvda, S009, MO');
        await page.fill('#exclude_sectors', 'Energy, Tobacco');
        await page.waitForFunction(() =>
          /^Tobacco: nothing/.test(document.querySelector('#exclude_sectors-fault').textContent.trim()),
        );
      }
      await page.evaluate(() => {
        window.print = () => document.body.classList.add('printed');
      });
      await page.click('text=Share and save');
      await page.click(`text=Print ${name === 'proposal' ? 'the proposal' : 'instructions'}`);
      await page.click('[aria-label=Close]');
      await page.waitForSelector('.printed');
      if (name === 'instructions') {
        const fact = (title) =>
          page.$$eval(
            '.instructions .facts div',
            (all, wanted) =>
              all.find((one) => one.querySelector('dt').textContent === wanted)?.querySelector('dd')
                .textContent,
            title,
          );
        const text = await page.textContent('.instructions');
        check(!/\bS\d{3}\b/.test(text), `made-up stocks: ${text}`);
        check(text.includes('NVDA') && text.includes('1 restriction on made-up stocks'), text);
        check(
          (await fact('Not to hold')) === 'NVDA' && (await fact('Sectors not to hold')) === 'Energy',
          text,
        );
        check(/Asked for, not applied.*Not to holdMO.*Sectors not to holdTobacco/.test(text), text);
      }
      const path = join(pictures, `${name}.pdf`);
      await page.pdf({ path, preferCSSPageSize: true });
      await page.evaluate(() => {
        document.body.classList.remove('printed');
        window.dispatchEvent(new Event('afterprint'));
      });
      const found = (readFileSync(path, 'latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
      check(found === pages, `${found} pages`);
    });
  }

  await tally.test('it works without a network once it is loaded', async () => {
    await page.context().setOffline(true);
    const before = await fact(page, 'Its settings');
    await page.fill('#takenOut', '65,000');
    const hash = await settled(page, before);
    await page.context().setOffline(false);
    return hash.slice(0, 12);
  });
  const expected = await fact(page, '12 futures');
  const settings = JSON.stringify(await config(page));
  await page.context().close();

  await tally.test('the page in one file runs from a disk to the same figures', async () => {
    const file = join(dist, 'unisleeve.html');
    const other = await visit.open({ address: pathToFileURL(file).href });
    await settled(other);
    await other.click('#tab-research');
    await other.fill('#settings', settings);
    await other.click('text=Use these settings');
    await other.waitForFunction(
      (hash) => document.querySelector('[data-fact="12 futures"]')?.textContent === hash,
      expected,
    );
    await other.context().close();
    return `${(statSync(file).size / 1e6).toFixed(2)} MB`;
  });

  await tally.test('the command serves the same page', async () => {
    const here = await visit.open();
    await settled(here);
    const wanted = await fact(here, '12 futures');
    await here.context().close();
    const { address, stop } = await serving();
    try {
      const other = await visit.open({ address });
      await settled(other);
      const hash = await fact(other, '12 futures');
      await other.context().close();
      check(hash === wanted, `figures ${hash} where the files give ${wanted}`);
      return hash.slice(0, 12);
    } finally {
      stop();
    }
  });
}

export function looked() {
  // Screenshots of the printed pages, for review in test-results.
  for (const name of ['proposal', 'instructions']) {
    try {
      execFileSync('pdftoppm', ['-r', '60', '-png', join(pictures, `${name}.pdf`), join(pictures, name)], {
        stdio: 'ignore',
      });
    } catch {
      return;
    }
  }
}
