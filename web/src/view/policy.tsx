// The policy mix: a slider for each sleeve, or a file of names and weights.

import { useState } from 'preact/hooks';

import { percent } from '../format/number';
import { capital } from '../format/text';
import { faultAt } from '../run/faults';
import { withModel, withWeight } from '../state/policy';
import type { Editing } from './field';
import { OpenFile } from './open-file';

export function Policy({ editing }: { editing: Editing }) {
  const { state, change, faults } = editing;
  const { policy } = state.config;
  const [fault, setFault] = useState('');
  const message = fault || faultAt(faults, 'policy') || '';
  const sum = policy.reduce((all, sleeve) => all + sleeve.weight, 0);
  return (
    <fieldset class="policy">
      <legend>Policy mix</legend>
      <p class="help">
        Moving one moves the others, so that they add up: now {percent(sum, sum === 1 ? 0 : 2)}.
      </p>
      {policy.map((sleeve, i) => (
        <div class="weight" key={i}>
          <label for={`weight-${i}`}>{capital(sleeve.name)}</label>
          <input
            id={`weight-${i}`}
            type="range"
            min="0"
            max="100"
            step="1"
            disabled={policy.length < 2}
            value={sleeve.weight * 100}
            aria-valuetext={percent(sleeve.weight, 0)}
            onInput={(event) => {
              setFault('');
              change({
                ...state,
                config: withWeight(state.config, i, Number(event.currentTarget.value) / 100),
              });
            }}
          />
          <output for={`weight-${i}`}>{percent(sleeve.weight, 0)}</output>
        </div>
      ))}
      <p class="fault" role="alert">
        {message}
      </p>
      <OpenFile
        label="Model from a file"
        accept=".csv,text/csv,text/plain"
        open={(text) => {
          try {
            const config = withModel(state.config, text);
            setFault('');
            change({ ...state, config });
          } catch (error) {
            setFault((error as Error).message);
          }
        }}
        fail={setFault}
      />
      <p class="help">
        Lines of <code>name,weight</code>: sleeves, asset classes or funds.
      </p>
    </fieldset>
  );
}
