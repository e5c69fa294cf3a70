// Cash flows over time: the plan and all other flows.

import type { Flow } from 'unisleeve';

import type { Flow as Drawn } from '../charts/flow';
import { Flows as Chart } from '../charts/flows';
import { faultAt } from '../run/faults';
import type { Editing } from './field';

const yearOf = (iso: string): number => Number(iso.slice(0, 4));

export function Flows({ editing }: { editing: Editing }) {
  const { state, change, faults } = editing;
  const { household, simulation } = state.config;
  const { start, years } = simulation.scenario;
  const first = yearOf(start);
  const last = first + Math.max(0, Math.ceil(years) - 1);
  const drawn = household.flows.map(
    ({ amount, every, from, to }): Drawn => ({
      amount,
      every,
      from: yearOf(from),
      to: to ? yearOf(to) : Math.max(last, yearOf(from)),
    }),
  );

  // Dates stay where the year did not change. A flow that lasts until the final year has no end date.
  const written = (flow: Drawn, old: Flow | undefined): Flow => {
    const from =
      old && yearOf(old.from) === flow.from ? old.from : flow.from === first ? start : `${flow.from}-01-04`;
    const next: Flow = { amount: flow.amount, every: flow.every, from };
    if (flow.every !== 'once' && flow.to < last) {
      next.to = old?.to && yearOf(old.to) === flow.to ? old.to : `${flow.to}-12-31`;
    }
    return next;
  };
  const put = (next: Drawn[]): void => {
    // Removing an entry shifts the following ones.
    const taken =
      next.length < drawn.length
        ? drawn.findIndex((flow, i) => JSON.stringify(flow) !== JSON.stringify(next[i]))
        : -1;
    const flows = next
      .filter(({ amount }) => amount !== 0)
      .map((flow, i) => written(flow, household.flows[taken >= 0 && i >= taken ? i + 1 : i]));
    change({ ...state, config: { ...state.config, household: { ...household, flows } } });
  };
  return (
    <div class="flows">
      <Chart flows={drawn} span={[first, last]} age={state.age} onChange={put} level={3} />
      <p class="fault" role="alert">
        {faultAt(faults, 'household.flows')}
      </p>
    </div>
  );
}
