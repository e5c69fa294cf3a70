// What a state takes of a further gain by its own rules, where the flat rate would be entered.

import { useEffect } from 'preact/hooks';

import { faultAt } from '../run/faults';
import type { Field } from '../state/fields';
import type { Editing } from './field';
import { stateRates, stateRules } from './told';

export function StateTax({ field, editing }: { field: Field; editing: Editing }) {
  const { state, latest, faults, mistype } = editing;
  // Text that was mistyped as a flat rate goes with its field.
  useEffect(() => mistype(field.id, null), []);
  const summary = latest?.tax_inputs.state === state.config.tax.outside.state ? latest : null;
  return (
    <div class="field">
      <div class="field-head">
        <label for="stateTax">{field.label}</label>
        <span class="unit">first year</span>
      </div>
      <output id="stateTax">{summary ? stateRates(summary.tax_inputs) : 'Computing'}</output>
      <p class="fault" id={`${field.id}-fault`} role="alert">
        {faultAt(faults, field.key)}
      </p>
      <p class="help" id="stateTax-help">
        {summary && stateRules(summary.assumptions)}
      </p>
    </div>
  );
}
