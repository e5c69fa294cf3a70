// Distance from the policy at each close of a run: tracking error, and drift of an asset class.

import { useState } from 'preact/hooks';
import type { Study } from 'unisleeve';

import { Lines } from '../charts/lines';
import { closes } from './figures';

export function Closes({ study }: { study: Study }) {
  const classes = (study.summary.arms.uma?.drift ?? []).map(({ asset_class }) => asset_class);
  const [wanted, want] = useState(classes[0]);
  // Other settings may have other asset classes.
  const chosen = Math.max(0, classes.indexOf(wanted ?? ''));
  const controls = (
    <label class="c-pick">
      Asset class{' '}
      <select value={classes[chosen]} onChange={(event) => want(event.currentTarget.value)}>
        {classes.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="pair">
      <Lines
        title="Tracking error over time"
        caption="Expected against the policy mix at each close, a year."
        file="tracking-error"
        xUnit="day"
        unit="rate"
        zero
        {...closes(study, ({ tracking_error }) => tracking_error)}
      />
      <Lines
        title="Drift over time"
        caption="How far above or below its policy weight the asset class was left at each close."
        file={`drift-${(classes[chosen] ?? 'class').replace(/\W+/g, '-')}`}
        xUnit="day"
        unit="rate"
        zero
        controls={controls}
        {...closes(study, ({ drift }) => drift[chosen])}
      />
    </div>
  );
}
