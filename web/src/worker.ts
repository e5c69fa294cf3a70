// Runs the core off the page's thread.

import init, { Sample, default_config, sample_notes } from '../pkg/unisleeve_wasm.js';
import type { Answer, Ask, FromWorker, Start, ToWorker } from './messages';
import type { Summary } from './summary';

let sample: Sample | null = null;

function say(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

function sentence(error: unknown): string {
  if (error instanceof WebAssembly.RuntimeError) {
    return `The calculation broke off (${error.message}): other settings may work.`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function start({ module, prices }: Start): Promise<void> {
  await init({ module_or_path: module });
  sample = new Sample(new Uint8Array(prices));
  say({ kind: 'ready', config: default_config(), notes: sample_notes() });
}

function run({ id, config, full }: Ask): void {
  if (!sample) {
    throw new Error('The prices are not there yet.');
  }
  const began = performance.now();
  const result = sample.run(config, full, (step) => say({ kind: 'step', id, step }));
  try {
    const wealth: Record<string, Float64Array> = {};
    for (const name of result.names()) {
      wealth[name] = result.after_tax_wealth(name);
    }
    const days = result.days();
    const summary = JSON.parse(result.summary()) as Summary;
    const answer: Answer = { summary, full, days, wealth, milliseconds: performance.now() - began };
    const transfer = [days.buffer, ...Object.values(wealth).map((curve) => curve.buffer)];
    say({ kind: 'answer', id, answer }, transfer as ArrayBuffer[]);
  } finally {
    result.free();
  }
}

self.addEventListener('message', async ({ data }: MessageEvent<ToWorker>) => {
  const id = data.kind === 'run' ? data.id : null;
  try {
    if (data.kind === 'start') {
      await start(data);
    } else {
      run(data);
    }
  } catch (error) {
    say({ kind: 'failure', id, sentence: sentence(error) });
  }
});
