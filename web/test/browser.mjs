// Operates the built page as a visitor would. `node test/browser.mjs inputs looks` runs only these topics.

import { brokers } from './browser/brokers.mjs';
import { first } from './browser/first.mjs';
import { hostile } from './browser/hostile.mjs';
import { inputs } from './browser/inputs.mjs';
import { looks } from './browser/looks.mjs';
import { offline } from './browser/offline.mjs';
import { looked, takeAway } from './browser/take-away.mjs';
import { trades } from './browser/trades.mjs';
import { dist, Visit } from './browser/visit.mjs';
import { BUDGET, weigh } from './budget.mjs';
import { check, Tally } from './tally.mjs';

const topics = { first, inputs, brokers, takeAway, offline, hostile, trades, looks };
const wanted = process.argv.slice(2);
const visit = await Visit.start();
const tally = new Tally();
const began = performance.now();
for (const [name, topic] of Object.entries(topics)) {
  if (wanted.length === 0 || wanted.includes(name)) {
    try {
      await topic(visit, tally);
    } catch (error) {
      await tally.test(name, () => {
        throw error;
      });
    }
  }
}
await tally.test('the page asks no one else', () =>
  check(visit.strangers.length === 0, visit.strangers.join(', ')),
);
await tally.test('the console is silent', () =>
  check(visit.complaints.length === 0, visit.complaints.join('; ')),
);
await tally.test('the page is light enough', () => {
  const said = ({ page, wasm }) =>
    `scripts and styles ${(page / 1000).toFixed(1)} kB, WebAssembly ${(wasm / 1000).toFixed(1)} kB gzip`;
  const found = weigh(dist);
  const sizes = `${said(found)}, importers ${(found.importers / 1000).toFixed(1)} kB of it all`;
  check(
    found.importers > 0 && Object.entries(BUDGET).every(([name, most]) => found[name] <= most),
    `${sizes}: expected at most ${said(BUDGET)}`,
  );
  return `${sizes}; all topics in ${((performance.now() - began) / 1000).toFixed(0)} s`;
});
await visit.end();
looked();
tally.end();
