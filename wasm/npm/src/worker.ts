// Runs the core off the page's thread: one call at a time, answered in order.

import init, { Sample, Simulator, default_config, presets, sample_notes, what_if_config } from '../pkg/unisleeve_wasm.js';
import type { Result } from '../pkg/unisleeve_wasm.js';
import type { Answer, Call, Calls, Reply, Study, Summary } from './messages.js';

let sample: Sample | null = null;
let simulator: Simulator | null = null;

function prices(): Sample {
  if (!sample) {
    throw new Error('The prices of the embedded history are not there.');
  }
  return sample;
}

function opened(): Simulator {
  if (!simulator) {
    throw new Error('No settings are open.');
  }
  return simulator;
}

/** Figures and curves of a run, whose memory in the core is given back. */
function study(result: Result): Study {
  try {
    const wealth: Record<string, Float64Array> = {};
    for (const name of result.names()) {
      wealth[name] = result.after_tax_wealth(name);
    }
    return { summary: JSON.parse(result.summary()) as Summary, days: result.days(), wealth };
  } finally {
    result.free();
  }
}

const calls: Calls = {
  async start(module, packed) {
    await init({ module_or_path: module });
    sample = packed ? new Sample(new Uint8Array(packed)) : null;
  },
  defaults() {
    const words = presets();
    return {
      whatIf: JSON.parse(what_if_config()),
      history: JSON.parse(default_config()),
      presets: words.flatMap((name, i) => (i % 2 === 0 ? [{ name, about: words[i + 1] ?? '' }] : [])),
      notes: sample_notes(),
    };
  },
  open(config, real) {
    // The new one first: when its settings have faults, the old one stays.
    const next = real ? prices().simulator(config) : new Simulator(config);
    simulator?.free();
    simulator = next;
  },
  match: () => opened().match_tracking_error(),
  setUma: (gamma) => opened().set_uma_risk_aversion(gamma),
  run: (path) => opened().run(path),
  study: (path) => study(opened().study(path)),
  add: (words) => opened().add(words),
  summary: () => JSON.parse(opened().summary()),
  history(config, full) {
    return study(prices().run(config, full, (step) => self.postMessage({ step } satisfies Answer)));
  },
};

/** Typed arrays are handed over, not copied. */
function transferable(result: unknown): Transferable[] {
  if (result instanceof BigInt64Array) {
    return [result.buffer];
  }
  if (typeof result === 'object' && result !== null && 'wealth' in result && 'days' in result) {
    const { days, wealth } = result as Study;
    return [days.buffer, ...Object.values(wealth).map((curve) => curve.buffer)] as Transferable[];
  }
  return [];
}

function sentence(error: unknown): string {
  if (error instanceof WebAssembly.RuntimeError) {
    return `The calculation broke off (${error.message}): other settings may work.`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function answer({ name, args }: Call): Promise<Reply> {
  try {
    const call = calls[name] as (...args: unknown[]) => unknown;
    return { result: await call(...args) };
  } catch (error) {
    // After a trap the memory of this worker is not to be trusted.
    return { sentence: sentence(error), broken: error instanceof WebAssembly.RuntimeError };
  }
}

self.addEventListener('message', async ({ data }: MessageEvent<Call>) => {
  const reply = await answer(data);
  self.postMessage(reply, { transfer: 'result' in reply ? transferable(reply.result) : [] });
});
