// Runs the same futures under other settings: tax alpha against tracking error, and the transition to the
// policy under several gains budgets.

import type { Averages, SimulationSummary } from 'unisleeve';

import { Frontier } from '../charts/frontier';
import { Transition } from '../charts/transition';
import type { Answer, Runner } from '../run/runner';
import type { Config } from '../state/config';
import { set } from '../state/path';
import { useAsked } from './asked';
import type { Editing } from './field';

/** Multiples of the current risk aversion. */
const FACTORS = [0.25, 0.5, 1, 2, 4];
/** Budgets of net gains in dollars a year; null means no limit. */
const BUDGETS = [0, 10_000, 25_000, 50_000, 100_000, null];
/** Futures per point: enough for means of paired figures, few enough to wait for. */
const PATHS = 20;

interface SweepsProps {
  answer: Answer;
  runner: Runner;
  editing: Editing;
}

export function Sweeps({ answer, runner, editing }: SweepsProps) {
  const { config } = answer;
  const choose = (key: string, value: unknown): void =>
    editing.change({ ...editing.state, config: set(editing.state.config, key, value) });
  const aversion = config.trading.risk_aversion;
  const aversions = FACTORS.map((factor) => aversion * factor);
  return (
    <>
      <Sweep
        name="Tax alpha against tracking error"
        help="What each setup earns in tax for straying from the policy: the same futures at a quarter to four times the risk aversion in use."
        configs={aversions.map((x) => set(config, 'trading.risk_aversion', x))}
        answer={answer}
        runner={runner}
      >
        {(found) => {
          const points = (arm: string) =>
            found.map((summary, i) => {
              const average = of(summary, arm);
              return {
                riskAversion: aversions[i] ?? aversion,
                trackingError: average?.tracking_error ?? null,
                taxAlpha: average?.tax_alpha ?? null,
              };
            });
          return (
            <Frontier
              uma={points('uma')}
              sma={points('sma')}
              current={aversion}
              onChoose={(x) => choose('trading.risk_aversion', x)}
            />
          );
        }}
      </Sweep>
      <Sweep
        name="The way from old holdings to the policy"
        help="How fast holdings with large gains give way to the policy, and at what tax, under yearly budgets from no net gains to no limit."
        configs={BUDGETS.map((x) => set(config, 'tax.gains_budget', x ?? undefined))}
        answer={answer}
        runner={runner}
      >
        {(found) => {
          const first = Number(found[0]?.start.slice(0, 4) ?? 0);
          const budgets = found.map((summary, i) => {
            const average = of(summary, 'uma');
            return {
              budget: BUDGETS[i] ?? null,
              trackingError: average?.tracking_error_by_year ?? [],
              taxPaid: average?.taxes_by_year.reduce((sum, x) => sum + x, 0) ?? null,
            };
          });
          return (
            <Transition
              years={(budgets[0]?.trackingError ?? []).map((_, i) => first + i)}
              budgets={budgets}
              chosen={config.tax.gains_budget ?? null}
              onChoose={(x) => choose('tax.gains_budget', x ?? undefined)}
            />
          );
        }}
      </Sweep>
    </>
  );
}

const of = (summary: SimulationSummary, arm: string): Averages | undefined =>
  summary.averages.find((one) => one.arm === arm);

interface SweepProps {
  name: string;
  help: string;
  configs: readonly Config[];
  answer: Answer;
  runner: Runner;
  children: (found: readonly SimulationSummary[]) => preact.JSX.Element;
}

/** One sweep: a button, and the chart of the points computed so far. */
function Sweep({ name, help, configs, answer, runner, children }: SweepProps) {
  const {
    rows: found,
    isRunning,
    fault,
    start,
    stop,
  } = useAsked<SimulationSummary>(answer.config, (signal, add) =>
    runner.eachSetting(configs, PATHS, signal, add),
  );
  return (
    <section class="stack" aria-label={name}>
      <h3 class="part">{name}</h3>
      <p class="help">{help}</p>
      <p class="buttons">
        {isRunning ? (
          <button type="button" onClick={stop}>
            Stop at {found.length} of {configs.length}
          </button>
        ) : (
          <button type="button" onClick={start}>
            Compute {configs.length} settings of {PATHS} futures each
          </button>
        )}
      </p>
      <p class="fault" role="alert">
        {fault}
      </p>
      {found.length > 0 && children(found)}
    </section>
  );
}
