// Builds the gallery of charts, takes screenshots and operates the charts as a visitor would. Run it as
// `node test/charts.mjs`. With names of components it only takes their screenshots:
// `node test/charts.mjs Flows`.

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { build } from 'vite';

import { FLAGS } from './chromium.mjs';
import { serve } from './server.mjs';
import { check, Tally } from './tally.mjs';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'test-results/gallery');
const pictures = join(root, 'test-results/charts');
const only = process.argv.slice(2);

mkdirSync(pictures, { recursive: true });
await build({
  root,
  logLevel: 'warn',
  build: { outDir: dist, emptyOutDir: true, rollupOptions: { input: join(root, 'test/charts.html') } },
});
const server = await serve(dist);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
const tally = new Tally();
const complaints = [];

async function open(options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${server.address}test/charts.html`);
  await page.waitForSelector('#Flows svg');
  return page;
}

// With names given, only the two most different combinations of width and theme.
const few = only.length > 0;
for (const width of few ? [390, 1280] : [320, 390, 1280, 1920]) {
  for (const colorScheme of few ? [width === 390 ? 'dark' : 'light'] : ['light', 'dark']) {
    await tally.test(`${width} wide, ${colorScheme}: nothing sticks out`, async () => {
      const page = await open({ viewport: { width, height: 900 }, colorScheme });
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
      for (const section of await page.$$('section')) {
        const name = await section.getAttribute('id');
        if (only.length === 0 || only.includes(name)) {
          await section.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`) });
        }
      }
      // Text beyond the edge of its drawing would be cut off or cover its neighbor.
      const cut = await page.$$eval('svg[role=img]', (all) =>
        all.flatMap((svg) => {
          const box = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')]
            .filter((text) => {
              const { left, right, top, bottom, width } = text.getBoundingClientRect();
              return (
                width > 0 &&
                (left < box.left - 2 || right > box.right + 2 || top < box.top - 3 || bottom > box.bottom + 3)
              );
            })
            .map(
              (text) =>
                `${svg.closest('figure')?.querySelector('.c-title')?.textContent}: “${text.textContent}”`,
            );
        }),
      );
      await page.context().close();
      check(scroll <= width, `the page is ${scroll} wide`);
      check(cut.length === 0, cut.join('; '));
    });
  }
}

