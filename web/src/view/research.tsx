// All settings, all measures, every future.

import { useState } from 'preact/hooks';
import type { Config as CoreConfig, Study } from 'unisleeve';

import { Lines } from '../charts/lines';
import { Waterfall } from '../charts/waterfall';
import { dollars } from '../format/money';
import { percent } from '../format/number';
import type { Runner } from '../run/runner';
import { type Config, isDirect } from '../state/config';
import { set } from '../state/path';
import { configOf, jsonOf } from '../state/read';
import { useAsked } from './asked';
import { Closes } from './closes';
import { Details } from './details';
import type { Editing } from './field';
import { meanMechanisms, mechanisms, oneFuture, worthOf } from './figures';
import { HeadlineBlock } from './headline';
import { Grid, Measures } from './measures';
import type { ViewProps } from './prospect';
import { Sweeps } from './sweeps';
import { Trades } from './trades';

interface ResearchProps extends ViewProps {
  editing: Editing;
  runner: Runner;
}

export function Research(props: ResearchProps) {
  return (
    <>
      <HeadlineBlock answer={props.answer} />
      <Details {...props} />
      <Sweeps {...props} />
      <Paths {...props} />
      <Settings editing={props.editing} />
      <Replay {...props} />
    </>
  );
}

interface PathRow {
  path: number;
  uma: number;
  sma: number;
  gain: number;
  teUma: number | null;
  teSma: number | null;
  mechanisms: ReturnType<typeof mechanisms>;
}

/** Every future by itself, computed on request. */
function Paths({ answer, last, runner }: ResearchProps) {
  const gamma =
    (last?.config === answer.config && last.summary?.uma_risk_aversion) ||
    answer.config.trading.risk_aversion;
  const { rows, isRunning, fault, start, stop } = useAsked<PathRow>(answer.config, (signal, add) =>
    runner.eachPath(answer.config, gamma, answer.config.simulation.paths, signal, (path, study) => {
      const { uma, sma } = study.summary.arms;
      add({
        path,
        uma: uma?.wealth_after_liquidation ?? 0,
        sma: sma?.wealth_after_liquidation ?? 0,
        gain: worthOf(uma) - worthOf(sma),
        teUma: uma?.tracking_error_ex_post ?? null,
        teSma: sma?.tracking_error_ex_post ?? null,
        mechanisms: mechanisms(study),
      });
    }),
  );
  return (
    <section class="stack" aria-label="Every future">
      <h3 class="part">Every future</h3>
      <p class="help">
        Both setups in each future, one row each: to see which ones pull the mean up or down.
      </p>
      <p class="buttons">
        {isRunning ? (
          <button type="button" onClick={stop}>
            Stop at {rows.length}
          </button>
        ) : (
          <button type="button" onClick={start}>
            List the futures one by one
          </button>
        )}
      </p>
      <p class="fault" role="alert">
        {fault}
      </p>
      {rows.length > 0 && (
        <Waterfall
          {...meanMechanisms(rows.map((row) => row.mechanisms))}
          title={`Where the difference comes from, mean of ${rows.length === 1 ? 'one future' : `${rows.length} futures`}`}
          caption="From SMA’s mean wealth to UMA’s after tax on everything: what each mechanism of tax adds, and the rest."
        />
      )}
      {rows.length > 0 && (
        <Grid
          title="Futures"
          caption="Wealth after tax on everything at the end. The difference counts what was paid out before, too."
          file="futures"
          columns={['Future', 'UMA', 'SMA', 'UMA less SMA', 'Tracking error, UMA', 'Tracking error, SMA']}
          rows={rows.map(({ path, uma, sma, gain, teUma, teSma }) => [
            String(path),
            dollars(uma),
            dollars(sma),
            dollars(gain),
            percent(teUma, 3),
            percent(teSma, 3),
          ])}
        />
      )}
    </section>
  );
}

/** The whole configuration as text, in the format that the command runs. */
function Settings({ editing }: { editing: Editing }) {
  const { state, load } = editing;
  const settled = JSON.stringify(state.config, null, 2);
  const [draft, setDraft] = useState<string | null>(null);
  const [fault, setFault] = useState('');
  const use = async (): Promise<void> => {
    const text = draft ?? settled;
    setFault('');
    try {
      await load({ ...state, config: configOf(jsonOf(text)) });
      // Keeps what has been typed in the meantime.
      setDraft((now) => (now === text ? null : now));
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  return (
    <section class="stack" aria-label="All settings">
      <h3 class="part">All settings</h3>
      <p class="help" id="settings-help">
        The configuration as JSON; <code>unisleeve simulate</code> runs the same file to the same bits.
      </p>
      <textarea
        id="settings"
        class="code"
        aria-label="Configuration"
        aria-describedby="settings-help settings-fault"
        rows={16}
        spellcheck={false}
        value={draft ?? settled}
        onInput={(event) => setDraft(event.currentTarget.value)}
      />
      <p class="fault" id="settings-fault" role="alert">
        {fault}
      </p>
      <p class="buttons">
        <button type="button" class="primary" disabled={draft === null} onClick={() => void use()}>
          Use these settings
        </button>
        <button type="button" disabled={draft === null} onClick={() => setDraft(null)}>
          Undo
        </button>
      </p>
    </section>
  );
}

/** Tax and trading of the same household over the embedded history. */
function Replay({ answer, runner }: ResearchProps) {
  const model = modelOf(answer.config);
  const [study, setStudy] = useState<Study | null>(null);
  const [step, setStep] = useState('');
  const [fault, setFault] = useState('');
  const run = async (): Promise<void> => {
    setFault('');
    setStep('loading');
    try {
      const config = onHistory(await runner.historyConfig(), answer.config);
      const isFull = modelOf(answer.config) !== null;
      setStudy(await runner.replay(config, isFull, setStep));
    } catch (error) {
      setFault((error as Error).message);
    }
    setStep('');
  };
  return (
    <section class="stack" aria-label="Real history">
      <h3 class="part">Real history, 2000 to 2016</h3>
      <p class="help">
        Twenty real stocks beside an S&amp;P 500 fund and Treasuries, with this household’s taxes, trading and
        fees; its holdings, policy and flows are those of the embedded example.
        {model != null && ` A UMA that holds only ${model} of the twenty stocks runs beside them.`}
      </p>
      <p class="buttons">
        <button type="button" disabled={step !== ''} onClick={() => void run()}>
          {step ? `Replaying: ${step}…` : 'Replay it'}
        </button>
      </p>
      <p class="fault" role="alert">
        {fault}
      </p>
      {study && (
        <>
          <Lines
            title="Wealth after tax that is due, real history"
            caption="By session. UMA and SMA at equal risk aversion."
            file="history"
            xUnit="day"
            unit="money"
            zero
            {...oneFuture(study)}
          />
          <Closes study={study} />
          <Trades study={study} />
          <Measures study={study} summary={null} />
        </>
      )}
    </section>
  );
}

function onHistory(history: CoreConfig, now: Config): CoreConfig {
  const { tax, trading, sma, fees } = now;
  const config = { ...history, tax, trading, ...(sma && { sma }), ...(fees && { fees }) };
  const model = modelOf(now);
  return model === null ? config : set(config, 'policy.0.subset', model);
}

/** Number of stocks in a delivered model in the backtest, whose index has twenty. Null without a model. */
function modelOf({ policy }: Config): number | null {
  const subset = policy.find(isDirect)?.subset;
  return subset == null ? null : Math.min(20, subset);
}
