// The inputs: each with its unit, a line of help, where its default comes from, and what is wrong with it.

import type { ComponentChildren } from 'preact';

import { count, dollars, percent } from './format';
import { type Faults, type Inputs, RISK_AVERSIONS, WITHDRAWAL, withdrawalOf } from './inputs';
import type { Config, Summary } from './summary';

interface Props {
  inputs: Inputs;
  faults: Faults;
  defaults: Config;
  summary: Summary | null;
  change: (changed: Partial<Inputs>) => void;
  reset: () => void;
}

interface FieldProps {
  id: keyof Inputs;
  label: string;
  unit: string;
  fault: string | undefined;
  help: ComponentChildren;
  origin: string;
  children: ComponentChildren;
}

function Field({ id, label, unit, fault, help, origin, children }: FieldProps) {
  return (
    <div class="field">
      <div class="field-name">
        <label for={id}>{label}</label>
        <span class="unit">{unit}</span>
      </div>
      {children}
      {/* Always there, so that screen readers hear it change. */}
      <p class="fault" id={`${id}-fault`} role="alert">
        {fault}
      </p>
      <p class="help" id={`${id}-help`}>
        {help} <span class="origin">{origin}</span>
      </p>
    </div>
  );
}

export function Fields({ inputs, faults, defaults, summary, change, reset }: Props) {
  const described = (id: keyof Inputs) => ({
    id,
    'aria-describedby': `${id}-fault ${id}-help`,
    'aria-invalid': faults[id] ? true : false,
  });
  const text = (id: keyof Inputs, width: number) => (
    <input
      {...described(id)}
      type="text"
      inputMode="decimal"
      autocomplete="off"
      maxLength={width}
      value={inputs[id]}
      onInput={(event) => change({ [id]: event.currentTarget.value })}
    />
  );
  const withdrawal = withdrawalOf(defaults);
  const contribution = defaults.household.flows.find((flow) => flow.amount > 0);
  const outside = defaults.tax.outside;
  const rates = summary?.tax_inputs;
  const step = RISK_AVERSIONS.findIndex((x) => String(x) === inputs.riskAversion);
  return (
    <form class="fields" aria-label="Inputs" onSubmit={(event) => event.preventDefault()}>
      <div class="fields-head">
        <h2>What if</h2>
        <button type="button" onClick={reset}>
          Back to defaults
        </button>
      </div>
      <Field
        id="withdrawal"
        label="Yearly withdrawal"
        unit="dollars a year"
        fault={faults.withdrawal}
        help={
          <>
            Taken out each January from {withdrawal?.from.slice(0, 4)} on
            {contribution && `; until then ${dollars(contribution.amount)} a year is paid in`}.
          </>
        }
        origin={`Default ${dollars(-(withdrawal?.amount ?? 0))}: an example household that starts with ${dollars(defaults.household.cash)}.`}
      >
        <div class="slider">
          <input
            {...described('withdrawal')}
            type="range"
            {...WITHDRAWAL}
            value={inputs.withdrawal}
            aria-valuetext={`${dollars(Number(inputs.withdrawal))} a year`}
            onInput={(event) => change({ withdrawal: event.currentTarget.value })}
          />
          <output for="withdrawal">{dollars(Number(inputs.withdrawal))}</output>
        </div>
      </Field>
      <Field
        id="income"
        label="Outside income"
        unit="dollars a year"
        fault={faults.income}
        help={
          rates ? (
            <>
              Taxable income without the portfolio, after deductions. Gains are taxed at the margin, state included: <b>{percent(rates.liquidation_short, 1)}</b> short-term,{' '}
              <b>{percent(rates.liquidation_long, 1)}</b> long-term.
            </>
          ) : (
            'Taxable income without the portfolio, after deductions.'
          )
        }
        origin={`Default $${count(outside.ordinary_taxable)}: an example in the top bracket, married, law of ${defaults.tax.year}.`}
      >
        {text('income', 20)}
      </Field>
      <Field
        id="stateRate"
        label="State income tax"
        unit="percent, flat"
        fault={faults.stateRate}
        help="On all of the portfolio’s taxable income and gains."
        origin={`Default ${percent(outside.state_rate, 0)}: a state without income tax.`}
      >
        {text('stateRate', 10)}
      </Field>
      <Field
        id="riskAversion"
        label="Risk aversion"
        unit="no unit"
        fault={faults.riskAversion}
        help={
          <>
            How much tracking error weighs against tax: higher stays closer to the index and harvests less.
            {summary?.arms['sma']?.tracking_error_ex_post != null && (
              <>
                {' '}
                SMA’s tracking error: <b>{percent(summary.arms['sma'].tracking_error_ex_post)}</b> a year.
              </>
            )}
          </>
        }
        origin={`Default ${defaults.trading.risk_aversion}: a judgement, not an estimate.`}
      >
        <div class="slider">
          <input
            {...described('riskAversion')}
            type="range"
            min={0}
            max={RISK_AVERSIONS.length - 1}
            step={1}
            value={step}
            aria-valuetext={inputs.riskAversion}
            onInput={(event) => change({ riskAversion: String(RISK_AVERSIONS[event.currentTarget.valueAsNumber]) })}
          />
          <output for="riskAversion">{inputs.riskAversion}</output>
        </div>
      </Field>
    </form>
  );
}
