// Accessibility checks, and screenshots of every view.

import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';

import { check } from '../tally.mjs';
import { pictures, settled } from './visit.mjs';

const VIEWS = ['prospect', 'compare', 'research'];

export async function looks(visit, tally) {
  for (const scheme of ['light', 'dark']) {
    const page = await visit.open({ colorScheme: scheme, reducedMotion: 'reduce' });
    await settled(page);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) {
        details.open = true;
      }
    });
    await page.fill('#income', 'lots');
    for (const view of VIEWS) {
      await tally.test(`no fault of accessibility: ${view}, ${scheme}`, async () => {
        await page.click(`#tab-${view}`);
        if (view === 'compare') {
          await page.click('text=Keep this case as A');
        }
        const { violations } = await new AxeBuilder({ page }).analyze();
        check(
          violations.length === 0,
          violations
            .map((v) => `${v.id} (${v.nodes.map((node) => node.target.join(' ')).join(', ')})`)
            .join('; '),
        );
      });
    }
    await tally.test(`no fault of accessibility: dialog, ${scheme}`, async () => {
      await page.click('text=Share and save');
      const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
      check(
        violations.length === 0,
        violations
          .map((v) => `${v.id} (${v.nodes.map((node) => node.target.join(' ')).join(', ')})`)
          .join('; '),
      );
    });
    await page.context().close();
  }

  await tally.test('tabs and theme by keyboard', async () => {
    const page = await visit.open();
    await page.focus('#tab-prospect');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('#tab-compare[aria-selected=true]');
    await page.selectOption('[aria-label=Colors]', 'dark');
    // The theme takes effect in the next frame.
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(18, 20, 23)');
    await page.context().close();
  });

  for (const [width, height] of [
    [390, 844],
    [1280, 900],
    [1920, 1080],
  ]) {
    await tally.test(`${width} wide: nothing sticks out`, async () => {
      const page = await visit.open({ viewport: { width, height } });
      await settled(page);
      for (const view of VIEWS) {
        await page.click(`#tab-${view}`);
        if (view === 'compare') {
          await page.click('text=Keep this case as A');
          const before = await page.textContent('[data-fact="Its settings"]');
          await page.fill('#riskAversion', '60');
          await settled(page, before);
          const differs = await page
            .getByRole('group', { name: 'What differs' })
            .locator('tbody')
            .textContent();
          check(differs === 'Tax against tracking error2560trading.risk_aversion', differs);
        }
        for (const scheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme: scheme });
          await page.screenshot({ path: join(pictures, `${view}-${width}-${scheme}.png`), fullPage: true });
        }
        const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
        check(scroll <= width, `${view} is ${scroll} wide`);
      }
      await page.context().close();
    });
  }
}
