// The package's engine in a browser: the same figures as natively with any number of workers, and no run that
// hangs.

import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { FLAGS } from './chromium.mjs';
import { difference } from './difference.mjs';
import { command, onFiles } from './native.mjs';
import { cases, compare } from './random.mjs';
import { serve } from './server.mjs';
import { check, Tally } from './tally.mjs';

const root = join(import.meta.dirname, '../..');
const server = await serve(root);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
const tally = new Tally();
const page = await browser.newPage();
page.setDefaultTimeout(60_000);
const complaints = [];
page.on('pageerror', (error) => complaints.push(error.message));
await page.goto(`${server.address}web/test/engine.html`);
await page.waitForFunction(() => document.title === 'ready');

await page.evaluate(async () => {
  globalThis.engine = await start({ workers: 2 });
  const { whatIf } = await engine.defaults();
  Object.assign(whatIf.simulation.scenario, { names: 30, years: 3 });
  globalThis.small = whatIf;
});
const small = await page.evaluate(() => small);

const PATHS = 24;
await tally.test('figures are the native ones with one, two and three workers', async () => {
  const natively = onFiles([JSON.stringify(small)], ([file]) =>
    command(['simulate', file, '--paths', PATHS, '--json']),
  );
  for (const workers of [1, 2, 3]) {
    const found = await page.evaluate(
      async ([workers, paths]) => {
        const one = await start({ workers });
        const summary = await one.simulate(small, { paths });
        one.stop();
        return summary;
      },
      [workers, PATHS],
    );
    for (const key of Object.keys(found)) {
      const first = difference(natively[key], found[key], key);
      check(first === null, `${workers} workers: ${first}`);
    }
  }
  return `${natively.hash.slice(0, 12)}, risk aversion ${natively.uma_risk_aversion}`;
});

await tally.test('random configurations in the browser, one and two workers', async () => {
  const all = cases();
  const asked = all.map(({ config, path }) => ({ config, path }));
  let said = '';
  for (const count of [1, 2]) {
    const answers = await page.evaluate(
      async ([asked, count]) => {
        const engines = await Promise.all(Array.from({ length: count }, () => start({ workers: 1 })));
        const answer = async ({ config, path }, i) => {
          const { result, message } = await outcome(engines[i % count].study(JSON.parse(config), path));
          return result ? { summary: result.summary } : { failure: message };
        };
        const answers = await Promise.all(asked.map(answer));
        for (const engine of engines) {
          engine.stop();
        }
        return answers;
      },
      [asked, count],
    );
    // The page formats the configuration again, so a fault has another line and column.
    const plain = ({ failure, ...rest }) => (failure ? { failure: failure.replace(/ at line.*/, '') } : rest);
    const events = (i) =>
      page.evaluate(({ config, path }) => new Simulator(config).study(path).events(), asked[i]);
    said = await compare(
      all.map((one) => ({ ...one, ...plain(one), config: one.config })),
      answers.map(plain),
      events,
    );
  }
  return said;
});

await tally.test('progress counts up, and figures come before the end', async () => {
  const { progress, partial } = await page.evaluate(async () => {
    const [progress, partial] = [[], []];
    await engine.simulate(small, {
      paths: 24,
      onProgress: ({ done, of }) => progress.push([done, of]),
      onSummary: ({ paths }) => partial.push(paths),
    });
    return { progress, partial };
  });
  check(
    progress.length === 24 && progress.every(([done, of], i) => done === i + 1 && of === 24),
    progress.join(' '),
  );
  check(partial.length === 2 && partial[0] >= 10 && partial[1] >= 20, partial.join());
  return `figures of ${partial.join(' and ')} futures on the way`;
});

