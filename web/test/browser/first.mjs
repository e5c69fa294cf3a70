// What a visitor sees first, and how soon. Times are only printed, because they depend on the machine.

import { check } from '../tally.mjs';
import { LIMIT } from './visit.mjs';

export async function first(visit, tally) {
  await tally.test('the page opens on a finished case', async () => {
    const began = performance.now();
    const page = await visit.open({ hash: '' });
    await page.waitForSelector('.headline .claim');
    const one = performance.now() - began;
    const claim = await page.textContent('.headline');
    check(/Computing/.test(claim) && !/\$\d/.test(claim), `one future makes a claim: ${claim}`);
    check(/unified managed account/.test(await page.textContent('.lead')), 'no word on what UMA is');
    const frames = page.evaluate(
      () =>
        new Promise((resolve) => {
          let [last, most] = [performance.now(), 0];
          const end = last + 2500;
          const tick = (now) => {
            most = Math.max(most, now - last);
            last = now;
            now < end ? requestAnimationFrame(tick) : resolve(most);
          };
          requestAnimationFrame(tick);
        }),
    );
    await page.focus('#takenOut-slider');
    const slid = performance.now();
    const before = await page.textContent('[data-fact="Its settings"]');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(
      (old) => document.querySelector('[data-fact="Its settings"]').textContent !== old,
      before,
      { timeout: LIMIT },
    );
    const latency = performance.now() - slid;
    const pause = await frames;
    await page.context().close();
    return `first future after ${one.toFixed(0)} ms, slider answered after ${latency.toFixed(0)} ms, longest frame ${pause.toFixed(0)} ms`;
  });

  await tally.test('a fan follows, and the headline says what one manager is worth', async () => {
    const began = performance.now();
    const page = await visit.open();
    await page.waitForSelector('.strip');
    const fan = performance.now() - began;
    await page.waitForFunction(() => document.querySelector('.progress').dataset.phase === 'done');
    const headline = await page.textContent('.headline .claim');
    check(/measurable benefit|Not separable|One manager is worth/.test(headline), headline);
    const line = await page.textContent('.headline .figure-line');
    check(/\$\d.*setup effect against SMA.*mean of 12 futures; 95% interval/.test(line), line);
    check((await page.locator('.three tbody tr').count()) === 3, 'not three kinds of separate managers');
    check(/worst tenth/.test(await page.textContent('.caveat')), 'no worst tenth');
    await page.context().close();
    return `first fan of a small case after ${fan.toFixed(0)} ms, all after ${(performance.now() - began).toFixed(0)} ms; ${headline}`;
  });
}
