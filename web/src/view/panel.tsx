// All inputs: a few always visible, the others grouped by topic.

import type { ComponentChildren } from 'preact';

import type { Runner } from '../run/runner';
import { FIELDS, fieldsOf, type Group } from '../state/fields';
import { type Editing, Input } from './field';
import { Flows } from './flows';
import { Gifts } from './gifts';
import { Holdings } from './holdings';
import { Policy } from './policy';
import { Accounts, Restrictions } from './restrictions';
import { StateTax } from './state-tax';

interface PanelProps {
  editing: Editing;
  runner: Runner;
  reset: () => void;
}

/** Always visible. */
const FIRST = ['takenOut', 'retirement', 'income', 'riskAversion'];

function Fields({ group, editing }: { group: Group; editing: Editing }) {
  return (
    <>
      {fieldsOf(group)
        .filter(({ id }) => !FIRST.includes(id))
        .map((field) =>
          field.id === 'stateRate' && editing.state.config.tax.outside.state ? (
            <StateTax key="stateTax" field={field} editing={editing} />
          ) : (
            <Input key={field.id} field={field} editing={editing} />
          ),
        )}
    </>
  );
}

function Topic({ name, about, children }: { name: string; about: string; children: ComponentChildren }) {
  return (
    <details class="topic">
      <summary>
        <span>{name}</span> <small>{about}</small>
      </summary>
      <div class="topic-body">{children}</div>
    </details>
  );
}

export function Panel({ editing, runner, reset }: PanelProps) {
  const lots = editing.state.config.household.lots?.length ?? 0;
  const gifts = editing.state.config.household.gifts?.length ?? 0;
  return (
    <form class="panel" aria-label="Inputs" onSubmit={(event) => event.preventDefault()}>
      <div class="panel-head">
        <h2>What if</h2>
        <button type="button" class="quiet" onClick={reset}>
          Back to the opening case
        </button>
      </div>
      {FIRST.flatMap((id) => FIELDS.filter((field) => field.id === id)).map((field) => (
        <Input key={field.id} field={field} editing={editing} />
      ))}
      <div class="topics">
        <Topic name="Household" about="wealth, ages, years">
          <Fields group="plan" editing={editing} />
          <Accounts editing={editing} />
        </Topic>
        <Topic
          name="Holdings"
          about={lots === 0 ? 'none come along' : lots === 1 ? '1 comes along' : `${lots} come along`}
        >
          <Holdings editing={editing} runner={runner} />
        </Topic>
        <Topic name="Cash in and out" about="timeline">
          <Flows editing={editing} />
        </Topic>
        <Topic name="Gifts" about={gifts === 0 ? 'of shares, charity' : `${gifts} planned`}>
          <Gifts editing={editing} />
          <Fields group="gifts" editing={editing} />
        </Topic>
        <Topic name="Taxes" about="status, state, other gains">
          <Fields group="tax" editing={editing} />
        </Topic>
        <Topic name="Policy and index" about="mix, names, limits">
          <Policy editing={editing} />
          <Fields group="direct" editing={editing} />
          <Restrictions editing={editing} />
        </Topic>
        <Topic name="Trading and fees" about="cadence, costs">
          <Fields group="trading" editing={editing} />
          <Fields group="fees" editing={editing} />
        </Topic>
        <Topic name="Market" about="scenario, returns, seed">
          <Fields group="market" editing={editing} />
        </Topic>
      </div>
    </form>
  );
}
