// The page: one state, one runner, three views of the answer.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import { type Faults, faultsOf, NONE, sentence } from './run/faults';
import { keep } from './run/parts';
import { type Answer, Runner, type Status } from './run/runner';
import { AGE, openingCase } from './state/case';
import type { State } from './state/fields';
import { stateOf } from './state/link';
import { Instructions, Proposal } from './take/sheets';
import { Take } from './take/take';
import { Compare } from './view/compare';
import type { Editing } from './view/field';
import { Progress } from './view/headline';
import { Notes } from './view/notes';
import { Panel } from './view/panel';
import { Prospect } from './view/prospect';
import { Research } from './view/research';
import { Tabs, type View } from './view/tabs';
import { Theme } from './view/theme';
import { fullHeadline, headlineFor } from './view/words';

const opening = (): State => ({ config: openingCase(), age: AGE });

const hasLink = (): boolean => /^#v\d/.test(location.hash);

/** A sentence without its full stop, shortened for one warning. */
const brief = (text: string): string =>
  text.length > 300 ? `${text.slice(0, 300)}\u2026` : text.replace(/\.$/, '');

/** `told` is the message after a restart. */
export function Page({ told = '' }: { told?: string }) {
  const [state, setState] = useState<State>(opening);
  const [status, setStatus] = useState<Status>({ phase: 'loading', done: 0, of: 0, faults: NONE });
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [last, setLast] = useState<Answer | null>(null);
  const [pinned, setPinned] = useState<Answer | null>(null);
  const [typos, setTypos] = useState<ReadonlyMap<string, string>>(new Map());
  const [view, setView] = useState<View>('prospect');
  const [sheet, setSheet] = useState<'proposal' | 'instructions' | null>(null);
  const [problem, setProblem] = useState(told);
  // The core's faults for settings that were refused.
  const [refused, setRefused] = useState<Faults>(NONE);
  const [isReading, setReading] = useState(hasLink);
  const [spoken, setSpoken] = useState('');
  // Remounts uncontrolled fields when the whole state changes at once.
  const [edition, setEdition] = useState(0);
  const newest = useRef(state);
  const latest = useRef(0);

  const runner = useMemo(
    () =>
      new Runner({
        status: setStatus,
        answer(next) {
          setAnswer(next);
          if (next.summary) {
            setLast(next);
          }
          if (next.isWhole) {
            setSpoken(fullHeadline(headlineFor(next)));
          }
        },
      }),
    [],
  );

  const change = (next: State): void => {
    newest.current = next;
    setState(next);
    setRefused(NONE);
    runner.want(next.config);
  };
  const replace = (next: State): void => {
    setTypos(new Map());
    setEdition((n) => n + 1);
    setProblem('');
    change(next);
  };

  /**
   * Applies settings from outside after the core has checked them. Nothing is drawn or run before that.
   * Rejects with a sentence. If several calls overlap, the last one wins.
   */
  const load = async (next: State): Promise<void> => {
    const turn = ++latest.current;
    try {
      await runner.check(next.config);
    } catch (error) {
      const message = sentence(error);
      if (turn === latest.current) {
        setRefused(faultsOf((error as Error).message));
      }
      throw new Error(message);
    }
    if (turn === latest.current) {
      replace(next);
    }
  };

  const swap = (): void => {
    if (pinned && answer) {
      setPinned(answer);
      replace({ ...state, config: pinned.config });
    }
  };

  useEffect(() => {
    const follow = async (otherwise: string): Promise<void> => {
      setReading(true);
      try {
        const linked = await stateOf(location.hash);
        if (linked) {
          await load(linked);
        } else if (newest.current === state) {
          runner.want(newest.current.config);
        }
      } catch (error) {
        setRefused(NONE);
        setProblem(`The link cannot be used: ${brief((error as Error).message)}. ${otherwise}`);
        runner.want(newest.current.config);
      }
      setReading(false);
    };
    void follow('The page shows its opening case.');
    const changed = (): void => {
      if (hasLink()) {
        void follow('The page stays as it was.');
      }
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);

  const hasAnswer = answer !== null;
  useEffect(() => {
    // Not while the first figures are pending.
    if (hasAnswer) {
      keep();
    }
  }, [hasAnswer]);

  useEffect(() => {
    if (!sheet) {
      return;
    }
    const done = (): void => setSheet(null);
    addEventListener('afterprint', done);
    // Charts measure their column before they draw.
    const timer = setTimeout(() => window.print(), 150);
    return () => {
      clearTimeout(timer);
      removeEventListener('afterprint', done);
    };
  }, [sheet]);

  const isRefused = refused !== NONE;
  const faults = isRefused ? refused : status.faults;
  const editing: Editing = {
    state,
    faults,
    typos,
    change,
    load,
    unmatched: answer?.study.summary.unmatched_restrictions ?? [],
    latest: answer?.study.summary ?? null,
    mistype(id, fault) {
      if ((typos.get(id) ?? null) !== fault) {
        const next = new Map(typos);
        if (fault === null) {
          next.delete(id);
        } else {
          next.set(id, fault);
        }
        setTypos(next);
      }
    },
  };

  const isStale = (status.phase === 'failed' || typos.size > 0 || isRefused) && answer !== null;
  const unplaced = [...faults.others, ...[...faults.byKey].map(([key, message]) => `${key}: ${message}`)];
  const props = answer && { answer, last, age: state.age };
  return (
    <>
      <div class="screen">
        <header>
          <div class="top">
            <p class="mark">Unisleeve</p>
            <Tabs view={view} choose={setView} />
            <div class="tools">
              <Take state={state} load={load} print={setSheet} canPrint={Boolean(answer?.summary)} />
              <Theme />
            </div>
          </div>
          <div class="lead">
            <h1>What one manager is worth, after tax</h1>
            <p>
              <b class="uma">UMA</b>, a unified managed account: one manager runs the whole portfolio.{' '}
              <b class="sma">SMA</b>, a separately managed account: a specialist runs only the direct index,
              beside funds that an advisor runs. Three kinds of SMA are compared: best, diligent, typical.
            </p>
          </div>
        </header>
        <main>
          <div class="inputs" id="inputs" inert={isReading}>
            <Panel key={edition} editing={editing} runner={runner} reset={() => replace(opening())} />
          </div>
          <div class="results" id="view" role="tabpanel" aria-labelledby={`tab-${view}`}>
            <Progress
              status={status}
              cancel={() => runner.cancel()}
              again={() => runner.want(state.config)}
            />
            <a class="to-inputs" href="#inputs">
              Change what is assumed
            </a>
            <p class="visually-hidden" role="status">
              {spoken}
            </p>
            <div class="problems" role="alert">
              {[problem, ...unplaced].filter(Boolean).map((line) => (
                <p class="warning" key={line}>
                  {line}
                </p>
              ))}
              {isStale && (
                <p class="warning">The figures are those of the last settings that could be used.</p>
              )}
            </div>
            {!props ? (
              <p class="placeholder">
                {status.phase === 'failed'
                  ? ''
                  : 'A couple of 57 with $2m, some $360,000 of it in a former employer’s stock, needs $80,000 a year from 62 on. Both futures are being computed, in this browser.'}
              </p>
            ) : view === 'prospect' ? (
              <Prospect {...props} />
            ) : view === 'compare' ? (
              <Compare a={pinned} b={props.answer} pin={() => setPinned(answer)} swap={swap} />
            ) : (
              <Research {...props} editing={editing} runner={runner} />
            )}
          </div>
        </main>
        {answer && <Notes answer={answer} />}
      </div>
      {sheet === 'proposal' && answer && <Proposal state={state} answer={answer} />}
      {sheet === 'instructions' && answer && <Instructions state={state} answer={answer} />}
    </>
  );
}