await tally.test(
  'a run that is cancelled answers with what it has, or says that it has nothing',
  async () => {
    const found = await page.evaluate(async () => {
      const cancelled = async (when) => {
        const stop = new AbortController();
        let futures = 0;
        const onProgress = ({ done }) => {
          futures = done;
          done === when && stop.abort();
        };
        const options = { paths: 5_000, signal: stop.signal, onProgress };
        const run = outcome(engine.simulate(small, options));
        when === 0 && stop.abort();
        const { result, error } = await run;
        return { paths: result?.paths, error, futures };
      };
      const before = await outcome(engine.simulate(small, { paths: 5, signal: AbortSignal.abort() }));
      return { before, started: await cancelled(0), running: await cancelled(7) };
    });
    check(found.before.error === 'AbortError', JSON.stringify(found.before));
    // Cancelled before any future came back, whatever the machine's speed.
    check(found.started.error === 'AbortError' && found.started.futures === 0, JSON.stringify(found.started));
    check(found.running.paths >= 7 && found.running.paths <= 9, JSON.stringify(found.running));
    return `${found.running.paths} futures`;
  },
);

await tally.test('a new simulation ends an earlier one, and mixes nothing', async () => {
  const { first, second, third, alone } = await page.evaluate(async () => {
    let begun;
    const under = new Promise((resolve) => (begun = resolve));
    const other = { ...small, seed: 7 };
    const first = outcome(
      engine.simulate(small, { paths: 5_000, onProgress: ({ done }) => done === 5 && begun() }),
    );
    await under;
    const second = outcome(engine.simulate({ ...small, seed: 3 }, { paths: 5_000 }));
    const third = outcome(engine.simulate(other, { paths: 12 }));
    const ends = await Promise.all([first, second, third]);
    const alone = await outcome(engine.simulate(other, { paths: 12 }));
    return { first: ends[0], second: ends[1], third: ends[2], alone };
  });
  check(
    first.result.paths >= 5 && first.result.paths < 100 && first.result.seed === 0,
    JSON.stringify(first).slice(0, 200),
  );
  check(second.error === 'AbortError', JSON.stringify(second).slice(0, 200));
  check(difference(third, alone) === null, `${difference(third, alone)}`);
});

await tally.test('a single future answers while a simulation runs', async () => {
  const { milliseconds, waited, paths, ahead } = await page.evaluate(async () => {
    const stop = new AbortController();
    let [begun, futures] = [undefined, 0];
    const under = new Promise((resolve) => (begun = resolve));
    const onProgress = ({ done }) => {
      futures = done;
      begun();
    };
    const run = engine.simulate(small, { paths: 5_000, signal: stop.signal, onProgress });
    await under;
    const [began, before] = [performance.now(), futures];
    // Settings other than the simulation's.
    const study = await engine.study({ ...small, seed: 9 }, 3, 10);
    const [milliseconds, ahead] = [performance.now() - began, futures - before];
    const waited =
      study.summary.arms.uma.risk_aversion === 10 && study.days.length === study.wealth.uma.length;
    stop.abort();
    return { milliseconds, waited, paths: (await run).paths, ahead };
  });
  // It runs before the thousands of pending futures. Only those already running come first.
  check(
    waited && paths > 0 && paths < 5_000 && ahead < 500,
    `${ahead} futures went ahead of it, ${paths} in all`,
  );
  return `${milliseconds.toFixed(0)} ms`;
});

await tally.test('curves are handed over, not copied', async () => {
  const found = await page.evaluate(async () => {
    const { days, wealth, trades, closes } = await engine.study(small, 0);
    const columns = [...Object.values(trades), ...Object.values(closes)].flatMap((arm) => Object.values(arm));
    const arrays = [days, ...Object.values(wealth), ...columns.flat()];
    // Each array has a buffer of its own, which can be transferred.
    structuredClone(arrays, { transfer: arrays.map((array) => array.buffer) });
    return [
      days instanceof Int32Array,
      wealth.uma instanceof Float64Array,
      trades.uma.day instanceof Int32Array && arrays.length > 40,
      arrays.every((array) => array.length === 0),
    ];
  });
  check(found.every(Boolean), found.join());
});

await tally.test('history: a replay breaks off an earlier one, and tells its steps', async () => {
  const { early, late, steps } = await page.evaluate(async () => {
    const year = { start: '2003-01-02', end: '2003-12-31' };
    const steps = [];
    const early = outcome(engine.history({}, true));
    const late = outcome(engine.history(year, false, (step) => steps.push(step)));
    return { early: await early, late: await late, steps };
  });
  check(early.error === 'AbortError', JSON.stringify(early).slice(0, 200));
  check(
    late.result.summary.arm_order.join() === 'uma,sma_best,sma,sma_typical,shadow',
    JSON.stringify(late).slice(0, 200),
  );
  check(steps.join() === 'risk models,uma,sma_best,sma,sma_typical,shadow', steps.join());
});

