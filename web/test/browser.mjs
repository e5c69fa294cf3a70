// Uses the built page as a visitor would.

import { AxeBuilder } from '@axe-core/playwright';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { BUDGET, weigh } from './budget.mjs';
import { FLAGS } from './chromium.mjs';
import { native } from './native.mjs';
import { serve } from './server.mjs';
import { Tally, check } from './tally.mjs';

const here = import.meta.dirname;
const dist = join(here, '../dist');
const pictures = join(here, '../test-results');
const LIMIT = 60_000;

if (!existsSync(join(dist, 'index.html'))) {
  console.log('There is no built page: run `cargo xtask build-web` first.');
  process.exit(1);
}
mkdirSync(pictures, { recursive: true });
const [expected] = native(['{}'], { full: true });
const server = await serve(dist);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
const tally = new Tally();
const complaints = [];
const strangers = [];

async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.address) && !request.url().startsWith('blob:')) {
      strangers.push(request.url());
    }
  });
  await page.goto(server.address);
  return page;
}

/** Waits for a full result; given a hash, for another one than that. */
async function settled(page, before = null) {
  await page.waitForFunction(
    (old) => {
      const hash = document.querySelector('#fact-result')?.textContent;
      const preview = document.querySelector('.badge.preview');
      return hash && hash !== old && !preview && document.querySelector('.progress')?.dataset.step === '';
    },
    before,
    { timeout: LIMIT },
  );
  return page.textContent('#fact-result');
}

const money = (x) => `$${Math.round(Math.abs(x) / 1000) * 1000}`.replace(/\B(?=(\d{3})+$)/g, ',');

let page;
let first;
await tally.test('the page computes its first result by itself', async () => {
  const began = performance.now();
  page = await open();
  first = await settled(page);
  return `${(performance.now() - began).toFixed(0)} ms from opening it`;
});

await tally.test('its figures are the native ones', async () => {
  check(first === expected.result_hash, `result hash ${first}, natively ${expected.result_hash}`);
  check((await page.textContent('#fact-prices')) === expected.data_hash, 'hash of the prices');
  check((await page.textContent('#fact-settings')) === expected.config_hash, 'hash of the settings');
  const figure = await page.textContent('#headline-figure');
  const { value } = expected.headline.wealth_before_liquidation;
  check(figure === money(value), `headline ${figure}, natively ${money(value)}`);
  const headline = await page.textContent('#headline');
  check(headline.startsWith(value < 0 ? 'SMA' : 'UMA'), headline);
  return `${headline}, result ${first.slice(0, 12)}`;
});

await tally.test('every cell of the tables says something', async () => {
  await page.click('.figures summary');
  const cells = await page.$$eval('table th, table td', (all) => all.map((cell) => cell.textContent ?? ''));
  const bad = cells.filter((text) => text.trim() === '' || /NaN|undefined|null|Infinity/.test(text));
  check(cells.length > 150 && bad.length === 0, `${cells.length} cells, of which bad: ${bad.join('; ')}`);
  await page.click('.figures summary');
  return `${cells.length} cells`;
});

await tally.test('the withdrawal slider changes the result', async () => {
  const began = performance.now();
  await page.focus('#withdrawal');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((old) => document.querySelector('#fact-result')?.textContent !== old, first);
  const quick = performance.now() - began;
  check(await page.isVisible('.badge.preview'), 'the first answer should be a preview');
  const now = await settled(page, first);
  return `preview after ${quick.toFixed(0)} ms, full result after ${(performance.now() - began).toFixed(0)} ms, ${now.slice(0, 12)}`;
});

await tally.test('the page answers while it computes', async () => {
  await page.focus('#withdrawal');
  const longest = page.evaluate(
    () =>
      new Promise((resolve) => {
        let [last, most] = [performance.now(), 0];
        const end = last + 2500;
        const tick = (now) => {
          most = Math.max(most, now - last);
          last = now;
          if (now < end) {
            requestAnimationFrame(tick);
          } else {
            resolve(most);
          }
        };
        requestAnimationFrame(tick);
      }),
  );
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press(i < 4 ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForTimeout(60);
  }
  const pause = await longest;
  check(pause < 500, `a frame took ${pause.toFixed(0)} ms`);
  await settled(page);
  return `longest frame ${pause.toFixed(0)} ms`;
});

