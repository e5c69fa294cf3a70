// Cash in and out beside the plan: a house, a bonus, a gift, by date.

import { faultAt } from '../run/faults';
import type { Flow } from '../state/config';
import { dateOf, later, numberOf } from '../state/number';
import { otherFlows, planOf } from '../state/plan';
import type { Editing } from './field';
import { dollars } from './words';

const EVERY = [
  ['once', 'once'],
  ['month', 'every month'],
  ['year', 'every year'],
] as const;

export function Flows({ editing }: { editing: Editing }) {
  const { state, change, faults, mistype, typos } = editing;
  const { config } = state;
  const others = otherFlows(config);
  const flows = config.household.flows;
  const put = (next: Flow[]): void => change({ ...state, config: { ...config, household: { ...config.household, flows: next } } });
  const edit = (at: number, changed: Partial<Flow>): void => put(flows.map((flow, i) => (i === at ? { ...flow, ...changed } : flow)));
  const plan = planOf(config);
  const { start, years } = config.simulation.scenario;
  return (
    <div class="flows">
      <Timeline flows={flows} start={start} years={years} />
      <p class="help">
        The plan: {dollars(plan.paidIn)} a year in until {later(start, plan.yearsUntil).slice(0, 4)}, {dollars(plan.takenOut)} a year out from then on. Others:
      </p>
      {others.map(({ flow, at }) => {
        const id = `flow-${at}`;
        const fault = typos.get(`${id}-amount`) ?? typos.get(`${id}-from`) ?? faultAt(faults, `household.flows.${at}`);
        return (
          <div class="flow" key={at}>
            <select aria-label="In or out" value={flow.amount < 0 ? 'out' : 'in'} onChange={(event) => edit(at, { amount: Math.abs(flow.amount) * (event.currentTarget.value === 'out' ? -1 : 1) })}>
              <option value="in">In</option>
              <option value="out">Out</option>
            </select>
            <input
              type="text"
              inputMode="decimal"
              aria-label="Amount in dollars"
              defaultValue={String(Math.abs(flow.amount))}
              maxLength={16}
              onInput={(event) => {
                const amount = numberOf(event.currentTarget.value);
                const isBad = amount === null || amount <= 0 || amount > 1e10;
                mistype(`${id}-amount`, isBad ? 'Expected dollars above zero.' : null);
                if (!isBad) {
                  edit(at, { amount: flow.amount < 0 ? -amount : amount });
                }
              }}
            />
            <select aria-label="How often" value={flow.every} onChange={(event) => edit(at, { every: event.currentTarget.value as Flow['every'] })}>
              {EVERY.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
            <input
              type="text"
              aria-label="From this date"
              defaultValue={flow.from}
              maxLength={10}
              onInput={(event) => {
                const date = dateOf(event.currentTarget.value);
                mistype(`${id}-from`, date === null ? 'Expected a date such as 2030-06-01.' : null);
                if (date !== null) {
                  edit(at, { from: date });
                }
              }}
            />
            <button
              type="button"
              class="quiet"
              aria-label={`Remove ${dollars(flow.amount)}`}
              onClick={() => {
                mistype(`${id}-amount`, null);
                mistype(`${id}-from`, null);
                put(flows.filter((_, i) => i !== at));
              }}
            >
              {'\u00d7'}
            </button>
            <p class="fault" role="alert">
              {fault}
            </p>
          </div>
        );
      })}
      <p class="buttons">
        <button type="button" disabled={flows.length >= 40} onClick={() => put([...flows, { amount: -50_000, every: 'once', from: later(start, 3) }])}>
          Add cash in or out
        </button>
      </p>
    </div>
  );
}

/** Where flows lie in the years ahead. */
function Timeline({ flows, start, years }: { flows: readonly Flow[]; start: string; years: number }) {
  const from = Date.parse(start);
  const span = years * 365.25 * 864e5;
  const at = (iso: string): number => Math.min(100, Math.max(0, ((Date.parse(iso) - from) / span) * 100));
  const end = later(start, Math.ceil(years));
  const words = flows.map((flow) => `${dollars(flow.amount)} ${flow.every === 'once' ? 'once on' : `each ${flow.every} from`} ${flow.from}${flow.to ? ` to ${flow.to}` : ''}`);
  return (
    <div class="timeline" role="img" aria-label={`Cash in and out: ${words.join('; ') || 'none'}.`}>
      {flows.map((flow, i) => (
        <span
          key={i}
          class={flow.amount < 0 ? 'out' : 'in'}
          style={{ left: `${at(flow.from)}%`, width: flow.every === 'once' ? '3px' : `${Math.max(0.5, at(flow.to ?? end) - at(flow.from))}%` }}
        />
      ))}
      <small>{start.slice(0, 4)}</small>
      <small>{end.slice(0, 4)}</small>
    </div>
  );
}
