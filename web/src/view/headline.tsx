// The answer: the verdict, the setup effect with its interval, and the three comparisons side by side.

import { signedAbout } from '../format/money';
import type { Answer, Status } from '../run/runner';
import { between, isEnough, middleRow, rowsOf, sideOf, VERDICTS } from './difference';
import { habitsOf, setupName } from './setups';
import { headlineFor } from './words';

export function HeadlineBlock({
  answer,
  big = false,
  label = 'Result',
}: {
  answer: Answer;
  big?: boolean;
  label?: string;
}) {
  const { side, claim, figure, spread, caveat } = headlineFor(answer);
  const ruined = answer.summary?.ruined ?? [0, 0];
  return (
    <section class={`headline ${big ? 'big' : ''}`} aria-label={label}>
      <h2 class="claim">{claim}</h2>
      <p class="figure-line">
        {figure && <b class={`figure ${side}`}>{figure}</b>} <span>{spread}</span>
      </p>
      {figure && <Strip answer={answer} />}
      {caveat && <p class="caveat">{caveat}</p>}
      {figure && <Three answer={answer} />}
      {ruined[0] + ruined[1] > 0 && (
        <p class="warning">
          The portfolio ran out of money with UMA in {ruined[0]} of {answer.summary?.paths} futures, with SMA
          in {ruined[1]}.
        </p>
      )}
    </section>
  );
}

/** The setup effect against each kind of separate managers, with equal weight. */
export function Three({ answer: { summary, config } }: { answer: Answer }) {
  if (!summary || !isEnough(summary, config.simulation.paths)) {
    return null;
  }
  return (
    <div class="three">
      <table>
        <thead>
          <tr>
            <th scope="col">UMA against</th>
            <th scope="col">
              Setup effect<small>95% interval</small>
            </th>
            <th scope="col">Idle cash</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(summary, 'liquidated').map((row) => (
            <tr key={row.against}>
              <th scope="row">
                {setupName(row.against, config)}
                <small class="words">{habitsOf(row.against, config)}</small>
              </th>
              <td class={sideOf(row.verdict_code)}>
                {signedAbout(row.setup.mean)}
                <small>{row.setup_interval ? between(row.setup_interval) : '\u2013'}</small>
                <small class="words">{VERDICTS[row.verdict_code]}</small>
              </td>
              <td>{signedAbout(row.cash.mean)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="help">
        From typical to best is better practice, which needs no unified account; from best to UMA is one
        manager. Idle cash stands beside the setup effect: what UMA gains or loses by holding less or more of
        it. In charts, SMA is {setupName('sma', config)}.
      </p>
    </div>
  );
}

/**
 * The spread of the setup effect on a line: light from the 5th to the 95th percentile, dark for the middle
 * half.
 */
function Strip({ answer }: { answer: Answer }) {
  const row = answer.summary ? middleRow(answer.summary) : undefined;
  const all = row?.setup.percentiles;
  if (!row || !all) {
    return null;
  }
  const low = Math.min(all[0], 0);
  const high = Math.max(all[6], 0);
  const span = high - low || 1;
  const at = (x: number): string => `${2 + ((x - low) / span) * 96}%`;
  const bar = (from: number, to: number) => ({ left: at(from), width: `${((to - from) / span) * 96}%` });
  return (
    <div class={`strip ${sideOf(row.verdict_code)}`} aria-hidden="true">
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
    many: done === 0 ? 'Setting up\u2026' : `${done} of ${of} futures`,
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