await tally.test('going back gives the same result again', async () => {
  await page.click('text=Back to defaults');
  await page.waitForFunction((hash) => document.querySelector('#fact-result')?.textContent === hash, first);
  await settled(page);
});

await tally.test('bad input gets a message, and the page goes on', async () => {
  for (const [typed, field] of [['lots', '#income'], ['-5', '#income'], ['', '#income'], ['93', '#stateRate']]) {
    await page.fill(field, typed);
    const message = (await page.textContent(`${field}-fault`)).trim();
    check(message.includes('expected'), `${field} given “${typed}”: “${message}”`);
    check((await page.getAttribute(field, 'aria-invalid')) === 'true', `${field} is not marked`);
    await page.fill(field, '0');
    check((await page.textContent(`${field}-fault`)).trim() === '', 'the message stays');
  }
  await page.fill('#income', '250,000');
  await page.fill('#stateRate', '9.3');
  await page.waitForTimeout(100);
  await settled(page, first);
  const help = await page.textContent('#income-help');
  check(/\d+\.\d% short-term/.test(help.replace(/\s+/g, ' ')), help);
  return help.match(/margin.*long-term/)?.[0].replace(/\s+/g, ' ');
});

await tally.test('the figures can be saved', async () => {
  await page.click('.figures summary');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Download figures (CSV)')]);
  const text = readFileSync(await file.path(), 'utf8');
  check(text.startsWith('figure,unit,uma,sma,funds,shadow,uma_equal_gamma\r\n'), text.slice(0, 80));
  await page.click('.figures summary');
  return `${file.suggestedFilename()}, ${text.length} bytes`;
});
await page.context().close();

for (const scheme of ['light', 'dark']) {
  await tally.test(`no fault of accessibility, ${scheme}`, async () => {
    const shown = await open({ colorScheme: scheme, reducedMotion: 'reduce' });
    await settled(shown);
    await shown.click('.figures summary');
    await shown.fill('#income', 'lots');
    const { violations } = await new AxeBuilder({ page: shown }).analyze();
    const found = violations.map((v) => `${v.id} (${v.nodes.map((node) => node.target.join(' ')).join(', ')})`);
    await shown.context().close();
    check(found.length === 0, found.join('; '));
  });
}

for (const [width, height] of [
  [390, 844],
  [1280, 900],
  [1920, 1080],
]) {
  for (const scheme of ['light', 'dark']) {
    await tally.test(`${width} wide, ${scheme}: nothing sticks out`, async () => {
      const shown = await open({ viewport: { width, height }, colorScheme: scheme });
      await settled(shown);
      const scroll = await shown.evaluate(() => document.documentElement.scrollWidth);
      await shown.screenshot({ path: join(pictures, `${width}-${scheme}.png`), fullPage: true });
      if (width === 1280 && scheme === 'light') {
        await shown.click('.figures summary');
        await shown.fill('#income', 'lots');
        await shown.screenshot({ path: join(pictures, 'details.png'), fullPage: true });
      }
      await shown.context().close();
      check(scroll <= width, `the page is ${scroll} wide`);
    });
  }
}

await tally.test('the page asks no one else', () => check(strangers.length === 0, strangers.join(', ')));
await tally.test('the console is silent', () => check(complaints.length === 0, complaints.join('; ')));
await tally.test('the page is light enough', () => {
  const { page: scripts, wasm } = weigh(dist);
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const sizes = `scripts and styles ${kilobytes(scripts)}, WebAssembly ${kilobytes(wasm)} gzip`;
  check(scripts <= BUDGET.page && wasm <= BUDGET.wasm, `${sizes}: expected ${kilobytes(BUDGET.page)} and ${kilobytes(BUDGET.wasm)}`);
  return sizes;
});

await browser.close();
server.close();
tally.end();
