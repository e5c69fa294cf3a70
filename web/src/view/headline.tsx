// The answer in a sentence, with its spread and its caveat.

import type { Answer, Status } from '../run/runner';
import { type Headline, headlineOf, oneFuture } from './words';

const NAMES = { uma: 'UMA', sma: 'SMA', none: '' } as const;

export const headlineFor = (answer: Answer): Headline =>
  answer.summary ? headlineOf(answer.summary, answer.config.simulation.paths) : oneFuture(answer.study);

export function HeadlineBlock({
  answer,
  big = false,
  label = 'Result',
}: {
  answer: Answer;
  big?: boolean;
  label?: string;
}) {
  const { winner, claim, figure, spread, caveat, source } = headlineFor(answer);
  const ruined = answer.summary?.ruined ?? [0, 0];
  return (
    <section class={`headline ${big ? 'big' : ''}`} aria-label={label}>
      <h2 class="claim">
        {winner !== 'none' && <b class={winner}>{NAMES[winner]} </b>}
        {claim}
      </h2>
      <p class="figure-line">
        <b class={`figure ${figure.startsWith('\u2212') ? 'sma' : 'uma'}`}>{figure}</b> <span>{spread}</span>
      </p>
      {answer.summary && <Strip answer={answer} />}
      <p class="caveat">{caveat}</p>
      {source && <p class="caveat source">{source}</p>}
      {ruined[0] + ruined[1] > 0 && (
        <p class="warning">
          The portfolio ran out of money in {ruined[0]} futures with UMA and {ruined[1]} with SMA.
        </p>
      )}
    </section>
  );
}

/**
 * The spread of the difference on a line: light from the 5th to the 95th percentile, dark for the middle
 * half.
 */
function Strip({ answer }: { answer: Answer }) {
  const all = answer.summary?.gain.percentiles;
  if (!all) {
    return null;
  }
  const low = Math.min(all[0], 0);
  const high = Math.max(all[6], 0);
  const span = high - low || 1;
  const at = (x: number): string => `${2 + ((x - low) / span) * 96}%`;
  const bar = (from: number, to: number) => ({ left: at(from), width: `${((to - from) / span) * 96}%` });
  return (
    <div class="strip" aria-hidden="true">
      <span class="strip-wide" style={bar(all[0], all[6])} />
      <span class="strip-half" style={bar(all[2], all[4])} />
      <span class="strip-median" style={{ left: at(all[3]) }} />
      <span class="strip-zero" style={{ left: at(0) }}>
        <small>equal</small>
      </span>
    </div>
  );
}

/** What is being computed, and a button to stop it. */
export function Progress({
  status,
  cancel,
  again,
}: {
  status: Status;
  cancel: () => void;
  again: () => void;
}) {
  const { phase, done, of } = status;
  const isBusy = phase === 'loading' || phase === 'one' || phase === 'many';
  const words = {
    loading: 'Loading the simulator\u2026',
    one: 'Computing one future\u2026',
    many: done === 0 ? 'Setting both to equal tracking error\u2026' : `${done} of ${of} futures`,
    done: `${of} futures`,
    stopped: 'Stopped',
    failed: 'Not computed',
  }[phase];
  return (
    <div class="progress" data-phase={phase}>
      <span class="bar">
        <span
          class={isBusy && done === 0 ? 'some' : undefined}
          style={{
            width: isBusy && of > 0 && done > 0 ? `${(done / of) * 100}%` : phase === 'done' ? '100%' : '',
          }}
        />
      </span>
      <span class="progress-words">{words}</span>
      {isBusy ? (
        <button type="button" class="quiet" onClick={cancel}>
          Stop
        </button>
      ) : phase === 'stopped' ? (
        <button type="button" class="quiet" onClick={again}>
          Go on
        </button>
      ) : null}
    </div>
  );
}
