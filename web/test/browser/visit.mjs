// Opens the built page in a browser, with the helpers that every test uses.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';

import { FLAGS } from '../chromium.mjs';
import { serve } from '../server.mjs';

export const dist = join(import.meta.dirname, '../../dist');
export const pictures = join(import.meta.dirname, '../../test-results');
export const LIMIT = 90_000;

/** Changes to the opening case that make it fast: few names, two years, few futures. */
export const QUICK = [
  ['simulation.scenario.years', 2],
  ['simulation.scenario.names', 20],
  ['simulation.paths', 12],
];

export const fragment = (changes) =>
  `#v1.${deflateRawSync(typeof changes === 'string' ? changes : JSON.stringify(changes)).toString('base64url')}`;

export class Visit {
  complaints = [];
  strangers = [];

  static async start() {
    if (!existsSync(join(dist, 'index.html'))) {
      console.log('There is no built page: run `cargo xtask build-web` first.');
      process.exit(1);
    }
    mkdirSync(pictures, { recursive: true });
    const visit = new Visit();
    visit.server = await serve(dist);
    visit.browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
    return visit;
  }

  /** Opens a page. `hash` is a fragment or nothing; `address` replaces the server's address. */
  async open({ hash = fragment(QUICK), address = this.server.address, ...options } = {}) {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        this.complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => {
      if (![address, 'blob:', 'data:'].some((start) => request.url().startsWith(start))) {
        this.strangers.push(request.url());
      }
    });
    await page.goto(address + hash);
    return page;
  }

  async end() {
    await this.browser.close();
    this.server.close();
  }
}

export const fact = (page, name) => page.textContent(`[data-fact="${name}"]`);

/**
 * Waits until all futures are done and resolves to the hash of the settings. Given a hash, it waits for other
 * settings.
 */
export async function settled(page, before = null) {
  await page.waitForFunction(
    (old) => {
      const hash = document.querySelector('[data-fact="Its settings"]')?.textContent;
      return hash && hash !== old && document.querySelector('.progress')?.dataset.phase === 'done';
    },
    before,
    { timeout: LIMIT },
  );
  return fact(page, 'Its settings');
}

/** Waits for the single future of other settings. */
export async function answered(page, before) {
  await page.waitForFunction(
    (old) => document.querySelector('[data-fact="Its settings"]')?.textContent !== old,
    before,
    { timeout: LIMIT },
  );
  return fact(page, 'Its settings');
}

/** Opens a topic of the inputs. */
export async function topic(page, name) {
  await page.evaluate((wanted) => {
    for (const one of document.querySelectorAll('.topic')) {
      if (one.querySelector('summary span')?.textContent === wanted) {
        one.open = true;
      }
    }
  }, name);
}

/** The configuration that the page would save. */
export async function config(page) {
  await page.click('#tab-research');
  const text = await page.inputValue('#settings');
  await page.click('#tab-prospect');
  return JSON.parse(text);
}
