// Runs the core outside the page's thread. Calls run one at a time and are answered in order.

import type { Result, Trades } from '../pkg/unisleeve_wasm.js';
import init, {
  default_config,
  presets,
  Sample,
  Simulator,
  sample_notes,
  what_if_config,
} from '../pkg/unisleeve_wasm.js';
import type { Answer, Call, Calls, Reply, Study } from './messages.js';

let packed: ArrayBuffer | null = null;
let sample: Sample | null = null;
let simulator: Simulator | null = null;

/** Unpacked on first use, because most workers never need them. */
function prices(): Sample {
  if (!packed) {
    throw new Error('The prices of the embedded history are not there.');
  }
  sample ??= new Sample(new Uint8Array(packed));
  return sample;
}

function made(config: string, real: boolean): Simulator {
  return real ? prices().simulator(config) : new Simulator(config);
}

function opened(): Simulator {
  if (!simulator) {
    throw new Error('No settings are open.');
  }
  return simulator;
}

/** Figures, curves and trades of a run. Frees the run's memory in the core. */
function study(result: Result): Study {
  try {
    const names = result.names();
    const byArm = <T>(of: (arm: string) => T): Record<string, T> =>
      Object.fromEntries(names.map((arm) => [arm, of(arm)]));
    return {
      summary: result.summary(),
      days: result.days(),
      wealth: byArm((arm) => result.after_tax_wealth(arm)),
      causes: result.causes(),
      symbols: result.symbols(),
      trades: byArm((arm) => result.trades(arm)),
      closes: byArm((arm) => result.closes(arm)),
    };
  } finally {
    result.free();
  }
}

const calls: Calls = {
  async start(module, bytes) {
    await init({ module_or_path: module });
    packed = bytes;
  },
  defaults() {
    const words = presets();
    return {
      whatIf: what_if_config(),
      history: default_config(),
      presets: words.flatMap((name, i) => (i % 2 === 0 ? [{ name, about: words[i + 1] ?? '' }] : [])),
      notes: sample_notes(),
    };
  },
  check(config, real) {
    made(config, real).free();
  },
  study(config, real, path, gamma) {
    const one = made(config, real);
    try {
      if (gamma !== null) {
        one.set_uma_risk_aversion(gamma);
      }
      return study(one.study(path));
    } finally {
      one.free();
    }
  },
  history(config, full) {
    return study(prices().run(config, full, (step) => self.postMessage({ step } satisfies Answer)));
  },
  open(config, real) {
    simulator?.free();
    simulator = null;
    simulator = made(config, real);
  },
  match(errors) {
    if (errors) {
      opened().take(errors);
    }
    return opened().round() ?? opened().uma_risk_aversion();
  },
  pilot: (path, arm, gamma) => opened().tracking_error(path, arm, gamma),
  setUma: (gamma) => opened().set_uma_risk_aversion(gamma),
  run: (path) => opened().run(path),
  add: (words) => opened().add(words),
  summary: () => opened().summary(),
};

/** Typed arrays are transferred, not copied. */
function transferable(result: unknown): Transferable[] {
  if (result instanceof BigInt64Array) {
    return [result.buffer as ArrayBuffer];
  }
  if (typeof result === 'object' && result !== null && 'wealth' in result) {
    const { days, wealth, trades, closes } = result as Study;
    const columns = Object.values(trades).flatMap((arm) => Object.values(arm) as Trades[keyof Trades][]);
    const drifts = Object.values(closes).flatMap(({ tracking_error, drift }) => [tracking_error, ...drift]);
    return [days, ...Object.values(wealth), ...columns, ...drifts].map(({ buffer }) => buffer as ArrayBuffer);
  }
  return [];
}

/** Messages of the engine when memory or stack run out. The worker can't be trusted afterwards. */
function isBroken(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isBroken(error) ? `The calculation broke off (${message}): other settings may work.` : message;
}

async function answer({ name, args }: Call): Promise<Reply> {
  try {
    const call = calls[name] as (...args: unknown[]) => unknown;
    return { result: await call(...args) };
  } catch (error) {
    return { sentence: sentence(error), broken: isBroken(error) };
  }
}

let last: Promise<void> = Promise.resolve();
self.addEventListener('message', ({ data }: MessageEvent<Call>) => {
  // The first call takes longer than the others, which must not overtake it.
  last = last.then(async () => {
    const reply = await answer(data);
    self.postMessage(reply, { transfer: 'result' in reply ? transferable(reply.result) : [] });
  });
});