await tally.test('faults are sentences, and the engine goes on', async () => {
  const found = await page.evaluate(async () => {
    const bad = [
      () => engine.simulate({ ...small, policy: [] }, { paths: 5 }),
      () => engine.simulate(small, { paths: 0 }),
      () => engine.simulate(small, { paths: NaN }),
      () => engine.simulate(null, { paths: 5 }),
      () => engine.simulate({ ...small, simulation: 5 }, { paths: 5 }),
      () => engine.simulate({ seed: 5n }, { paths: 5 }),
      () => engine.study({ ...small, seed: 2 ** 60 }, 0),
      () => engine.study(small, -1),
      () => engine.study(small, 0, NaN),
      () => engine.history('x', false),
      () => start({ workers: 0 }),
      () => start({ wasm: new ArrayBuffer(8) }),
      () => start({ prices: 'nowhere.bin' }),
    ];
    const ends = [];
    // In sequence, because a new simulation ends an earlier one.
    for (const action of bad) {
      ends.push(await outcome(action()));
    }
    return { ends, after: (await engine.simulate(small, { paths: 2 })).paths };
  });
  const bad = found.ends.filter(
    ({ error, message }) => !error || message.length < 10 || /undefined|\[object/.test(message),
  );
  check(bad.length === 0, JSON.stringify(bad).slice(0, 500));
  check(found.ends[0].message.startsWith('policy: '), found.ends[0].message);
  check(found.after === 2, `${found.after} futures afterwards`);
});

await tally.test(
  'a worker that breaks off ends the run with a sentence, and another one takes over',
  async () => {
    const { run, after } = await page.evaluate(async () => {
      const before = workers.length;
      const broken = await start({ workers: 2 });
      let begun;
      const under = new Promise((resolve) => (begun = resolve));
      const run = outcome(
        broken.simulate(small, { paths: 5_000, onProgress: ({ done }) => done === 3 && begun() }),
      );
      await under;
      // The message of a worker whose core has trapped.
      workers[before + 2].dispatchEvent(
        new MessageEvent('message', { data: { sentence: 'It broke off.', broken: true } }),
      );
      const end = await run;
      const after = await outcome(broken.simulate(small, { paths: 3 }));
      broken.stop();
      return { run: end, after };
    });
    check(
      run.error === 'Failure' && run.broken && run.message === 'It broke off.',
      JSON.stringify(run).slice(0, 300),
    );
    check(after.result?.paths === 3, JSON.stringify(after).slice(0, 300));
  },
);

await tally.test('a worker that cannot start is told', async () => {
  const end = await page.evaluate(() =>
    outcome(start({ workers: 1, makeWorker: () => new Worker('nowhere.js', { type: 'module' }) })),
  );
  check(end.error === 'Failure' && end.message.includes('could not be started'), JSON.stringify(end));
});

await tally.test('an engine that is stopped leaves nothing waiting', async () => {
  const ends = await page.evaluate(async () => {
    const one = await start({ workers: 2 });
    let begun;
    const under = new Promise((resolve) => (begun = resolve));
    const run = outcome(
      one.simulate(small, { paths: 5_000, onProgress: ({ done }) => done === 5 && begun() }),
    );
    await under;
    const waiting = [run, outcome(one.study(small, 0)), outcome(one.history({}, true))];
    one.stop();
    waiting.push(outcome(one.simulate(small, { paths: 5 })), outcome(one.study(small, 0)));
    return Promise.all(waiting);
  });
  check(ends[0].result?.paths >= 5, JSON.stringify(ends[0]).slice(0, 300));
  check(
    ends.slice(1).every(({ error }) => error === 'AbortError'),
    JSON.stringify(ends.slice(1)).slice(0, 300),
  );
});

await tally.test('no error is left over', () => check(complaints.length === 0, complaints.join('; ')));

await browser.close();
server.close();
tally.end();