for (const colorScheme of ['light', 'dark']) {
  await tally.test(`no fault of accessibility, ${colorScheme}`, async () => {
    const page = await open({ colorScheme, reducedMotion: 'reduce' });
    // One table of each kind. All of them would be many thousand similar cells.
    for (const summary of await page.$$('section > div > figure:first-child summary')) {
      await summary.click();
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    await page.context().close();
    check(
      violations.length === 0,
      violations
        .map(
          (v) =>
            `${v.id} (${v.nodes
              .map((n) => n.target.join(' '))
              .slice(0, 4)
              .join(', ')})`,
        )
        .join('; '),
    );
  });
}

const page = await open();
await tally.test('the fan is read by keyboard', async () => {
  const slider = page.locator('#WealthFan .c-scrub').first();
  await slider.focus();
  const before = await slider.getAttribute('aria-valuetext');
  await page.keyboard.press('ArrowLeft');
  const after = await slider.getAttribute('aria-valuetext');
  check(before?.startsWith('2056') && after?.startsWith('2055, age 87'), `${before} then ${after}`);
  await page.locator('#WealthFan .c-choice').first().getByLabel('Both').check();
  await page.locator('#WealthFan .c-choice').nth(1).getByLabel('Half').check();
  await slider.hover({ position: { x: 400, y: 200 } });
  await page
    .locator('#WealthFan figure')
    .first()
    .screenshot({ path: join(pictures, 'fan-read.png') });
  return after;
});

await tally.test('a bar of the histogram hands over its paths', async () => {
  await page.locator('#DifferenceHistogram .c-column[tabindex="0"]').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const told = await page.textContent('#DifferenceHistogram .told');
  check(/: \d+, \d+/.test(told ?? ''), told);
  return told;
});

await tally.test('a point of the frontier is chosen by keys and by pointer', async () => {
  const chosen = () =>
    page.$eval('#Frontier .c-points input:checked', (input) => input.getAttribute('aria-label'));
  await page.locator('#Frontier .c-points input:checked').first().focus();
  await page.keyboard.press('ArrowRight');
  check((await chosen())?.startsWith('20:'), await chosen());
  await page.locator('#Frontier rect.c-open').first().scrollIntoViewIfNeeded();
  const dot = await page.locator('#Frontier rect.c-open').first().boundingBox();
  await page.mouse.click(dot.x + dot.width / 2, dot.y + dot.height / 2);
  check((await chosen())?.startsWith('2:'), await chosen());
});

await tally.test('a budget is chosen by its row and by its line', async () => {
  const chosen = () => page.$eval('#Transition label.c-chosen .c-budget-name', (name) => name.textContent);
  await page.locator('#Transition .c-budgets input').nth(3).check();
  check((await chosen()) === '$50k', await chosen());
  const box = await page.locator('#Transition svg').first().boundingBox();
  const end = await page.locator('#Transition .c-way', { hasText: 'None' }).first().boundingBox();
  await page.mouse.click(box.x + box.width / 2, end.y + end.height / 2);
  check((await chosen()) === 'None', await chosen());
});

await tally.test('flows change by keys, by dragging and by typing', async () => {
  const told = async () => JSON.parse((await page.textContent('#Flows .told')).replace('Flows told: ', ''));
  const grip = page.locator('#Flows .c-grip.amount').first();
  await grip.focus();
  await page.keyboard.press('ArrowUp');
  check((await told())[0].amount === 2_100, JSON.stringify(await told()));
  await page.locator('#Flows .c-svg').first().scrollIntoViewIfNeeded();
  const box = await page.locator('#Flows .c-grip.to').first().boundingBox();
  await page.mouse.move(box.x + 10, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + 130, box.y + 12, { steps: 8 });
  await page.mouse.up();
  const longer = (await told())[0].to;
  check(longer > 2033, `ends in ${longer}`);
  const top = await page.locator('#Flows .c-grip.amount').nth(1).boundingBox();
  await page.mouse.move(top.x + 12, top.y + 8);
  await page.mouse.down();
  await page.mouse.move(top.x + 12, top.y - 30, { steps: 8 });
  await page.mouse.up();
  const less = (await told())[1].amount;
  check(less > -96_000 && less < 0, `amount ${less}`);
  await page.locator('#Flows [aria-label="Flow 1: dollars"]').first().fill('3500');
  await page.keyboard.press('Tab');
  check((await told())[0].amount === 3_500, JSON.stringify(await told()));
  return `${longer}, ${less}`;
});

await tally.test('numbers can be saved', async () => {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('#Endings .c-save').first().click(),
  ]);
  const text = readFileSync(await file.path(), 'utf8');
  check(text.startsWith('Ending,"UMA, 5th"'), text.slice(0, 80));
  return file.suggestedFilename();
});
await tally.test('no cell and no label is undefined', async () => {
  for (const summary of await page.$$('.c-numbers summary')) {
    await summary.click();
  }
  const texts = await page.$$eval('td, th, text, .c-readout, [aria-label], [aria-valuetext]', (all) =>
    all.flatMap((one) => [
      one.textContent ?? '',
      one.getAttribute('aria-label') ?? '',
      one.getAttribute('aria-valuetext') ?? '',
    ]),
  );
  const bad = texts.filter((text) => /NaN|undefined|null|Infinity/.test(text));
  check(bad.length === 0, bad.join('; '));
  const attributes = await page.$$eval('svg *', (all) =>
    all
      .flatMap((one) => [...one.attributes].map((a) => a.value))
      .filter((value) => /NaN|undefined|Infinity/.test(value)),
  );
  check(attributes.length === 0, `attributes: ${attributes.slice(0, 5).join('; ')}`);
  return `${texts.length} texts`;
});

await page.context().close();

await tally.test('it prints', async () => {
  const paper = await open();
  const drawn = await paper.$$eval('svg[role=img]', (all) => all.length);
  const pdf = await paper.pdf({ path: join(pictures, 'print.pdf'), format: 'Letter' });
  const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
  check(pages > 1, `${pages} pages for ${drawn} drawings`);
  await paper.emulateMedia({ media: 'print' });
  // In print every drawing is present and has a size.
  const sizes = await paper.$$eval('svg[role=img]', (all) =>
    all.map((svg) => svg.getBoundingClientRect()).map(({ width, height }) => width * height),
  );
  check(
    drawn > 0 && sizes.length === drawn && sizes.every((size) => size > 0),
    `${sizes.filter((size) => size > 0).length} of ${drawn} drawings`,
  );
  await paper.locator('#Transition').screenshot({ path: join(pictures, 'print.png') });
  await paper.context().close();
  return `${pages} pages`;
});

await tally.test('the console is silent', () =>
  check(complaints.length === 0, [...new Set(complaints)].join('; ')),
);
const assets = join(dist, 'assets');
for (const name of readdirSync(assets)) {
  console.log(
    `      ${name}: ${(gzipSync(readFileSync(join(assets, name)), { level: 9 }).length / 1000).toFixed(1)} kB gzip`,
  );
}
await browser.close();
server.close();
tally.end();
