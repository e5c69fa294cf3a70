import { useEffect, useRef, useState } from 'preact/hooks';

import { Charts } from './charts';
import { Engine } from './engine';
import { Fields } from './fields';
import { Figures } from './figures';
import { Headline, sentence } from './headline';
import { type Faults, type Inputs, apply, inputsOf } from './inputs';
import type { Answer } from './messages';
import { Notes } from './notes';
import type { Config } from './summary';

/** How long inputs must rest before the full run. */
const REST = 350;

export function Page() {
  const [defaults, setDefaults] = useState<Config | null>(null);
  const [notes, setNotes] = useState<string[]>([]);
  const [inputs, setInputs] = useState<Inputs | null>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failure, setFailure] = useState('');
  const [step, setStep] = useState('');
  const [spoken, setSpoken] = useState('');
  const engine = useRef<Engine | null>(null);
  const known = useRef<Config | null>(null);
  const rest = useRef(0);

  useEffect(() => {
    const made = new Engine({
      ready(json, sentences) {
        // Every fresh worker says it; the first time is the start.
        if (known.current) {
          return;
        }
        const config = JSON.parse(json) as Config;
        known.current = config;
        setDefaults(config);
        setInputs(inputsOf(config));
        setNotes(sentences);
        made.run({ config: json, full: true });
      },
      step: setStep,
      answer(next) {
        setAnswer(next);
        setFailure('');
        setStep('');
        if (next.full) {
          setSpoken(sentence(next.summary));
        }
      },
      failure(text) {
        setFailure(text);
        setStep('');
      },
    });
    engine.current = made;
    void made.start();
  }, []);

  const wish = (next: Inputs): void => {
    setInputs(next);
    window.clearTimeout(rest.current);
    if (!known.current) {
      return;
    }
    const applied = apply(known.current, next);
    if ('faults' in applied) {
      setFaults(applied.faults);
      setStep('');
      engine.current?.cancel();
      return;
    }
    setFaults({});
    const config = JSON.stringify(applied.config);
    engine.current?.run({ config, full: false });
    rest.current = window.setTimeout(() => engine.current?.run({ config, full: true }), REST);
  };

  const stale = Object.keys(faults).length > 0;
  return (
    <>
      <header>
        <p class="mark">Unisleeve</p>
        <h1>One manager or two: what is left after tax</h1>
        <p class="lead">
          <b>UMA</b>, a unified managed account: one manager runs the whole portfolio. <b>SMA</b>, a separately managed account: a
          specialist runs only the direct index, beside funds that an advisor runs.
        </p>
      </header>
      <main>
        <div class="head" aria-busy={step !== ''}>
          <p class="progress" data-step={step}>
            {step && `Computing: ${step}…`}
          </p>
          <p class="visually-hidden" role="status">
            {spoken}
          </p>
          <div role="alert">
            {failure.split('\n').map((line) => line && <p class="warning" key={line}>{line}</p>)}
            {stale && answer && <p class="warning">These are the figures of the last inputs that could be used.</p>}
          </div>
          {answer ? (
            <Headline answer={answer} />
          ) : (
            <p class="placeholder">{failure ? '' : 'Replaying 17 years of prices in this browser; nothing leaves it.'}</p>
          )}
        </div>
        <div class="inputs">
          {defaults && inputs ? (
            <Fields
              inputs={inputs}
              faults={faults}
              defaults={defaults}
              summary={answer?.summary ?? null}
              change={(changed) => wish({ ...inputs, ...changed })}
              reset={() => wish(inputsOf(defaults))}
            />
          ) : (
            <p class="placeholder">{failure ? '' : 'Loading prices…'}</p>
          )}
        </div>
        {answer && (
          <div class="rest">
            <Charts answer={answer} />
            <Figures answer={answer} />
          </div>
        )}
      </main>
      {answer && <Notes summary={answer.summary} notes={notes} config={answer.summary.config} />}
    </>
  );
}
