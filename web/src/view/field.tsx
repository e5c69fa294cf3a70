// One input: label, unit, a line of help, the origin of its default, and its fault.

import { useEffect, useState } from 'preact/hooks';
import type { Study, Unmatched } from 'unisleeve';

import { type Faults, faultAt } from '../run/faults';
import { type Field, fieldValue, type State, shown, typed } from '../state/fields';

export interface Editing {
  state: State;
  /** Faults that the core reported. */
  faults: Faults;
  /** Faults of typed text, by field. */
  typos: ReadonlyMap<string, string>;
  change: (state: State) => void;
  /** Applies settings from outside. Rejects with a sentence when they can't be used. */
  load: (state: State) => Promise<void>;
  mistype: (id: string, fault: string | null) => void;
  /** Names in restrictions that match nothing in the market of the latest figures. */
  unmatched: readonly Unmatched[];
  /** Summary of the latest single future. */
  latest: Study['summary'] | null;
}

/** A field's id is also the element id of its control. */
export function Input({ field, editing }: { field: Field; editing: Editing }) {
  const { state, faults, typos, change, mistype } = editing;
  const settled = shown(field, fieldValue(field, state));
  // Typed text stays as typed until the field loses focus, then it is reformatted.
  const [draft, setDraft] = useState<string | null>(null);
  const fault = typos.get(field.id) ?? faultAt(faults, field.key);
  useEffect(() => {
    if (draft !== null && !typos.has(field.id) && document.activeElement?.id !== field.id) {
      setDraft(null);
    }
  }, [settled]);

  const enter = (text: string): void => {
    setDraft(text);
    const result = typed(field, state, text);
    if ('fault' in result) {
      mistype(field.id, result.fault);
    } else {
      mistype(field.id, null);
      change(result.state);
    }
  };
  const leave = (): void => {
    if (!typos.has(field.id)) {
      setDraft(null);
    }
  };
  const described = {
    'aria-describedby': `${field.id}-fault ${field.id}-help`,
    'aria-invalid': fault !== undefined,
  };

  return (
    <div class="field">
      <div class="field-head">
        <label for={field.id}>{field.label}</label>
        {field.unit && <span class="unit">{field.unit}</span>}
      </div>
      {field.kind === 'choice' ? (
        <select
          id={field.id}
          {...described}
          value={settled}
          onChange={(event) => enter(event.currentTarget.value)}
        >
          {field.options?.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      ) : (
        <div class={field.slider ? 'with-slider' : undefined}>
          {field.slider && <Slider field={field} state={state} enter={enter} leave={leave} />}
          <input
            id={field.id}
            {...described}
            type="text"
            inputMode={field.kind === 'date' ? 'text' : 'decimal'}
            autocomplete="off"
            maxLength={24}
            placeholder={field.empty}
            value={draft ?? settled}
            onInput={(event) => enter(event.currentTarget.value)}
            onBlur={leave}
          />
        </div>
      )}
      {/* Always there, so that screen readers hear it change. */}
      <p class="fault" id={`${field.id}-fault`} role="alert">
        {fault}
      </p>
      <p class="help" id={`${field.id}-help`}>
        {field.help} <span class="origin">{field.origin}</span>
      </p>
    </div>
  );
}

interface SliderProps {
  field: Field;
  state: State;
  enter: (text: string) => void;
  leave: () => void;
}

function Slider({ field, state, enter, leave }: SliderProps) {
  const value = fieldValue(field, state);
  const scale = field.kind === 'percent' ? 100 : 1;
  return (
    <input
      type="range"
      id={`${field.id}-slider`}
      aria-label={field.label}
      aria-valuetext={`${shown(field, value)} ${field.unit}`}
      min={field.min}
      max={field.max}
      step={field.step}
      value={typeof value === 'number' ? value * scale : 0}
      onInput={(event) => {
        enter(event.currentTarget.value);
        leave();
      }}
    />
  );
}
