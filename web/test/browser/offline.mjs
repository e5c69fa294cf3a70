// A visited page opens again without a network, and a new build replaces the old one.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeOffline } from '../../offline.mjs';
import { serve } from '../server.mjs';
import { check } from '../tally.mjs';
import { dist, fact, LIMIT, settled } from './visit.mjs';

/** Waits until the page is cached. Resolves to the names of the cached files. */
const kept = (page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    return caches.keys();
  });

const reloaded = async (page) => {
  await page.reload();
  await page.waitForSelector('.headline .claim');
};

export async function offline(visit, tally) {
  await tally.test('it opens again without a network, to the same figures', async () => {
    const page = await visit.open();
    const settings = await settled(page);
    const figures = await fact(page, '12 futures');
    const [name] = await kept(page);
    await page.context().setOffline(true);
    const began = performance.now();
    await reloaded(page);
    const first = performance.now() - began;
    check((await settled(page)) === settings, 'other settings');
    check((await fact(page, '12 futures')) === figures, 'other figures');
    // The address without a fragment, as in a bookmark, in a new tab.
    const other = await page.context().newPage();
    await other.goto(visit.server.address);
    await other.waitForSelector('.headline .claim', { timeout: LIMIT });
    await page.context().close();
    return `first future after ${first.toFixed(0)} ms; ${name}`;
  });

  await tally.test('what is kept are the page\u2019s own files, without the importers', async () => {
    const page = await visit.open();
    await kept(page);
    const urls = await page.evaluate(async () => {
      const all = await Promise.all(
        (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
      );
      return all.flat().map(({ url }) => url);
    });
    check(urls.length >= 6 && urls.every((url) => url.startsWith(visit.server.address)), urls.join(', '));
    check(!urls.some((url) => /import|unisleeve\.html/.test(url)), urls.join(', '));
    check(
      !readFileSync(join(dist, 'unisleeve.html'), 'utf8').includes('offline.js'),
      'the page in one file asks for it',
    );
    await page.context().close();
    return `${urls.length} files`;
  });

  await tally.test('a new build is there at once, and takes the old one\u2019s place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unisleeve-'));
    cpSync(dist, folder, { recursive: true });
    const server = await serve(folder);
    try {
      const page = await visit.open({ address: server.address });
      await page.waitForSelector('.headline .claim');
      const [old] = await kept(page);
      const index = join(folder, 'index.html');
      writeFileSync(
        index,
        readFileSync(index, 'utf8').replace(/<title>.*<\/title>/, '<title>A new build</title>'),
      );
      writeOffline(folder);
      await reloaded(page);
      check((await page.title()) === 'A new build', 'the old page came');
      let names = [];
      for (
        const end = performance.now() + LIMIT;
        performance.now() < end && !(names.length === 1 && names[0] !== old);
      ) {
        names = await page.evaluate(() => caches.keys());
      }
      check(names.length === 1 && names[0] !== old, `kept: ${names.join(', ') || 'nothing'}, before ${old}`);
      await page.context().setOffline(true);
      await reloaded(page);
      check((await page.title()) === 'A new build', 'the old page was kept');
      await page.context().close();
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
}
