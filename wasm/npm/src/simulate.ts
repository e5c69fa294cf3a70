// One simulation, split among workers. Each worker runs one future at a time. The futures done so far always
// give a valid summary.

import type { SimulationSummary } from '../pkg/unisleeve_wasm.js';
import type { Desk } from './desk.js';
import { all, Failure, stopped } from './failure.js';

export interface Progress {
  done: number;
  of: number;
}

export interface SimulateOptions {
  /** Number of futures to run. Replaces `simulation.paths` of the configuration. */
  paths: number;
  signal?: AbortSignal;
  /** Called after each future. */
  onProgress?: (progress: Progress) => void;
  /**
   * Called with the summary of the futures done so far: after the first 10, then each time the count doubles.
   */
  onSummary?: (summary: SimulationSummary) => void;
}

export interface Run {
  /** Collects the results. */
  sums: Desk;
  /** Run futures. */
  desks: Desk[];
  config: string;
  real: boolean;
  options: SimulateOptions;
  /** Whether the simulation was asked to stop. */
  isOver: () => boolean;
}

/** Rejects with an AbortError when the simulation stops before any future is done. */
export async function simulate(run: Run): Promise<SimulationSummary> {
  const { sums, desks, config, real, isOver } = run;
  const open = [sums, ...desks];
  try {
    goOn(run);
    await all(open.map((desk) => desk.ask('open', config, real)));
    const gamma = await matched(run);
    goOn(run);
    await all(open.map((desk) => desk.ask('setUma', gamma)));
    const done = await futures(run);
    if (done === 0) {
      goOn(run);
    }
  } catch (error) {
    // A failure after the request to stop is part of stopping.
    throw isOver() ? stopped() : error;
  }
  return sums.ask('summary');
}

function goOn({ isOver }: Run): void {
  if (isOver()) {
    throw stopped();
  }
}

/**
 * Finds UMA's risk aversion. The futures of each round are split among the workers. A future stays with its
 * worker, which keeps what the rounds share.
 */
async function matched(run: Run): Promise<number> {
  const { sums, desks } = run;
  let round = await sums.ask('match', null);
  while (typeof round !== 'number') {
    const { arm, risk_aversion, paths } = round;
    const errors = new Float64Array(paths);
    const work = async (desk: Desk, first: number): Promise<void> => {
      for (let path = first; path < paths; path += desks.length) {
        goOn(run);
        errors[path] = await desk.ask('pilot', path, arm, risk_aversion);
      }
    };
    await all(desks.map(work));
    round = await sums.ask('match', errors);
  }
  return round;
}

interface Failed {
  path: number;
  error: unknown;
}

/**
 * Which of two errors is reported. A crash of a worker comes first, because it may cause others. Otherwise
 * the error of the earlier future is reported, whichever came first in time.
 */
function first(now: Failed, before: Failed | null): Failed {
  const isBroken = before?.error instanceof Failure && before.error.broken;
  return before && (isBroken || before.path < now.path) ? before : now;
}

/** Runs the futures, collects them, and returns how many are done. */
async function futures({ sums, desks, options, isOver }: Run): Promise<number> {
  const { paths, onProgress, onSummary } = options;
  let next = 0;
  let done = 0;
  let shown = 0;
  let failed: Failed | null = null;
  const one = async (desk: Desk, path: number): Promise<void> => {
    await sums.ask('add', await desk.ask('run', path));
    done += 1;
    onProgress?.({ done, of: paths });
    if (onSummary && done >= 10 && done >= 2 * shown && done < paths) {
      shown = done;
      const summary = await sums.ask('summary');
      if (!isOver()) {
        onSummary(summary);
      }
    }
  };
  const work = async (desk: Desk): Promise<void> => {
    while (!isOver() && !failed && next < paths) {
      const path = next++;
      try {
        await one(desk, path);
      } catch (error) {
        failed = first({ path, error }, failed);
      }
    }
  };
  await Promise.all(desks.map(work));
  if (failed && !isOver()) {
    throw (failed as Failed).error;
  }
  return done;
}
